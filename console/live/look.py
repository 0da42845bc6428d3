"""One look at the database: what happened since, who missed what, and the HTML that comes of it.

All of it is read from one snapshot, in the hub's own thread; nothing here touches a screen.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, not_, select

from console.live.fragments import Render, Side, card, filled, gone, may_have_had, on_board, withdrawing
from models.incidents.incident import Incident
from models.incidents.referral import Referral
from models.incidents.sight import WHOLE, seen_by, visible_to
from models.people.sessions import SignIn
from models.record.event import Event, Head
from models.roles import REPORTERS, Role
from models.time import now
from models.viewer import Audience

BATCH = 500  # events a look reads; a screen that missed more incidents fetches its page anew
MISSED_EVENTS = 20 * BATCH  # and one that missed more events is not even asked what of them concerns it

# Every look asks these: put together once, for SQLAlchemy takes longer over that than SQLite over its answer.
HEAD = select(Head.seq, Head.epoch).where(Head.id == 1)
EVENTS = (
    select(Event.seq, Event.step, Event.incident_id, Event.body, Event.at)  # type: ignore[call-overload]
    .where(Event.seq > bindparam("after"))
    .order_by(col(Event.seq))
    .limit(bindparam("most"))
)
INCIDENTS = select(Incident).where(col(Incident.id).in_(bindparam("ids", expanding=True))).options(*WHOLE)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, as far as showing it needs."""

    seq: int
    step: str
    incident_id: int | None
    body: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """Where a screen that arrives left off: its page was made at this event, in this epoch."""

    audience: Audience
    after: int
    epoch: str


@dataclass(slots=True)
class Found:
    """What one look found. `seq` is the newest event of it, and the next cursor."""

    seq: int
    epoch: str
    more: bool = False  # over BATCH events waited
    void: bool = False  # another epoch, or a gap: what screens know counts no more
    events: list[Happened] = field(default_factory=list)
    shown: dict[Audience, list[str]] = field(default_factory=dict)
    failed: set[Audience] = field(default_factory=set)  # something of theirs could not be rendered
    missed: dict[Missed, list[str] | None] = field(default_factory=dict)  # None: fetch the page anew
    living: set[str] = field(default_factory=set)  # sessions, of those asked about, that hold
    sides: list[tuple[Audience, str, Any, str]] = field(default_factory=list)  # to whom, target, mark, partial


class Reader:
    """Reads for one hub."""

    def __init__(
        self, sessions: Callable[[], AbstractContextManager[Session]], render: Render, sides: Sequence[Side]
    ) -> None:
        self._sessions = sessions
        self._render = render
        self._sides = sides

    def end(self) -> tuple[int, str]:
        """The newest event, and the epoch."""
        with self._sessions() as session:
            return _head(session)

    def living(self, hashes: set[str]) -> set[str]:
        """Those of these sessions that still hold."""
        with self._sessions() as session:
            return _living(session, hashes)

    def look(
        self,
        cursor: int,
        epoch: str,
        audiences: set[Audience],
        arrivals: set[Missed],
        sessions: set[str],
        marks: Mapping[tuple[Audience, str], Any] | None,
    ) -> Found:
        """All events after the cursor for `audiences`, what `arrivals` missed, whether their
        `sessions` hold, and the sides whose marks are not these (None: no look at the sides)."""
        with self._sessions() as session:
            newest, now_epoch = _head(session)
            found = Found(newest, now_epoch)
            cards = Cards(self._render)
            if now_epoch != epoch or newest < cursor:
                log.warning(
                    "not the database of before: event %d of %s, was %d of %s", newest, now_epoch, cursor, epoch
                )
                found.void = True
            elif newest > cursor:
                found.events = _events(session, cursor)
                seqs = [event.seq for event in found.events]
                if seqs == list(range(cursor + 1, min(newest, cursor + BATCH) + 1)):
                    found.seq, found.more = seqs[-1], seqs[-1] < newest
                    self._read_shown(session, found, audiences, cards)
                else:
                    log.error("the events after %d have a gap: %s", cursor, seqs[:10])
                    found.void, found.events = True, []
            if arrivals:
                found.living = _living(session, sessions)
                self._read_missed(session, found, newest, arrivals, cards)
            if marks is not None:
                self._read_sides(session, found, audiences | {arrival.audience for arrival in arrivals}, marks)
            return found

    def _read_shown(self, session: Session, found: Found, audiences: set[Audience], cards: "Cards") -> None:
        steps: dict[int, list[str]] = {}
        for event in found.events:
            if event.incident_id is not None:
                steps.setdefault(event.incident_id, []).append(event.step)
        if not steps or not audiences:
            return
        reporters: dict[tuple[Role, str], list[Audience]] = {}
        others: list[Audience] = []
        for audience in audiences:
            own = audience.role in REPORTERS
            (reporters.setdefault((audience.role, audience.scope), []) if own else others).append(audience)
        for incident in session.exec(INCIDENTS, params={"ids": list(steps)}):
            # Thousands of reporters may listen; the incident names the few it concerns.
            named = {scope for complaint in incident.complaints for scope in complaint.scopes.items()}
            for audience in [*others, *(one for scope in named for one in reporters.get(scope, ()))]:
                try:
                    elements = cards.of(incident, audience, steps[incident.id or 0])
                except Exception:
                    log.exception("incident %s cannot be shown to %s", incident.id, audience.role)
                    found.failed.add(audience)
                    continue
                if elements:
                    found.shown.setdefault(audience, []).extend(elements)

    def _read_missed(self, session: Session, found: Found, newest: int, arrivals: set[Missed], cards: "Cards") -> None:
        for arrival in arrivals:
            try:
                same = arrival.epoch == found.epoch
                found.missed[arrival] = _missed(session, arrival, newest, cards) if same else None
            except Exception:
                log.exception("%s cannot be caught up from event %d", arrival.audience.role, arrival.after)
                found.missed[arrival] = None

    def _read_sides(
        self, session: Session, found: Found, audiences: set[Audience], marks: Mapping[tuple[Audience, str], Any]
    ) -> None:
        for side in self._sides:
            listening = [audience for audience in audiences if audience.role in side.roles]
            if not listening:
                continue
            try:
                rows = side.load(session)
                for audience in listening:
                    own = side.narrow(rows, audience)
                    mark = side.mark(own)
                    if marks.get((audience, side.target)) != mark:
                        inside = self._render(side.template, audience, **{side.name: own, "seq": found.seq})
                        found.sides.append((audience, side.target, mark, filled(side.target, inside)))
            except Exception:
                log.exception("%s cannot be shown", side.target)


