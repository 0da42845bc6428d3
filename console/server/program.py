"""Which program this is: a page that was loaded from another one is asked to load itself again."""

import tomllib
from hashlib import sha256

from console.settings import HERE


def _version() -> str:
    """A fingerprint of everything that pages are made of: short, and the same in every process."""
    digest = sha256((HERE / "package-lock.json").read_bytes())  # what vendor/ is made of
    for folder, pattern in (("console", "*.py"), ("models", "*.py"), ("templates", "*.html"), ("static", "*")):
        for path in sorted((HERE / folder).rglob(pattern)):
            if path.is_file() and "vendor" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _release() -> str:
    return str(tomllib.loads((HERE / "pyproject.toml").read_text())["project"]["version"])


VERSION = _version()
RELEASE = f"Siaga {_release()} ({VERSION})"  # as people say it; two that say the same are the same
