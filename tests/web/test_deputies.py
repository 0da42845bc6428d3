"""Pejabat sementara over HTTP and over the line: open while it lasts, shut the moment it ends, by a word or by the clock."""

from datetime import timedelta
from typing import Any

import pytest

from models import viewer
from models.command.deputy import deputise, end_deputy
from models.time import local, now
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.screen import Board, screen
from tests.support.serving import Cast

SHUT = ("/duty", "/duty/journal", "/duty/shift", "/duty/figures", "/duty/replay")


def lend(cast: Cast, **long: float) -> None:
    cast.run(deputise, cast.sari, cast.hendra.id, now() + timedelta(**(long or {"hours": 1})), "Pawas ke TKP")


def codes(hendra: Asker) -> list[int]:
    return [hendra.get(path).status_code for path in SHUT]


def test_pages_are_open_while_it_lasts(cast: Cast, server: Running) -> None:
    hendra, sari = (Asker(server, cast.cookies[who]) for who in ("hendra", "sari"))
    assert codes(hendra) == [403] * len(SHUT)
    until = local(now() + timedelta(hours=2))
    said = {"until": until.strftime("%Y-%m-%dT%H:%M"), "reason": "Pawas ke TKP"}
    assert sari.post(f"/duty/staff/{cast.hendra.id}/deputy", data=said).status_code == 303
    assert codes(hendra) == [200] * len(SHUT)
    assert f"Pejabat sementara sampai {until:%H:%M}" in hendra.get("/duty").text
    assert "menjadikan Aipda Hendra Siregar pejabat sementara" in sari.get("/duty/journal").text
    assert hendra.get("/duty/staff").status_code == 403  # nobody else's door
    assert "Pintu petugas" in sari.get("/duty").text and "Pintu petugas" not in hendra.get("/duty").text
    assert hendra.post(f"/duty/staff/{cast.ratna.id}/deputy", data=said).status_code == 403
    assert hendra.post(f"/duty/staff/{cast.hendra.id}/deputy/end").status_code == 303
    assert codes(hendra) == [403] * len(SHUT)


def test_what_is_wrong_with_it_stands_beside_its_field(cast: Cast, server: Running) -> None:
    sari = Asker(server, cast.cookies["sari"])
    for said in ({"until": "kemarin", "reason": "sakit"}, {"until": "2020-01-01T07:00", "reason": "sakit"}):
        answer = sari.post(f"/duty/staff/{cast.hendra.id}/deputy", data=said)
        assert answer.status_code == 422 and "Paling lama 12 jam" in answer.text
        assert '<details open class="deputy">' in answer.text  # where it is said can be seen


@pytest.mark.parametrize("way", ["a word", "the clock"])
def test_live_sight_ends_at_once(cast: Cast, server: Running, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk and the console that were open close, and what is about officers is on the next page no more."""
    about = cast.file(category="OKNUM")
    hendra = Asker(server, cast.cookies["hendra"])
    lend(cast, minutes=5)
    board = Board.of(hendra.get("/duty").text)
    assert f"incident-{about.id}" in board.cards
    with (
        screen(server.ws, board, view="duty", cookie=hendra.cookie) as desk,
        screen(server.ws, board, view="console", cookie=hendra.cookie) as console,
    ):
        later = cast.file(category="OKNUM")
        for one in (desk, console):
            one.until(lambda board: f"incident-{later.id}" in board.cards)
        if way == "a word":
            cast.run(end_deputy, cast.sari, cast.hendra.id)
        else:
            monkeypatch.setattr(viewer, "now", lambda: now() + timedelta(minutes=6))
        assert desk.closed() == console.closed() == 4401
    assert hendra.get("/duty").status_code == 403
    assert not {f"incident-{about.id}", f"incident-{later.id}"} & set(Board.of(hendra.get("/console").text).cards)


def test_the_screen_of_an_officer_starts_anew_as_a_supervisors(cast: Cast, server: Running) -> None:
    hendra = Asker(server, cast.cookies["hendra"])
    board = Board.of(hendra.get("/console").text)
    with screen(server.ws, board, view="console", cookie=hendra.cookie) as console:
        lend(cast)
        assert console.closed() == 4401
    about: Any = cast.file(category="OKNUM")
    assert f"incident-{about.id}" in Board.of(hendra.get("/console").text).cards