class Cards:
    """What each audience gets of an incident in this look; each card is rendered once."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._made: dict[tuple[int, Audience], list[str]] = {}

    def of(self, incident: Incident, audience: Audience, steps: Iterable[str]) -> list[str]:
        """Its card, its removal, or nothing at all; `steps` happened since the audience last knew."""
        assert incident.id is not None
        if not seen_by(incident, audience):
            return [gone(incident.id, incident.seq)] if may_have_had(incident, steps, audience) else []
        if not on_board(incident, audience):
            return [gone(incident.id, incident.seq)]
        key = (incident.id, audience)
        if key not in self._made:
            self._made[key] = card(incident, audience, self._render)
        return self._made[key]


def _head(session: Session) -> tuple[int, str]:
    seq, epoch = session.connection().execute(HEAD).one()
    return seq, epoch


def _events(session: Session, after: int) -> list[Happened]:
    return [Happened(*row) for row in session.connection().execute(EVENTS, {"after": after, "most": BATCH})]


def _missed(session: Session, arrival: Missed, newest: int, cards: Cards) -> list[str] | None:
    """Every incident that changed for this audience; None: too many, or its page knows more than we do."""
    audience, after = arrival.audience, arrival.after
    if after == newest:
        return []
    if not newest - MISSED_EVENTS <= after < newest:
        return None
    changed = select(Event.incident_id).where(Event.seq > after, col(Event.incident_id).is_not(None))
    seen = select(Incident).where(col(Incident.id).in_(changed), visible_to(audience))
    incidents = session.exec(seen.options(*WHOLE).limit(BATCH + 1)).all()
    if len(incidents) > BATCH:
        return None
    elements = [element for incident in incidents for element in cards.of(incident, audience, ())]
    if audience.role in REPORTERS:
        return elements
    lost = changed.where(col(Event.step).in_(withdrawing(audience)))
    if audience.role is Role.LIAISON:
        referred = select(Referral.incident_id).where(Referral.agency_id == int(audience.scope))
        lost = lost.where(col(Event.incident_id).in_(referred))
    unseen = select(Incident).where(col(Incident.id).in_(lost), not_(visible_to(audience)))
    for incident in session.exec(unseen.options(*WHOLE)):
        elements += cards.of(incident, audience, withdrawing(audience))
    return elements


def _living(session: Session, hashes: set[str]) -> set[str]:
    living: set[str] = set()
    every = sorted(hashes)
    for start in range(0, len(every), BATCH):
        some = col(SignIn.hash).in_(every[start : start + BATCH])
        living.update(session.exec(select(SignIn.hash).where(some, SignIn.expires_at > now())))
    return living
