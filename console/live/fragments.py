"""What happened, as HTML for each kind of viewer: the very partials their pages are made of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlmodel import Session

from models.command.briefs import briefs
from models.command.deputy import deputies
from models.command.house import Deaf, deaf
from models.command.ladder import Ladder, climbed
from models.command.progress import handing, progress
from models.command.shifts import manned
from models.incidents.conferring import conference
from models.incidents.exercise import practice
from models.incidents.incident import Incident
from models.incidents.referral import DECLINED, ENDED, FINISHED
from models.incidents.sharing import shared
from models.incidents.strengths import strengths
from models.incidents.unheard import readable, unheard
from models.people.officers import on_duty
from models.people.views import View
from models.reading.wall import beyond, posts, tallies
from models.roles import DUTY, REPORTERS, RIGHTS, Face, Role
from models.viewer import Audience
from models.workflow import ROWS, Sight, Status

MESSAGE_LIMIT = 64 * 1024  # bytes; more is split over several messages

CARDS = {
    Face.CARD: "incidents/_card.html",
    Face.ROW: "walls/_row.html",
    Face.REFERRAL: "agency/_card.html",
    Face.COMPLAINTS: "complaints/_card.html",
}


class Render(Protocol):
    """pages.render"""

    def __call__(self, template: str, audience: Audience, /, **data: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class Side:
    """A small list beside the board, pushed whole to those who show it, when its `mark` has changed."""

    target: str
    template: str
    name: str  # of its rows in the template
    roles: tuple[Role, ...]
    load: Callable[[Session], list[Any]]
    mark: Callable[[list[Any]], Any]
    narrow: Callable[[list[Any], Audience], list[Any]] = lambda rows, audience: rows  # what of it an audience has


def sides(ladder: Ladder) -> tuple[Side, ...]:
    """What stands beside every board; `ladder` says when the house calls whom."""
    return (
        *SIDES,
        Side(
            "#practice",
            "_practice.html",
            "practice",
            (*DUTY, Role.WALL),
            practice,
            lambda rows: [(row.id, row.ends_at) for row in rows],
        ),
        Side("#deaf", "_deaf.html", "deaf", (*DUTY, Role.WALL), lambda session: deaf(session, ladder), _marks),
    )


def _marks(rows: list[Deaf]) -> list[Any]:
    return [row.mark for row in rows]


SIDES = (
    Side(
        "#stations",
        "_strength.html",
        "stations",
        (*DUTY, Role.WALL),
        strengths,
        lambda rows: [(row.station.id, row.station.version, row.out) for row in rows],
        lambda rows, audience: posts(rows, View.read(audience.scope)),
    ),
    # What a wall's view leaves out; one of the whole city leaves out nothing.
    Side(
        "#beyond",
        "walls/_beyond.html",
        "beyond",
        (Role.WALL,),
        tallies,
        list,
        lambda rows, audience: [beyond(rows, View.read(audience.scope))] if audience.scope else [],
    ),
    Side("#handing", "walls/_handing.html", "handing", (Role.WALL,), handing, list, progress),
    Side(
        "#duty",
        "_duty.html",
        "duty",
        DUTY,
        on_duty,
        lambda rows: [(row.officer.id, row.officer.version, row.silent, row.sat_at) for row in rows],
    ),
    Side(
        "#shiftline",
        "duty/_shiftline.html",
        "shifts",
        (Role.SUPERVISOR,),
        manned,
        lambda rows: [(row.shift.id, row.shift.seq, row.shift.began_at, row.ready) for row in rows],
    ),
    Side(
        "#deputies",
        "duty/_deputies.html",
        "deputies",
        (Role.SUPERVISOR,),
        deputies,
        lambda rows: [(row.id, row.lent_until) for row in rows],
    ),
    Side(
        "#unheard",
        "incidents/_unheard.html",
        "unheard",
        DUTY,
        unheard,
        lambda rows: [(row.incident.id, row.at, row.passes_at) for row in rows],
        readable,
    ),
    Side("#briefs", "duty/_briefs.html", "briefs", DUTY, briefs, lambda rows: [row.mark for row in rows]),
    Side(
        "#rungs",
        "duty/_rungs.html",
        "climbed",
        (Role.SUPERVISOR,),
        climbed,
        lambda rows: [(row.id, row.fate) for row in rows],
    ),
)


def card(incident: Incident, audience: Audience, render: Render) -> list[str]:
    """What this audience has of the incident on its board: one card, or a reporter's own complaints."""
    face = RIGHTS[audience.role].face
    if face is Face.COMPLAINTS:
        own = [complaint for complaint in incident.complaints if audience.scope == complaint.scopes[audience.role]]
        return [render(CARDS[face], audience, complaint=complaint) for complaint in own]
    if face is Face.REFERRAL:
        referral = next(r for r in reversed(incident.referrals) if str(r.agency_id) == audience.scope and r.shows)
        share = shared(incident, referral)
        talk = conference(incident, referral)
        return [render(CARDS[face], audience, incident=incident, referral=referral, share=share, talk=talk)]
    return [render(CARDS[face], audience, incident=incident)]


