"""Supervisors' browsers are called beside their phones: without a word of what waits, and told of only as it was."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from console.bell import Bell
from console.outbox.push import Push
from console.outbox.sender import Sender
from console.settings import Settings
from models.command.ladder import climb, due_rungs
from models.errors import NotAllowed, NotFound, WrongValue
from models.incidents.exercise import start_exercise
from models.people.called import CalledBrowser, be_called, be_left, called_browsers, forget_called
from models.people.officers import Officer
from models.people.sessions import SignIn, sign_in
from models.record.outbox import Parcel
from models.time import now
from models.viewer import Viewer
from tests.outbox.test_ladder import LADDER, PAWAS, Night, _AtThatTime, _drill, night_of
from tests.support.law import Law
from tests.support.push_service import Browser, PushService, push_service


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture
def night(law: Law, tmp_path: Path) -> Iterator[Night]:
    with night_of(law, tmp_path) as night:
        yield night


def inside(night: Night, seat: str = "s1") -> Viewer:
    night.law.run(lambda s: sign_in(s, s.get_one(Officer, night.law.sari.id), seat) and None)
    sari = night.law.sari
    return Viewer(sari.role, sari.id, "id", sari.name, session=seat)


def phone(night: Night, service: PushService, seat: str = "s1") -> Browser:
    browser = service.browser()
    night.law.run(be_called, inside(night, seat), *browser.keys, "Chrome/131 Android")
    return browser


def push(night: Night, second: float) -> None:
    channel = Push(Settings(data_dir=night.settings.data_dir, push_hosts="127.0.0.1"))
    sender = Sender(None, _AtThatTime(night, second), Bell(), channel)  # type: ignore[arg-type]

    async def deliver() -> None:
        with ThreadPoolExecutor(2) as pool:
            while await sender.deliver(channel, pool):
                pass

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, deliver()).result(30)


def test_both_ways_go_and_the_diary_says_what_the_push_service_said(night: Night, service: PushService) -> None:
    mine, incident = phone(night, service), night.file()
    assert night.tick(61) == [PAWAS]
    push(night, 61)
    assert mine.heard == [{}]  # no category, no place, no name, no number
    assert mine.pushes[0].headers["urgency"] == "high"
    said = "Notifikasi ke AKP Sari Ginting, Chrome, Android diterima layanan push: belum ada yang mengambil"
    assert [line for line in night.diary(incident) if "Notifikasi" in line] == [said]
    assert sum("Pesan ke" in line for line in night.diary(incident)) == 1
    night.tick(62)
    push(night, 62)
    assert len(mine.heard) == 1  # once for each rung


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_its_service_knows_no_more_is_said_and_ends(
    night: Night, service: PushService, status: int
) -> None:
    mine, incident = phone(night, service), night.file()
    mine.answers.append((status, {}))
    night.tick(61)
    push(night, 61)
    assert any("gagal, langganan browser itu sudah berakhir" in line for line in night.diary(incident))
    assert night.law.read(called_browsers, night.law.sari.id) == []
    with pytest.raises(WrongValue):
        night.law.run(be_called, inside(night, "s2"), *mine.keys)


def test_who_left_is_called_no_more_whatever_ended_it(night: Night, service: PushService) -> None:
    """Signed out, shut out, retired, no supervisor any more, or too long ago: also between the rung and the push."""
    law, mine, incident = night.law, phone(night, service), night.file()
    sari = law.sari.id

    def living() -> int:
        return len(law.read(called_browsers, sari))

    for name, value, back in (("active", False, True), ("role", "officer", "supervisor")):
        law.run(lambda s, name=name, value=value: setattr(s.get_one(Officer, sari), name, value))  # type: ignore[misc]
        assert living() == 0
        law.run(lambda s, name=name, back=back: setattr(s.get_one(Officer, sari), name, back))  # type: ignore[misc]
        assert living() == 1
    night.tick(61)
    law.run(lambda s: s.delete(s.get_one(SignIn, "s1")))
    push(night, 62)
    assert mine.heard == [] and living() == 0
    assert any("tidak ada lagi yang masuk di browser itu" in line for line in night.diary(incident))
    law.run(forget_called)
    assert law.read(lambda s: s.exec(select(CalledBrowser)).all()) == []


def test_what_was_taken_meanwhile_calls_nobody(night: Night, service: PushService) -> None:
    mine, incident = phone(night, service), night.file()
    for id, rung in night.at(61, due_rungs, LADDER):
        night.at(61, climb, LADDER, id, rung)
    night.law.take(incident, "claim", night.law.hendra)
    push(night, 62)
    assert mine.heard == []


def test_of_an_exercise_it_says_so(night: Night, service: PushService) -> None:
    mine = phone(night, service)
    night.start = now()
    night.at(0, start_exercise, night.law.sari, "Kebakaran pasar", 60)
    night.law.run(lambda s: _drill(s, night))
    night.tick(61)
    push(night, 61)
    assert mine.heard == [{"exercise": True}]


def test_only_supervisors_are_called_and_each_ends_their_own(night: Night, service: PushService) -> None:
    law, mine = night.law, phone(night, service)
    with pytest.raises(NotAllowed):
        law.run(be_called, law.hendra, *service.browser().keys)
    (row,) = law.read(called_browsers, law.sari.id)
    with pytest.raises(NotFound):
        law.run(be_left, Viewer(law.sari.role, law.dewi.id), "", row.id)
    law.run(be_left, law.sari, "", row.id)
    assert law.read(called_browsers, law.sari.id) == [] and mine.heard == []


def test_a_session_that_ran_out_is_nobody(night: Night, service: PushService) -> None:
    phone(night, service)
    night.law.run(lambda s: setattr(s.get_one(SignIn, "s1"), "expires_at", now() - timedelta(seconds=1)))
    assert night.law.read(called_browsers, night.law.sari.id) == []
    assert night.law.read(lambda s: s.exec(select(Parcel)).all()) == []
