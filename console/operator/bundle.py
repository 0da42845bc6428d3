"""One file that sets up Siaga on a machine without registries: the program, its packages by hash, what browsers fetch.

The packages are those of this machine's kind and Python: what was made elsewhere is refused by run.sh, in a sentence.
"""

import platform
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from console.settings import HERE

PARTS = (
    "console", "models", "templates", "static", "docs", "run.sh", "babel.cfg", "pyproject.toml", "package.json",
    "package-lock.json", "requirements.lock", "requirements-build.lock", "requirements-node.lock",
    "deploy", "Containerfile", ".dockerignore", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "DECISIONS.md", "SECURITY.md", "LICENSE",
)  # fmt: skip
INSIDE, WHEELS, FOR = "siaga", ".tools/wheels", "for"
DONE = """{file}: {size:.0f} MiB, for {kind}. On such a machine, with Python and its venv but no registry:

    tar -xzf {name} && cd {inside} && ./run.sh"""


def kind() -> str:
    """As run.sh says it."""
    return f"Python {sys.version_info[0]}.{sys.version_info[1]}, {platform.system()} {platform.machine()}"


def make(target: Path) -> str:
    half = target.with_name(f"{target.name}.half")
    with tempfile.TemporaryDirectory(prefix="siaga-bundle-") as name:
        wheels = Path(name) / "wheels"
        fetch(Path(name), wheels)
        (wheels / FOR).write_text(kind())
        with tarfile.open(half, "w:gz", compresslevel=1) as tar:
            for part in PARTS:
                tar.add(HERE / part, f"{INSIDE}/{part}", filter=_ours)
            tar.add(wheels, f"{INSIDE}/{WHEELS}", filter=_ours)
    half.replace(target)
    size = target.stat().st_size / 2**20
    return DONE.format(file=target, size=size, kind=kind(), name=target.name, inside=INSIDE)


def fetch(scratch: Path, wheels: Path) -> None:
    """Every package of the lock by its hash, and what builds the one without a wheel; this pip keeps to itself."""
    python = scratch / "venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", scratch / "venv"], check=True)
    pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check")
    for lock in ("requirements-build.lock", "requirements.lock"):
        by_hash = ("--require-hashes", "-r", HERE / lock)
        if lock == "requirements-build.lock":
            subprocess.run([*pip, "install", *by_hash], check=True)
        subprocess.run([*pip, "download", "--no-build-isolation", "--dest", wheels, *by_hash], check=True)


def _ours(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Nobody's files in particular, and nothing that Python made on its way."""
    if "__pycache__" in entry.name:
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
