"""Many reports of one thing: laid side by side with what they share and what one alone says, and joined by one press."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.ground.points import distance_m
from console.pages.words import say
from console.state import Request
from console.web.forms import done
from console.web.showing import shown
from models.city.category import Category
from models.errors import Refusal
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident, Whose
from models.incidents.likeness import UNPLACED, common, reach, roots, spoken, unlike
from models.incidents.merging import alike, gather
from models.incidents.sight import WHOLE, find, knows_reporter, visible_to
from models.incidents.standing import Record, records
from models.incidents.talking import Line
from models.record.idempotency import once
from models.roles import DUTY
from models.viewer import Viewer
from models.workflow import HELD, OPEN, STEPS, Status

MOST_JOINED = 200
MOST_FIRST = 5  # to be seen first, beside those that say something grave
LONE_WORDS = 4  # that no other says: worth a look by themselves


@dataclass(frozen=True)
class Report:
    """One incident beside the others. `alone`: what it alone says; `shares`: which of the common words it says."""

    incident: Incident
    complaint: Complaint | None
    name: str
    nth: int
    strikes: int
    hidden: bool
    metres: float | None
    grave: list[str]
    alone: list[str]
    shares: list[str]
    another_kind: bool
    far: bool
    refused: str

    @property
    def first(self) -> bool:
        return bool(self.grave or self.another_kind or self.far or not roots(self.words))

    @property
    def words(self) -> str:
        return self.complaint.words if self.complaint else ""


@dataclass(frozen=True)
class Likeness:
    """In how far they are alike, in figures; the shares between 0 and 1 are the bars'."""

    seconds: int
    half_m: float | None
    most_m: float | None
    unplaced: int
    kinds: list[tuple[int, Category]]
    words: list[str]
    saying: int
    total: int

    @property
    def time_share(self) -> float:
        return max(0.0, 1 - self.seconds / (reach().minutes * 60))

    @property
    def place_share(self) -> float:
        return max(0.0, 1 - (self.most_m or 0) / reach().most_metres) if self.most_m is not None else 0.0


@dataclass(frozen=True)
class Talk:
    """One reporter of several: their complaint, which incident it was filed with, and what was said last."""

    complaint: Complaint
    number: str
    home: int
    last: str
    at: datetime
    waits: bool  # for an answer: theirs is the last word


@dataclass(frozen=True)
class Facts:
    """What several reporters say: `lone` one alone, with the words; `often` what most of them mention."""

    lone: list[tuple[Complaint, list[str]]]
    often: list[str]
    saying: int


async def show(request: Request) -> Response:
    """The comparison, beside the panel; a page of its own when the browser goes there."""
    viewer, id = require(request, *DUTY), request.path_params["id"]
    also = request.query_params.get("also", "")
    part = request.headers.get("hx-request") == "true"
    template = "incidents/_alike.html" if part else "pages/alike.html"
    return await shown(request, template, lambda session: comparison(session, viewer, id, also))


async def join(request: Request, viewer: Viewer, id: int, sources: list[int], claim: bool, key: str | None) -> Response:
    """All at once. No version: each photo that comes up changes the one it joins, and the law refuses by who has it."""

    def act(session: Session) -> dict[str, Any]:
        def take() -> dict[str, Any]:
            joined = gather(find(session, viewer, id), viewer, sources, claim)
            return {"numbers": joined.numbers, "refused": [[number, *_why(why)] for number, why in joined.refused]}

        return once(session, viewer, key, [id, "merge", sorted(sources), claim], take)

    answer = await request.state.writer.run(act)
    if not answer["refused"]:
        return done(request, f"/console?incident={id}")
    left = [f"{number} · {say(viewer.locale, sentence, values)}" for number, sentence, values in answer["refused"]]
    return await shown(request, "incidents/_joined.html", came=len(answer["numbers"]), left=left)


def comparison(session: Session, viewer: Viewer, id: int, also: str = "") -> dict[str, Any]:
    """Everything that seems to be of one thing with this incident, and what is asked for by its number."""
    opened = find(session, viewer, id)
    group = {one.id: one for one in (opened, *alike(session, viewer, opened))}
    added = [one for one in _numbered(session, viewer, also) if one.id not in group]
    group |= {one.id: one for one in added}
    master = _master(viewer, opened, list(group.values()))
    reports = _reports(session, viewer, master, list(group.values()))
    asked = {one.id for one in added}
    first = [one for one in reports if one.first and one.incident.id != master.id]
    rest = sorted((one for one in reports if one not in first and one.incident.id != master.id), key=_lone)
    first += [one for one in rest[:MOST_FIRST] if len(one.alone) >= LONE_WORDS][: max(0, MOST_FIRST - len(first))]
    first.sort(key=lambda one: (one.incident.id not in asked, not one.grave, -len(one.alone)))
    same = [one for one in reports if one not in first]
    same.sort(key=lambda one: (one.incident.id != master.id, -len(one.shares), one.metres or 0, one.incident.filed_at))
    return {
        "opened": opened,
        "master": master,
        "likeness": _likeness(reports),
        "first": first,
        "same": same,
        "joinable": sum(not one.refused and one.incident.id != master.id for one in reports),
        "takes": master.status == Status.NEW,
        "reporters": sum(one.incident.complaint_count for one in reports),
        "photos": sum(one.incident.photos for one in reports),
        "videos": sum(one.incident.videos for one in reports),
        "also": also,
        "found": not also or bool(_numbered(session, viewer, also)),
    }


