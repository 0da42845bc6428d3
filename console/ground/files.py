"""Files that an operator brings, and what is kept of them."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

LARGEST_BYTES = 64 << 20
BOUNDARIES = "boundaries.json"  # what was imported, in the data folder


class WrongFile(ValueError):
    """A file to import that is not what it should be; the message says where."""


def features(path: Path) -> Iterable[Mapping[str, Any]]:
    content = read_json(path)
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise WrongFile(f"{path.name}: not a GeoJSON FeatureCollection")
    features = content.get("features")
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise WrongFile(f"{path.name}: `features` is not a list of features")
    return features


def read_json(path: Path) -> Any:
    try:
        return json.loads(read_all(path).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, WrongFile) else WrongFile(f"{path.name}: not JSON: {error}") from error


def read_all(path: Path) -> bytes:
    """Not by what it says of its size: a pipe or a device says none, and never ends."""
    with path.open("rb") as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise WrongFile(f"{path.name}: larger than {LARGEST_BYTES >> 20} MiB")
    return content


def store(file: Path, content: object) -> None:
    """Whole or not at all: a reader never meets half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    half.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False), "utf-8")
    os.replace(half, file)
