"""The ladder: who is told that something waits, at which second, once; and what the diary says of it was so."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from console.bell import Bell
from console.door.sealing import seal
from console.outbox.messages import Message
from console.outbox.sender import Sender
from console.pages.diary import diary
from console.settings import Settings
from models.command.audit import audit
from models.command.calling import Rung, Telling, overdue, run_out
from models.command.ladder import Ladder, climb, due_rungs
from models.command.members import Function, Member
from models.incidents.alarms import look_at
from models.incidents.exercise import end_exercise, start_exercise
from models.incidents.filing import Filing, file
from models.incidents.incident import Incident
from models.people.officers import note_presence
from models.record.event import Event
from models.record.outbox import LEASE, Parcel
from models.time import as_of
from tests.support.gateway import Gateway, gateway
from tests.support.law import BABURA, KEY, PLACES, Law

PAWAS, COMMAND = "+6281122223333", "+6281100000110"
LADDER = Ladder({1: (45, 60, 180), 2: (120, 180, 360)})
P1, P2 = "CURAS_BEGAL", "CURANMOR"


class Night:
    """The law at a given second, with a gateway of our own; the sender is the real one."""

    start: datetime | None

    def __init__(self, law: Law, post: Gateway, folder: Path):
        self.law, self.post, self.start = law, post, None
        self.settings = Settings(data_dir=folder, secret_key=KEY.decode(), notify=post.url, duty_phone=COMMAND)
        self.message = Message(self.settings)
        law.run(self._enlist)

    def _enlist(self, session: Session) -> None:
        own = {"nrp": "79010101", "rank": "AKP", "name": "Sari Ginting", "function": Function.SPKT, "station_id": 1}
        session.add(Member(**own, officer_id=self.law.sari.id, phone=seal(KEY, {"phone": PAWAS})))

    def at(self, second: float, function: Any, *arguments: Any) -> Any:
        def then(session: Session) -> Any:
            assert self.start
            with as_of(self.start + timedelta(seconds=second)):
                return function(session, *arguments)

        return self.law.run(then)

    def file(self, category: str = P1) -> Incident:
        """The first begins the night."""
        incident = self.law.file(category=category)
        self.start = self.start or incident.opened_at
        return incident

    def tick(self, second: float) -> list[str]:
        """What the clock finds due then, climbed; and what leaves."""
        for id, rung in self.at(second, due_rungs, LADDER):
            self.at(second, climb, LADDER, id, rung)
        return self.leaves(second)

    def leaves(self, second: float) -> list[str]:
        """Who of those on the ladder was rung up; a reporter may be, too."""
        sender = Sender(None, _AtThatTime(self, second), Bell(), self.message)  # type: ignore[arg-type]

        async def deliver() -> None:
            with ThreadPoolExecutor(2) as pool:
                while await sender.deliver(self.message, pool):
                    pass

        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, deliver()).result(30)
        heard = []
        while not self.post.heard.empty():
            heard.append(self.post.heard.get()["to"])
        return [to for to in heard if to in (PAWAS, COMMAND)]

    def diary(self, incident: Incident) -> list[str]:
        lines = self.law.read(lambda s: diary(s, s.get_one(Incident, incident.id), self.law.hendra))
        return [line.words for line in reversed(lines) if line.step == "alert"]


class _AtThatTime:
    """The writer, as of that second."""

    def __init__(self, night: Night, second: float):
        self._night, self._second = night, second

    async def run(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.to_thread(self._night.at, self._second, function, *arguments)


@contextmanager
def night_of(law: Law, folder: Path) -> Iterator[Night]:
    with gateway() as post:
        yield Night(law, post, folder)


@pytest.fixture
def night(law: Law, tmp_path: Path) -> Iterator[Night]:
    with night_of(law, tmp_path) as night:
        yield night


def test_each_rung_at_its_second_and_none_before(night: Night) -> None:
    incident = night.file()
    night.at(40, note_presence, [night.law.sari.id])
    assert night.tick(44.9) == [] and night.diary(incident) == []
    assert night.tick(45) == [] and night.diary(incident) == ["Meja Pawas dibunyikan"]
    assert night.law.incident(incident.id).alerted_at
    assert night.tick(59.9) == []
    assert night.tick(60) == [PAWAS]
    assert night.tick(60) == [] and night.tick(179.9) == []
    assert night.tick(180) == [COMMAND] and night.tick(900) == []
    assert night.diary(incident)[1:] == [
        "Pesan ke AKP Sari Ginting terkirim: belum ada yang mengambil",
        "Pesan ke piket komando terkirim: belum ada yang mengambil",
    ]
    assert night.law.read(audit, [KEY]) == []


def test_a_look_ends_the_desks_rung_and_only_a_claim_ends_the_phones(night: Night) -> None:
    looked, taken = night.file(), night.file()
    night.at(9, look_at, replace(night.law.hendra, session="a" * 64), looked.id)
    night.at(50, lambda s: s.get_one(Incident, taken.id).take("claim", night.law.hendra))
    assert night.tick(60) == [PAWAS]
    assert night.law.incident(looked.id).alerted_at is None
    assert night.diary(looked) == ["Pesan ke AKP Sari Ginting terkirim: belum ada yang mengambil"]
    assert night.diary(taken) == []


def test_what_is_taken_before_the_message_leaves_wakes_nobody(night: Night) -> None:
    incident = night.file()
    for id, rung in night.at(60, due_rungs, LADDER):
        night.at(60, climb, LADDER, id, rung)
    night.at(60, lambda s: s.get_one(Incident, incident.id).take("claim", night.law.hendra))
    assert night.leaves(60) == []
    assert "Pesan" not in " ".join(night.diary(incident))


def test_two_clocks_climb_each_rung_once(night: Night) -> None:
    incident = night.file()
    found = [night.at(60, due_rungs, LADDER) for _ in range(2)]
    assert found[0] == found[1] == [(incident.id, Rung.DESK), (incident.id, Rung.LEAD)]
    for due in found:
        for id, rung in due:
            night.at(60, climb, LADDER, id, rung)
    assert len(night.law.read(lambda s: s.exec(select(Telling)).all())) == 2
    assert night.leaves(60) == [PAWAS]


def test_a_sender_that_was_killed_leaves_it_to_the_next_one(night: Night) -> None:
    incident = night.file()
    for id, rung in night.at(60, due_rungs, LADDER):
        night.at(60, climb, LADDER, id, rung)
    from console.outbox.sender import _take

    assert len(night.at(60, _take, night.message)) == 1  # and dies before it sends
    assert night.leaves(61) == []  # it is still the other's
    assert night.leaves(60 + LEASE.total_seconds()) == [PAWAS]
    assert night.leaves(200) == [] and len(night.diary(incident)) == 2


@pytest.mark.parametrize("end", ["taken", "ran out", "refused"])
def test_what_may_have_arrived_before_a_sender_was_killed_is_neither_sent_nor_spared(night: Night, end: str) -> None:
    """The first try may have woken somebody. That a later one was not wanted, or failed, says nothing of it."""
    incident = night.file()
    for id, rung in night.at(60, due_rungs, LADDER):
        night.at(60, climb, LADDER, id, rung)
    from console.outbox.sender import _take

    assert len(night.at(60, _take, night.message)) == 1  # and dies, nobody knows when
    free = 60 + LEASE.total_seconds()
    if end == "taken":
        night.at(70, lambda s: s.get_one(Incident, incident.id).take("claim", night.law.hendra))
        assert night.leaves(free) == []
    if end == "refused":
        night.post.answers = [500] * 20
        for second in (free, 150, 200, 300, 420, 560, 600):
            night.leaves(second)
    for id in night.at(661, overdue):
        night.at(661, run_out, id)
    said = [line for line in night.diary(incident) if "Pesan" in line]
    assert said == ["Pesan ke AKP Sari Ginting mungkin sampai: jawabannya tidak tercatat"]


def test_what_failed_is_said_and_why(night: Night) -> None:
    night.post.answers = [500] * 20
    incident = night.file()
    assert night.tick(60) == [PAWAS]
    assert [line for line in night.diary(incident) if "Pesan" in line] == []  # it is tried again
    for second in (75, 110, 200, 400, 640):
        night.tick(second)
    for id in night.at(661, overdue):
        night.at(661, run_out, id)
    said = night.diary(incident)
    assert any(line.startswith("Pesan ke Pawas gagal, ") and line.endswith(": AKP Sari Ginting") for line in said)
    assert not any("terkirim" in line for line in said)


def test_where_nobody_has_a_number_that_is_what_the_diary_says(night: Night) -> None:
    night.law.run(lambda s: setattr(s.exec(select(Member)).one(), "phone", ""))
    night.message = Message(night.settings.model_copy(update={"duty_phone": ""}))
    incident = night.file()
    assert night.tick(180) == []
    assert set(night.diary(incident)) == {
        "Meja Pawas dibunyikan, tetapi kosong",
        "Pesan ke Pawas gagal, tidak ada nomor yang tercatat",
        "Pesan ke piket komando gagal, tidak ada nomor yang tercatat",
    }


def test_a_case_that_waits_again_climbs_anew_and_each_priority_has_its_own(night: Night) -> None:
    first, second = night.file(P1), night.file(P2)
    assert night.tick(60) == [PAWAS]
    night.at(70, lambda s: s.get_one(Incident, first.id).take("claim", night.law.hendra))
    night.at(80, lambda s: s.get_one(Incident, first.id).take("release", night.law.hendra))
    assert night.tick(139) == [] and night.tick(140) == [PAWAS]
    assert night.tick(181) == [PAWAS]  # of the second
    assert night.law.incident(first.id).alerted_at and night.law.incident(second.id).alerted_at


def test_a_message_says_what_waits_and_how_long_and_nothing_of_it(night: Night) -> None:
    night.file()
    for id, rung in night.at(60, due_rungs, LADDER):
        night.at(60, climb, LADDER, id, rung)
    parcel = night.law.read(lambda s: s.exec(select(Parcel)).one())
    words = night.at(61, lambda _: night.message._words(parcel))
    assert words == f"Siaga: Kejadian P1 menunggu 1:01, belum ada yang mengambil. {night.settings.origin}/duty"


def test_an_exercise_that_runs_climbs_the_ladder_and_every_message_says_so_first(night: Night) -> None:
    true = night.file()
    night.at(0, start_exercise, night.law.sari, "Kebakaran pasar", 60)
    drill = night.law.run(lambda s: _drill(s, night))
    assert PAWAS in night.tick(61)
    parcels = night.law.read(lambda s: s.exec(select(Parcel).where(Parcel.kind == "alarm")).all())
    assert len(parcels) == 2
    for id, rung in night.at(180, due_rungs, LADDER):
        night.at(180, climb, LADDER, id, rung)
    waiting = select(Parcel).where(Parcel.kind == "alarm", Parcel.state == "waiting")
    said = night.at(181, lambda s: {night.message._words(parcel) for parcel in s.exec(waiting).all()})
    assert any(words.startswith("LATIHAN. Kejadian latihan P1 menunggu 3:01") for words in said)
    assert any(words.startswith("Siaga: Kejadian P1 menunggu") for words in said) and len(said) == 2
    night.at(182, end_exercise, night.law.sari)
    assert night.leaves(182) == [COMMAND]  # of the true one: what stood down calls nobody
    assert [night.law.incident(one.id).status for one in (true, drill)] == ["new", "resolved"]


def _drill(session: Session, night: Night) -> Incident:
    """Filed at the second at which the true one was."""
    assert night.start
    with as_of(night.start):
        site = PLACES.site(*BABURA, precision="pin")
        incident = file(session, night.law.sari, Filing(P1, "Api di los pasar", site, exercise=True)).incident
        assert incident
        return incident


def written(night: Night, category: str = P1) -> Incident:
    """On a closed case, at second 100."""
    incident = night.file(category)
    for step, given in (("claim", {}), ("resolve", {"outcome": "handled"})):
        night.at(10, lambda s, step=step, given=given: s.get_one(Incident, incident.id).take(step, night.law.hendra, **given))  # type: ignore[misc] # fmt: skip
    night.at(100, lambda s: s.get_one(Incident, incident.id).take("reply", night.law.ann, words="Korban lagi!"))
    return incident


def test_words_after_closing_call_the_phones_while_no_desk_is_open(night: Night) -> None:
    incident = written(night)
    night.at(155, note_presence, [night.law.sari.id])  # who sits there hears them
    assert night.tick(160) == [] and night.tick(199) == []
    for id, rung in night.at(201, due_rungs, LADDER):
        night.at(201, climb, LADDER, id, rung)
    (parcel,) = night.law.read(lambda s: s.exec(select(Parcel).where(Parcel.kind == "alarm")).all())
    words = night.at(201, lambda _: night.message._words(parcel))
    assert words == (
        f"Siaga: Pelapor menulis sesudah kejadiannya ditutup, 1:41 belum dibaca. {night.settings.origin}/duty"
    )
    assert night.leaves(201) == [PAWAS] and night.tick(202) == [] and night.tick(280) == [COMMAND]
    assert night.tick(900) == []
    assert night.diary(incident) == [
        "Pesan ke AKP Sari Ginting terkirim: kata pelapor belum dibaca",
        "Pesan ke piket komando terkirim: kata pelapor belum dibaca",
    ]
    assert night.law.read(audit, [KEY]) == []


def test_words_that_were_read_call_nobody_and_those_of_any_case_climb_as_p2_at_least(night: Night) -> None:
    read, small = written(night), written(night, "PENIPUAN")
    for id, rung in night.at(160, due_rungs, LADDER):
        night.at(160, climb, LADDER, id, rung)
    night.at(161, lambda s: s.get_one(Incident, read.id).take("hear_out", night.law.hendra))
    assert night.leaves(162) == [] and night.diary(read) == []
    assert small.priority > 2 and night.tick(279) == [] and night.tick(280) == [PAWAS]
    night.at(281, lambda s: s.get_one(Incident, small.id).take("hear_out", night.law.hendra))
    night.at(300, lambda s: s.get_one(Incident, small.id).take("reply", night.law.ann, words="Halo?"))
    assert night.tick(470) == [] and night.tick(480) == [PAWAS]  # anew


def test_what_rings_for_nobody_and_an_exercise_call_no_phone(night: Night) -> None:
    for name in ("muted", "exercise"):
        incident = night.file()
        night.law.run(lambda s, id=incident.id, name=name: setattr(s.get_one(Incident, id), name, True))  # type: ignore[misc]
    assert night.at(300, due_rungs, LADDER) == []
    events = night.law.read(lambda s: s.exec(select(Event).where(col(Event.step) == "alert")).all())
    assert events == []
