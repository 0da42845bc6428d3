"""The demo's photographs and videos: drawn and developed once for a data folder, then only copied.

They go through the same store and the same media child as everybody's; what that made is kept in `film/`
beside the evidence, so that the next evening starts without drawing it again. Another child or another
brush makes another film.
"""

import asyncio
import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from console.demo import footage, photos
from console.evidence.children import CHILD, Killed
from console.evidence.kinds import Kind, Photo
from console.evidence.store import Store
from models.incidents.filing import Upload

FILM = "film"
REEL = (
    "KEBAKARAN-1", "KEBAKARAN-2", "KEBAKARAN-3", "CURAS_BEGAL-1", "CURAS_BEGAL-2", "LAKA-1", "CURANMOR-1",
    "BALAP_LIAR-1", "CURAT-1", "TAWURAN_GENG-1", "ORANG_HILANG-1", "KERIBUTAN-1",
    "CURAS_BEGAL-film1", "KEBAKARAN-film1", "TAWURAN_GENG-film1",
)  # fmt: skip


@dataclass(frozen=True)
class Print:
    """A picture in the store, and what the media child saw on it."""

    upload: Upload
    seen: dict[str, Any]


def prints(data_dir: Path) -> dict[str, Print]:
    """The pictures of the reel, in the store with all that is made of them. On a machine so busy that one
    could not be developed in time, that one is missing; the next start tries again."""
    store, film = Store(data_dir), data_dir / FILM / _fingerprint()
    film.mkdir(parents=True, exist_ok=True, mode=0o700)
    return asyncio.run(_all(store, film))


async def _all(store: Store, film: Path) -> dict[str, Print]:
    made = zip(REEL, await asyncio.gather(*(_print(store, film, name) for name in REEL)), strict=True)
    return {name: each for name, each in made if each}


async def _print(store: Store, film: Path, name: str) -> Print | None:
    note = film / f"{name}.json"
    if not note.exists() and not await _expose(store, film, name):
        return None
    seen = json.loads(note.read_text())
    digest = seen.pop("sha256")
    original = store.path(digest)
    if not original.exists():
        original.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for kept in sorted(film.glob(f"{digest}*"), reverse=True):  # the original last: then all the others are there
            shutil.copy(kept, original.with_name(kept.name))
    what, mime, ending = ("video", Kind.MP4, "mp4") if "-film" in name else ("photo", Kind.JPEG, "jpg")
    upload = Upload(what, f"{name.lower()}.{ending}", mime.value, original.stat().st_size, digest)
    taken_at = seen["taken_at"] and datetime.fromisoformat(seen["taken_at"])
    return Print(upload, seen | {"taken_at": taken_at})


async def _expose(store: Store, film: Path, name: str) -> bool:
    """Draw, keep and look at one, as if somebody had sent it; the note is written last."""
    kind, _, number = name.rpartition("-")
    part = store.incoming / name
    films = number.startswith("film")
    draw = footage.footage if films else photos.photo
    part.write_bytes(await asyncio.to_thread(draw, kind, int(number.removeprefix("film"))))
    received = await store.adopt(part)
    try:
        seen = await store.process(received.sha256, Kind.MP4 if films else Kind.JPEG)
    except Killed:
        return False
    if not isinstance(seen, Photo):
        return False
    for made in received.path.parent.glob(f"{received.sha256}*"):
        shutil.copy(made, film / made.name)
    facts = vars(seen) | {"sha256": received.sha256}
    draft = film / f"{name}.part"
    draft.write_text(json.dumps(facts, default=str))
    os.replace(draft, film / f"{name}.json")
    return True


def _fingerprint() -> str:
    """Of all that decides how a picture comes out."""
    children = [CHILD, *sorted(CHILD.parent.glob("film_*.py"))]
    sources = [*children, Path(footage.__file__), *sorted(Path(photos.__file__).parent.glob("*.py"))]
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
