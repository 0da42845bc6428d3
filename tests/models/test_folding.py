"""Folding: the events alone give the board as it was: cards, personnel by station, referrals."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, func, select

from console.ground.points import distance_m
from models.administration.partners import close_agency
from models.command.audit import audit
from models.errors import Refusal
from models.incidents.dispatch import Dispatch
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.incidents.strengths import strengths
from models.reading.folding import Board, Passed, Sent, Told, board_at, folded, passed_as, sent_as
from models.record.event import Event
from models.viewer import Viewer
from tests.live.test_crown import Life
from tests.support.law import KEY, law_of
from tests.support.serving import cast_of

STEPS_TAKEN, LOOK_EVERY = 120, 30
Stands = dict[int, tuple[dict[str, Any], dict[int, Sent], dict[int, Passed]]]


class Walk(Life):
    """One in four steps was a slip of a key."""

    last: tuple[Incident, str, Viewer] | None = None

    def _next(self, incident: Incident) -> tuple[str, Viewer]:
        step, by = super()._next(incident)
        self.last = incident, step, by
        return step, by

    def slip(self) -> None:
        if self.last and self.dice.random() < 0.25:
            incident, step, by = self.last
            try:
                self.cast.take(incident.id, "undo", by, step=step)
                self.done[f"undo {step}"] += 1
            except Refusal:
                self.refused["undo"] += 1


def stands(session: Session) -> tuple[int, Stands, dict[int, int]]:
    """The newest event, the rows as they are now, and who is out by station."""
    here: Stands = {row.id: (row.values(), {}, {}) for row in session.exec(select(Incident))}
    for sent in session.exec(select(Dispatch)):
        here[sent.incident_id][1][sent.id] = sent_as(sent)
    for passed in session.exec(select(Referral)):
        here[passed.incident_id][2][passed.id] = passed_as(passed)
    out = {row.station.id: row.out for row in strengths(session) if row.out}
    return session.exec(select(func.max(Event.seq))).one(), here, out


def told(board: Board) -> Stands:
    return {id: (one.columns, one.sent, one.referrals) for id, one in board.incidents.items()}


def test_a_random_walk_of_the_law_folds_to_every_board_on_its_way(sqlite_url: str) -> None:
    with cast_of(sqlite_url) as cast:
        life = Walk(cast, random.Random(7))
        seen = []
        for n in range(STEPS_TAKEN):
            life.step()
            life.slip()
            if n % LOOK_EVERY == LOOK_EVERY - 1:
                seen.append(cast.read(stands))
        for seq, rows, out in seen:
            board = cast.read(board_at, seq)
            assert told(board) == rows and board.out == out
            assert sorted(board.cards) == sorted(
                id for id, row in rows.items() if row[0]["closed_at"] is None and row[0]["status"] != "merged"
            )
        assert [said for said in cast.read(audit, [KEY]) if not said.startswith("Account")] == []  # bob's, by hand
        _, rows, _ = seen[-1]
        for id, past in cast.read(histories, seen[-1][0]).items():
            assert_same(folded(map(as_before, past)), rows[id])


def test_what_is_sent_passed_on_and_taken_back_folds_to_what_stands(sqlite_url: str) -> None:
    with law_of(sqlite_url) as law:
        incident, agency = law.take(law.file(category="KEBAKARAN"), "claim", law.hendra), law.damkar.agency_id

        def same() -> None:
            seq, rows, out = law.read(stands)
            board = law.read(board_at, seq)
            assert told(board) == rows and board.out == out

        def both_ways(step: str, **given: Any) -> None:
            law.take(incident, step, law.hendra, **given)
            same()
            law.take(incident, "undo", law.hendra, step=step)
            same()
            law.take(incident, step, law.hendra, **given)

        both_ways("dispatch", sent=[(None, 2)], metres=distance_m)
        both_ways("reinforce", sent=[(None, 1)], metres=distance_m)
        both_ways("arrive")
        both_ways("clear", dispatch=law.read(lambda s: s.exec(select(func.max(Dispatch.id))).one()))
        law.take(incident, "refer", law.hendra, agency=agency, tier="summary", note="Tolong")
        law.take(incident, "refer", law.hendra, agency=law.bnpt.agency_id, tier="presence")
        law.take(incident, "accept", law.damkar, note="Berangkat")
        both_ways("resolve", outcome="handled")
        same()
        law.take(incident, "reopen", law.sari, reason="belum")
        same()
        law.take(incident, "claim", law.hendra)
        law.take(incident, "decline", law.bnpt, note="bukan kami")
        law.take(incident, "resolve", law.hendra, outcome="handled")
        law.take(incident, "finish", law.damkar, note="Padam")
        same()
        other = law.take(law.file(law.zed), "claim", law.hendra)
        law.take(other, "refer", law.hendra, agency=agency, tier="full")
        law.run(close_agency, law.dewi, agency, "tutup")
        law.take(other, "refer", law.hendra, agency=law.bnpt.agency_id, tier="full")
        law.take(other, "recategorise", law.hendra, category="OKNUM", reason="petugas")
        same()


def histories(session: Session, seq: int) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    rows = select(Event).where(col(Event.incident_id).is_not(None), Event.seq <= seq).order_by(col(Event.seq))
    for event in session.exec(rows):
        found.setdefault(event.incident_id or 0, []).append(event)
    return found


def as_before(event: Event) -> Event:
    """As it was sealed when ids did not stand beside names yet."""
    body = {name: value for name, value in event.body.items() if name != "referral"}
    if "sent" in body:
        body["sent"] = [{name: value for name, value in one.items() if name != "station_id"} for one in body["sent"]]
    return Event(seq=event.seq, step=event.step, body=body)  # type: ignore[call-arg]


def assert_same(told: Told, row: tuple[dict[str, Any], dict[int, Sent], dict[int, Passed]]) -> None:
    """But for what was told by name alone."""
    columns, sent, passed = row
    assert told.columns == columns
    assert told.sent == {id: replace(one, station_id=None) for id, one in sent.items()}
    assert Counter(map(str, told.referrals.values())) == Counter(map(str, passed.values()))
