"""Every picture of Pillow's own tests: good ones, odd ones, and those that once crashed it.

They are in the source of the very Pillow that is locked, 47 MB from the package registry: fetched once, kept in
`.tools/` and held to the lock's hashes.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools"
PINNED = re.compile(r"^pillow==(\S+) \\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE)


def pictures() -> Iterator[tuple[str, bytes]]:
    """(name, content) of every file below Tests/images."""
    with tarfile.open(source()) as tar:
        for member in tar:
            name = member.name.partition("/Tests/images/")[2]
            if name and (file := tar.extractfile(member)):
                yield name, file.read()


def source() -> Path:
    pinned = PINNED.search((ROOT / "requirements-dev.lock").read_text())
    assert pinned, "requirements-dev.lock names no Pillow"
    kept = TOOLS / f"pillow-{pinned[1]}.tar.gz"
    if not kept.exists():
        _fetch(pinned[0], kept)
    with kept.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() in pinned[0], f"{kept} is not the locked one: remove it"
    return kept


def _fetch(requirement: str, kept: Path) -> None:
    TOOLS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        lock = Path(folder, "requirements.txt")
        lock.write_text(requirement)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=pillow"]
        command = [*pip, "--require-hashes", f"--dest={folder}", f"--requirement={lock}"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, (
            "Pillow's source (47 MB, needed once) cannot be fetched from the package registry; "
            f"is there a network?\n{done.stderr}"
        )
        Path(folder, kept.name).replace(kept)
