"""The log: a line for each thing said, for people or for machines; whatever lasts is said twice, not a thousand times."""

import json
import logging
from collections.abc import Iterator

import pytest

from console.server.logs import WORDINGS, Json, Line, Seldom, configure
from console.server.trouble import Trouble
from console.settings import Settings, WrongSettings


def record(message: str, *given: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, None) if error else None
    made = logging.LogRecord("console.wire", logging.WARNING, "wire.py", 1, message, given, trace)
    made.created = 1795953845.0
    return made


def test_a_line_says_when_how_grave_and_who() -> None:
    assert Line().format(record("the wire is down: %s", "gone")) == (
        "2026-11-29T12:04:05Z WARNING console.wire: the wire is down: gone"
    )


def test_nothing_typed_begins_a_line_of_its_own() -> None:
    typed = "x\n2026-11-29T12:04:05Z INFO console.wire: all is well\x1b[2K\x9b\u2028"
    said = Line().format(record("GET %s", typed))
    assert len(said.splitlines()) == 1 and "\x1b" not in said and "\\x0a2026" in said


def test_nothing_an_error_quotes_begins_a_line_of_its_own() -> None:
    made = record("a look failed")
    made.exc_info = (ValueError, ValueError("x\n2026-11-29T12:04:05Z INFO console.wire: all is well\x1b[2K"), None)
    _, *trace = Line().format(made).splitlines()
    assert trace[0].startswith("  ValueError: x") and trace[1].startswith("  2026") and "\x1b" not in trace[1]


def test_what_a_library_says_of_every_stranger_is_said_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    seldom, clock = Seldom(), [0.0]
    monkeypatch.setattr("console.server.logs.time.monotonic", lambda: clock[0])

    def say(name: str, message: str, *given: object) -> str:
        made = record(message, *given)
        made.name = name
        return made.getMessage() if seldom.filter(made) else ""

    assert [say("uvicorn.error", "no request: %s", n) for n in range(9)] == ["no request: 0", *[""] * 8]
    assert say("uvicorn.error", "another") == "another"
    assert [say("console.wire", "down") for _ in range(2)] == ["down"] * 2
    clock[0] = 61.0
    assert say("uvicorn.error", "no request: %s", "5 %") == "no request: 5 % (8 more since)"
    assert say("uvicorn.error", "no request: %s", 10) == ""
    for n in range(1000):
        say("asyncio", f"an odd thing {n}")
    assert len(seldom._said) <= WORDINGS


def test_a_machine_gets_one_object_a_line_and_the_trace_in_it() -> None:
    try:
        raise ValueError("no\nsuch")
    except ValueError as error:
        made = record("a look failed", error=error)
        made.exc_info = (ValueError, error, error.__traceback__)
    said = Json().format(made)
    told = json.loads(said)
    assert "\n" not in said and told["time"] == "2026-11-29T12:04:05.000+00:00"
    assert (told["level"], told["name"], told["message"]) == ("WARNING", "console.wire", "a look failed")
    assert "ValueError: no\nsuch" in told["trace"]


@pytest.fixture
def loggers() -> Iterator[None]:
    """As they were."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("console", "models")]
    before = root.handlers[:], root.level, [one.level for one in ours]
    yield
    root.handlers[:], root.level = before[:2]
    for one, level in zip(ours, before[2], strict=True):
        one.setLevel(level)


def test_libraries_speak_when_something_is_wrong_and_we_from_the_level_that_is_set(
    loggers: None, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(Settings(log_level="debug", log_format="json"))
    logging.getLogger("alembic.runtime").info("Context impl SQLiteImpl.")
    logging.getLogger("console.web").debug("here")
    logging.getLogger("uvicorn.error").error("there")
    said = [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()]
    assert said == ["here", "there"]
    with pytest.raises(WrongSettings, match="SIAGA_LOG_LEVEL is 'loud'"):
        Settings(log_level="loud")


def test_what_lasts_is_said_when_it_begins_when_it_turns_and_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    trouble = Trouble(logging.getLogger("console.test"), "it goes on")
    trouble.ends()
    for error in (OSError("away"), OSError("still away"), ValueError("nonsense"), ValueError("nonsense")):
        trouble.begins(error, "it stands: %s", error)
    trouble.ends()
    trouble.ends()
    said = [(one.getMessage(), bool(one.exc_info)) for one in caplog.records]
    assert said == [("it stands: away", True), ("it stands: nonsense", True), ("it goes on", False)]
