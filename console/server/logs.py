"""The log: time, level, name and what is said, a line each; JSON where SIAGA_LOG_FORMAT asks for it."""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from console.settings import Settings

OURS = ("console", "models")
SELDOM_SECONDS = 60
WORDINGS = 100  # a library has a few; one that writes a value into each has no more than these
CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def configure(settings: Settings) -> None:
    """Ours from SIAGA_LOG_LEVEL on; libraries when something is wrong with them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if settings.log_format == "json" else Line())
    handler.addFilter(Seldom())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())


class Seldom(logging.Filter):
    """What a library says of each stranger's nonsense is said once a minute, and how often: nobody fills the disk so."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], tuple[float, int]] = {}  # by its wording

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] in OURS or record.exc_info:
            return True
        wording, now = (record.name, str(record.msg)), time.monotonic()
        since, missed = self._said.get(wording, (-SELDOM_SECONDS, 0))
        if now - since < SELDOM_SECONDS:
            self._said[wording] = since, missed + 1
            return False
        if len(self._said) >= WORDINGS:
            self._said.clear()
        self._said[wording] = now, 0
        if missed:
            record.msg, record.args = f"{record.getMessage()} ({missed} more since)", None
        return True


class Line(logging.Formatter):
    """2026-11-29T18:04:05Z WARNING console.wire: the wire is down. Whatever was typed into it, it stays one line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.translate(CONTROL)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        """Set in, so that nothing that an error quotes looks like a line of its own."""
        return "\n".join(f"  {line.translate(CONTROL)}" for line in super().formatException(ei).splitlines())


class Json(logging.Formatter):
    """One object a line; a traceback lies in it."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "name": record.name, "process": record.process, "message": record.getMessage(),
        }  # fmt: skip
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
