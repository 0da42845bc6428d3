"""Receipts of alarms over real sockets: a burst is one write, nothing is lost to a kill, nobody else is heard."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from console.live.receipts import BURST, Allowance, read, sound_of
from console.live.socket import SPOKEN_LIMIT
from models.incidents.alarms import Alarm, Silent
from models.incidents.incident import Incident
from models.people.officers import Presence
from tests.live.test_socket import code_of
from tests.support.house import House, dial, wait_until
from tests.support.serving import Cast, Child, cast_of, child


def answer(*incidents: Incident, sounded: int = -1, why: str = "") -> str:
    alarms = [[row.id, int(row.opened_at.timestamp() * 1000), 5, sounded, why, False] for row in incidents]
    return json.dumps({"alarms": alarms})


def stored(read: Callable[..., Any]) -> list[Alarm]:
    return list(read(lambda session: session.exec(select(Alarm).order_by(col(Alarm.id))).all()))


def filed(house: House, count: int) -> list[Incident]:
    ids = [house.file(house.ann, f"Nomor {n}") for n in range(count)]
    return [house.read(lambda session, id: session.get_one(Incident, id), id) for id in ids]


def test_a_burst_of_forty_is_one_message_and_one_write(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house = sqlite_house
    writes: list[int] = []
    run = house.writer.run

    async def counting(function: Any, *arguments: Any) -> Any:
        if function.__name__ == "note_receipts":
            writes.append(len(arguments[0]))
        return await run(function, *arguments)

    monkeypatch.setattr(house.writer, "run", counting)
    burst = filed(house, 40)
    with house.server() as server, dial(server, house.cookie_andi) as andi, dial(server, house.cookie_budi) as budi:
        andi.send(answer(*burst, sounded=3))
        budi.send(answer(*burst, why="hushed"))
        wait_until(lambda: len(stored(house.read)) == 80)
    assert sum(writes) == 80 and len(writes) <= 2  # within the same second, or just across its end
    assert {(row.officer_id, bool(row.sounded_at), row.silent) for row in stored(house.read)} == {
        (house.andi.id, True, ""),
        (house.budi.id, False, Silent.HUSHED),
    }


@pytest.mark.parametrize("who", ["ann", "wall", "dewi"])
def test_nobody_but_consoles_is_heard(sqlite_house: House, who: str) -> None:
    house = sqlite_house
    (incident,) = filed(house, 1)
    view = {"ann": "citizen", "wall": "wall", "dewi": "agency"}[who]
    cookie = house.cookie(getattr(house, who))
    with house.server() as server, dial(server, cookie, f"/live?view={view}&after=0") as line:
        for _ in range(SPOKEN_LIMIT + 1):
            line.send(answer(incident, sounded=1))
        assert code_of(line) == 1008
    assert stored(house.read) == []


@pytest.mark.parametrize(
    "said",
    [
        "", "{}", "[]", "claim", '{"alarms": []}', '{"alarms": [[1, 2, 3, 4, "loud", false]]}', '{"alarms": [[1]]}',
        '{"alarms": [[0, 0, 0, 0, "", false]]}', '{"alarms": [[99999999999, 0, 0, 0, "", false]]}',
        '{"alarms": [[1, 0, 0, 999999999, "", false]]}', '{"alarms": [[1, 0, 0, 0, "", false]], "step": "claim"}',
        json.dumps({"alarms": [[1, 0, 0, 0, "", False]] * 201}),
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_none(said: str) -> None:
    assert read(said) == []


def test_a_console_may_answer_as_often_as_alarms_come_and_no_more() -> None:
    at = [0.0]
    allowance = Allowance(lambda: at[0])
    assert [allowance.spend() for _ in range(BURST + 1)] == [True] * BURST + [False]
    at[0] += BURST
    for _ in range(90_000):  # a day of one a second
        at[0] += 1.0
        assert allowance.spend()


def test_what_a_killed_server_had_not_written_is_said_anew(database_url: str, tmp_path: Path, redis_url: str) -> None:
    """A console says what it had again on its next line (static/js/receipts.js): each alarm stands there once."""
    with cast_of(database_url, redis_url) as cast:
        first, second = cast.file(), cast.file()
        with child(cast, tmp_path / "a", redis_url) as server, line_of(cast, server) as line:
            line.send(answer(first, sounded=2))
            wait_until(lambda: len(stored(cast.read)) == 1)
            line.send(answer(second, sounded=2))
            server.kill()
        kept = len(stored(cast.read))
        with child(cast, tmp_path / "a", redis_url) as server, line_of(cast, server) as line:
            line.send(answer(first, second, sounded=9))
            wait_until(lambda: len(stored(cast.read)) == 2)
        assert kept in (1, 2)
        assert {row.incident_id for row in stored(cast.read)} == {first.id, second.id}


def line_of(cast: Cast, server: Child) -> Any:
    return dial(server, cast.cookies["hendra"])  # type: ignore[arg-type]


def test_whether_its_sound_runs_is_said_by_the_console_and_ends_with_its_line(sqlite_house: House) -> None:
    house = sqlite_house

    def heard() -> list[bool]:
        rows = house.read(lambda session: session.exec(select(Presence)).all())
        return [bool(row.heard_at) for row in rows]

    with (
        house.server() as server,
        dial(server, house.cookie_andi, f"/live?view=console&after=0&epoch={house.hub.epoch}") as andi,
    ):
        wait_until(lambda: heard() == [False])  # open, and mute for all anybody knows
        andi.send('{"sound": true}')
        wait_until(lambda: heard() == [True])
        andi.send('{"sound": false}')
        wait_until(lambda: not house.hub._sounding)
        andi.send('{"sound": true}')
        wait_until(lambda: house.hub._sounding)
        andi.close()
        wait_until(lambda: not house.hub._sounding)


@pytest.mark.parametrize("said", ["", '{"sound": 1}', '{"sound": "on"}', '{"sound": true, "step": "claim"}', "true"])
def test_what_says_nothing_of_the_sound(said: str) -> None:
    assert sound_of(said) is None
