"""An environment of its own for the servers we measure against, made at first use."""

import hashlib
import subprocess
import sys
from pathlib import Path

from console.settings import HERE
from tests.bench.report import say

FOLDER = HERE / ".tools" / "bench-venv"
PACKAGES = (
    "aiosqlite==0.22.1", "broadcaster==0.3.1", "greenlet==3.5.6", "picows==2.3.1", "python-socketio==5.18.1",
    "starlette==1.10.0", "uvicorn==0.54.0", "websockets==17.4",
)  # fmt: skip


def environment() -> str | None:
    """Its Python; None, loudly, when it cannot be had."""
    python, stamp = FOLDER / "bin" / "python", FOLDER / "stamp"
    wanted = hashlib.sha256("\n".join((sys.version, *PACKAGES)).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    say(f"installing {', '.join(PACKAGES)} into {FOLDER.relative_to(HERE)}")
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True, stdout=subprocess.DEVNULL)
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PACKAGES]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as problem:
        say(f"NO PEERS: what others would use could not be installed, so there are no ratios here ({problem})")
        return None
    stamp.write_text(wanted)
    return str(python)


def packages_folder() -> Path | None:
    """Where its packages lie."""
    return next(FOLDER.glob("lib/python*/site-packages"), None) if environment() else None
