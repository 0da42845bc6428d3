"""Replay: an hour from the fold is what the fold from the first event says, and what the live board showed."""

import random
from collections import Counter
from datetime import datetime

import pytest
from sqlmodel import Session, col, delete, select, update

from models.command.bookmarks import bookmark, bookmarks
from models.errors import NotAllowed, NotFound, Refusal, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.reading.board import Row, board
from models.reading.folding import board_at
from models.reading.replay import HOUR, Hour, cards, hour_of, out, replay
from models.record.event import Event
from models.time import as_of, local, now, zone
from models.viewer import Viewer
from tests.models.test_folding import Walk
from tests.support.law import Law
from tests.support.serving import Cast, cast_of

STEPS_TAKEN, MOMENTS = 100, 10


def lived(cast: Cast) -> list[tuple[int, list[Row]]]:
    """A random past, and the live board at ten moments of it."""
    life, seen = Walk(cast, random.Random(11)), []
    for n in range(STEPS_TAKEN):
        life.step()
        life.slip()
        if n % (STEPS_TAKEN // MOMENTS) == 0:
            live = cast.read(board, cast.sari.audience)
            seen.append((live.seq, live.rows))
    return seen


def times(session: Session) -> list[Event]:
    return list(session.exec(select(Event).order_by(col(Event.seq))))


def between(cast: Cast, by: Viewer, first: Event, last: Event) -> Hour:
    return cast.read(replay, by, first.at, last.at)


def same_as_the_fold(cast: Cast, hour: Hour, every: int) -> None:
    for seq in range(hour.seq, hour.last + 1, every):
        states, folded = hour.at(seq), cast.read(board_at, seq)
        shown = cards(states)
        assert shown.keys() == folded.cards.keys()
        for id, card in shown.items():
            known = folded.cards[id].columns
            assert vars(card) == {name: known[name] for name in vars(card)}
        by_station = Counter[int | None]()
        for (station, _), n in out(states).items():
            by_station[station] += n
        assert dict(by_station) == folded.out


def test_it_is_the_fold_at_every_number_and_the_live_board_at_ten_moments(database_url: str) -> None:
    with cast_of(database_url) as cast:
        seen = lived(cast)
        events = cast.read(times)
        whole = between(cast, cast.sari, events[0], events[-1])
        same_as_the_fold(cast, between(cast, cast.sari, events[len(events) // 2], events[-1]), 1)
        same_as_the_fold(cast, between(cast, cast.sari, events[len(events) // 3], events[len(events) // 2]), 3)
        for seq, rows in seen:
            shown = cards(whole.at(seq))
            assert list(shown) == [row.id for row in rows]  # in the order of the board
            assert [(card.status, card.category_code, card.officer_id) for card in shown.values()] == [
                (row.status, row.category_code, row.officer_id) for row in rows
            ]


def test_what_was_emptied_is_gone_and_never_guessed(law: Law) -> None:
    begun = now()
    kept, erased, swept = (law.take(law.file(), "claim", law.hendra) for _ in range(3))
    noted = law.take(kept, "note", law.hendra, words="halo")

    def empty(session: Session) -> None:
        told = col(Event.incident_id).in_((erased.id, swept.id))
        session.exec(update(Event).where(told, col(Event.step) != "claim").values(body={}))
        session.exec(update(Event).where(Event.incident_id == swept.id).values(body={}))
        session.exec(delete(Complaint).where(col(Complaint.home_id) == swept.id))
        session.exec(delete(Incident).where(col(Incident.id) == swept.id))

    law.run(empty)
    hour = law.read(replay, law.sari, begun, now())
    assert list(cards(hour.at(noted.seq))) == [kept.id] and hour.gone == 2
    unknown = {one.id for one in hour.changes if not one.state.known}
    assert unknown == {erased.id, swept.id} and not out({id: hour.at(hour.last)[id] for id in unknown})


def test_a_long_past_is_left_alone(law: Law) -> None:
    """Of what was over when the hour began, and stayed so, no event is read."""
    over = [
        law.take(law.take(law.file(), "claim", law.hendra), "dismiss", law.hendra, reason="empty") for _ in range(3)
    ]
    waits, reopened = law.file(), over.pop()
    begun = now()
    law.take(reopened, "reopen", law.sari, reason="salah tutup")
    hour = law.read(replay, law.sari, begun, now())
    assert set(hour.start) == {waits.id, reopened.id} and set(cards(hour.start)) == {waits.id}
    assert set(cards(hour.at(hour.last))) == {waits.id, reopened.id}


@pytest.mark.parametrize("who", ["hendra", "dewi", "ann", "damkar"])
def test_supervisors_alone_look_back(sqlite_url: str, who: str) -> None:
    with cast_of(sqlite_url) as cast:
        for function, given in ((replay, (now() - HOUR, now())), (bookmark, (1, "api"))):
            with pytest.raises(NotAllowed):
                cast.run(function, cast.people[who], *given)


def test_a_bookmark_is_kept_with_who_and_when_and_its_word_is_not_in_the_record(law: Law) -> None:
    incident = law.file()
    row = law.run(bookmark, law.sari, incident.seq, " dua armada ")
    assert [(one.words, one.officer.name, one.seq) for one in law.read(bookmarks, incident.seq, incident.seq)] == [
        ("dua armada", "Sari Ginting", incident.seq)
    ]
    told = law.read(lambda session: session.exec(select(Event).where(Event.step == "bookmark")).one())
    assert told.body["bookmark"] == row.id and "armada" not in str(told.body)
    for seq, words in ((incident.seq, " "), (incident.seq, "x" * 61), (10**6, "api")):
        with pytest.raises(Refusal):
            law.run(bookmark, law.sari, seq, words)


def test_an_hour_is_asked_for_by_a_moment_or_an_event(law: Law) -> None:
    incident, half_past = law.file(), datetime(2026, 11, 21, 6, 30, tzinfo=zone())
    with as_of(half_past):
        assert local(law.read(hour_of)).isoformat() == "2026-11-21T05:00:00+07:00"
        assert local(law.read(hour_of, "2026-11-21T04:59")).isoformat() == "2026-11-21T04:00:00+07:00"
        assert local(law.read(hour_of, "2026-11-20T23:10:00Z")).isoformat() == "2026-11-21T06:00:00+07:00"
        for wrong in ("kemarin", "2026-11-21T07:00", "9999-12-31T23:00", "0001-01-01T00:00"):
            with pytest.raises(WrongValue):
                law.read(hour_of, wrong)
    at = law.read(lambda session: session.get_one(Event, incident.seq).at)
    assert law.read(hour_of, "", incident.seq) <= at < law.read(hour_of, "", incident.seq) + HOUR
    with pytest.raises(NotFound):
        law.read(hour_of, "", 2**40)
