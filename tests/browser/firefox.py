"""A real Firefox, driven over WebDriver BiDi: the one browser whose push service can be one of our own.

Found at SIAGA_FIREFOX or where it is installed; in CI (SIAGA_REQUIRE_BROWSER=1, root) installed by apt-get. Without
one its tests are skipped with a loud line, in CI too: not every machine's packages have it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.patience import PATIENCE_SECONDS

INSTALLED = ("firefox-esr", "firefox")
MISSING = "NO FIREFOX TESTS: no Firefox here. Mend it with: apt-get install firefox-esr (or set SIAGA_FIREFOX)"
INSTALL_SECONDS = 600
QUIET = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": False,  # what Firefox sets for automation: among it, no pushes
    "toolkit.telemetry.enabled": False,
}


def find() -> str | None:
    chosen = os.environ.get("SIAGA_FIREFOX")
    named = [chosen] if chosen else INSTALLED
    return next((path for name in named if (path := shutil.which(name)) and _runs(path)), None)


def install() -> None:
    """apt-get install firefox-esr, if that can be done here; says so if not."""
    if find():
        return
    print("looking for a Firefox: apt-get install firefox-esr", flush=True)
    try:
        if os.geteuid() != 0:
            raise ValueError("only root may")
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "firefox-esr"]):
            subprocess.run(
                ["apt-get", "--quiet", *command], check=True, timeout=INSTALL_SECONDS, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )  # fmt: skip
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        print(f"  no: {problem}\n\n{MISSING}\n", file=sys.stderr, flush=True)


def _runs(path: str) -> bool:
    try:
        return not subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


class Firefox:
    """One browser. A tab is its BiDi context id."""

    def __init__(self, line: ClientConnection):
        self._line, self._number = line, 0

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            said: dict[str, Any] = json.loads(self._line.recv(PATIENCE_SECONDS))
            if said.get("id") == self._number:
                assert said["type"] == "success", said
                return dict(said["result"])

    def open(self, url: str) -> str:
        tab: str = self.ask("browsingContext.create", type="tab")["context"]
        self.ask("browsingContext.navigate", context=tab, url=url, wait="complete")
        return tab

    def close(self, tab: str) -> None:
        self.ask("browsingContext.close", context=tab)

    def sign_in(self, url: str, cookie: str) -> None:
        name, _, value = cookie.partition("=")
        host = url.split("://")[1].partition(":")[0]
        kept = {"name": name, "value": {"type": "string", "value": value}, "domain": host, "path": "/"}
        self.ask("storage.setCookie", cookie=kept)

    def evaluate(self, tab: str, script: str) -> Any:
        """The JSON of what a script (an expression, or a promise of one) comes to, as if somebody had clicked."""
        answer = self.ask(
            "script.evaluate", expression=f"Promise.resolve({script}).then(x => JSON.stringify(x ?? null))",
            target={"context": tab}, awaitPromise=True, userActivation=True,
        )  # fmt: skip
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])


@contextmanager
def firefox(path: str, folder: Path, prefs: dict[str, Any]) -> Iterator[Firefox]:
    folder.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in (QUIET | prefs).items()]
    (folder / "user.js").write_text("\n".join(lines))
    command = [
        path,
        "--headless",
        "--no-remote",
        "--profile",
        str(folder),
        "--remote-debugging-port",
        "0",
        "about:blank",
    ]
    home = {"HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ | home
    ) as process:
        assert process.stderr
        try:
            found = (re.search(r"WebDriver BiDi listening on (ws://\S+)", line) for line in process.stderr)
            url = next((match[1] for match in found if match), None)
            assert url, "Firefox did not start"
            with connect(f"{url}/session", proxy=None, max_size=None, open_timeout=PATIENCE_SECONDS) as line:
                browser = Firefox(line)
                browser.ask("session.new", capabilities={})
                yield browser
        finally:
            process.kill()