def talks(session: Session, incident: Incident, lines: dict[int, list[Line]]) -> list[Talk]:
    """Those who wait for an answer first, the latest of them on top; then the rest as they came."""
    homes = {complaint.home_id for complaint in incident.complaints}
    asked = select(Incident.id, Incident.number).where(col(Incident.id).in_(homes))
    numbers = {id: number for id, number in session.exec(asked)}
    found = []
    for one in incident.complaints:
        last = lines[one.id][-1] if lines[one.id] else None
        words, at = (last.words, last.at) if last else (one.words, one.filed_at)
        found.append(Talk(one, numbers[one.home_id], one.home_id, words, at, bool(last and not last.ours)))
    return sorted(found, key=lambda talk: (not talk.waits, -talk.at.timestamp() if talk.waits else talk.complaint.id))


def facts(complaints: Sequence[Complaint]) -> Facts:
    """New and rare first, in the reporters' own words: counted from them, nothing is made up."""
    said = {complaint.id: complaint.words for complaint in complaints}
    alone, (often, saying) = unlike(said), common(said.values())
    lone = [(one, alone[one.id].grave) for one in complaints if alone[one.id].grave]
    return Facts(lone[-MOST_FIRST:][::-1], often, saying)


def _master(viewer: Viewer, opened: Incident, group: list[Incident]) -> Incident:
    """Into which all go: what this officer holds, then what somebody holds, else the oldest."""
    held = [one for one in group if one.status in HELD]
    return min(held or group, key=lambda one: (one.officer_id != viewer.id, one.filed_at, one.id))


def _reports(session: Session, viewer: Viewer, master: Incident, group: list[Incident]) -> list[Report]:
    firsts = {one.id: one.complaints[0] if one.complaints else None for one in group}
    said = {id: complaint.words if complaint else "" for id, complaint in firsts.items()}
    alone, (often, _) = unlike(said), common(said.values())
    common_roots = {root: word for word in often for root in roots(word)}
    usual = Counter(one.category_code for one in group).most_common(1)[0][0]
    metres = {one.id: _apart_m(master, one) for one in group}
    placed = sorted(m for m in metres.values() if m is not None)
    half = placed[len(placed) // 2] if placed else 0.0
    past = records(session, viewer, [complaint for complaint in firsts.values() if complaint])
    found = []
    for one in group:
        complaint, hidden = firsts[one.id], not knows_reporter(viewer, one)
        far = metres[one.id]
        found.append(
            Report(
                one,
                complaint,
                "" if hidden or complaint is None else short_name(complaint.reporter_name),
                *(past[complaint.id] if complaint else Record()),
                hidden,
                far,
                alone[one.id].grave,
                alone[one.id].grave + alone[one.id].rare,
                [word for root, word in common_roots.items() if root in spoken(said[one.id])],
                one.category_code != usual,
                far is not None and far > max(2 * half, reach().metres),
                _refused(viewer, one) if one.id != master.id else "",
            )
        )
    return found


def _likeness(reports: list[Report]) -> Likeness:
    times = [one.incident.filed_at for one in reports]
    metres = sorted(one.metres for one in reports if one.metres is not None)
    codes = Counter(one.incident.category_code for one in reports)
    kinds = {one.incident.category_code: one.incident.category for one in reports}
    words, saying = common(one.words for one in reports)
    return Likeness(
        round((max(times) - min(times)).total_seconds()),
        metres[len(metres) // 2] if metres else None,
        metres[-1] if metres else None,
        len(reports) - len(metres),
        [(count, kinds[code]) for code, count in codes.most_common()],
        words,
        saying,
        len(reports),
    )


def _refused(viewer: Viewer, incident: Incident) -> str:
    """Why it cannot come, as the law says it now; empty when it can."""
    try:
        incident.allow(STEPS["merge"], viewer)
    except Refusal as refusal:
        sentence, values = _why(refusal)
        return say(viewer.locale, sentence, values)
    return ""


def _why(refusal: Refusal) -> tuple[str, dict[str, Any]]:
    """A refusal as words that can be kept and said later, in any language."""
    whose = refusal.values.get("who")
    return (whose.sentence, whose.values) if isinstance(whose, Whose) else (refusal.sentence, dict(refusal.values))


def _numbered(session: Session, viewer: Viewer, number: str) -> list[Incident]:
    """The open incident of this number, or of these last digits: the newest of those."""
    digits = "".join(letter for letter in number if letter.isdigit())
    if len(digits) < 3 or len(digits) > 12:
        return []
    rows = select(Incident).where(col(Incident.status).in_(OPEN), visible_to(viewer.audience)).options(*WHOLE)
    whole = f"{digits[:4]}-{digits[4:]}" if len(digits) > 4 else None
    named = (
        rows.where(Incident.number == whole) if whole else rows.where(col(Incident.number).endswith(f"-{digits:0>4}"))
    )
    return list(session.exec(named.order_by(col(Incident.filed_at).desc()).limit(1)))


def short_name(name: str) -> str:
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name


def _apart_m(one: Incident, other: Incident) -> float | None:
    here, there = (None if incident.precision in UNPLACED else incident.point for incident in (one, other))
    return distance_m(here, there) if here and there else None


def _lone(report: Report) -> int:
    return -len(report.alone)


routes = [Route("/incidents/{id:int}/alike", show)]