def gone(id: int, seq: int) -> str:
    """The card leaves the board. It says nothing of why."""
    return f'<li id="incident-{id:d}" data-gone data-seq="{seq:d}"></li>'


def on_board(incident: Incident, audience: Audience) -> bool:
    """Does a page of this audience, loaded now, hold a card of what it may see?"""
    if audience.role is Role.LIAISON:
        return incident.status != Status.MERGED  # over for us, it stays until the partner wrote its last note
    return audience.role in REPORTERS or incident.open


# What the referral is of a partner who lost sight of an incident.
LEFT = {Sight.DECLINER: DECLINED, Sight.FINISHER: FINISHED, Sight.PARTNERS: ENDED, Sight.RESTRICTED: ENDED}


def withdrawing(audience: Audience) -> tuple[str, ...]:
    """The steps by which this audience loses sight of an incident."""
    ends = LEFT if audience.role is Role.LIAISON else (Sight.RESTRICTED,)
    in_part = audience.role is Role.WALL and audience.scope != ""
    return tuple(row.name for row in ROWS.values() if row.ends in ends or (in_part and row.moves))


def may_have_had(incident: Incident, steps: Iterable[str], audience: Audience) -> bool:
    """Could this audience, which may not see the incident now, have seen it before `steps`?

    Only then does it get the removal: to anyone else even that would tell that something happened.
    Needs `referrals` loaded.
    """
    match audience.role:
        case Role.CITIZEN | Role.GUEST:
            return False  # a complaint stays its reporter's
        case Role.LIAISON:
            ends = {LEFT[ROWS[step].ends] for step in steps if step in withdrawing(audience)}
            own = [referral for referral in incident.referrals if str(referral.agency_id) == audience.scope]
            return any(referral.state in ends for referral in own)
        case _:
            return not set(withdrawing(audience)).isdisjoint(steps)


def placed(element: str) -> str:
    """An element that finds its own place on the board (static/js/place.js)."""
    return f'<hx-partial hx-target="#board" hx-swap="place">{element.strip()}</hx-partial>'


def filled(target: str, inside: str) -> str:
    """The new inside of a small list, morphed."""
    return f'<hx-partial hx-target="{target}" hx-swap="innerMorph">{inside.strip()}</hx-partial>'


def messages(partials: Sequence[str]) -> list[str]:
    """Partials joined into as few messages as MESSAGE_LIMIT allows, in their order."""
    joined: list[str] = []
    waiting: list[str] = []
    size = 0
    for partial in partials:
        length = len(partial.encode())
        if waiting and size + length > MESSAGE_LIMIT:
            joined.append("".join(waiting))
            waiting, size = [], 0
        waiting.append(partial)
        size += length
    if waiting:
        joined.append("".join(waiting))
    return joined
