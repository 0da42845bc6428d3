"""Several complaints about one thing become one incident, and can be taken apart again exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from sqlmodel import Session, col, func, or_, select

from models.asked import Asked, Id
from models.city.category import RESTRICTED
from models.errors import N_, NotAllowed, Refusal, WrongMoment, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence, percent
from models.incidents.hushing import any_quiet
from models.incidents.incident import Incident, Whose, session_of
from models.incidents.likeness import followers, lead
from models.incidents.sight import MOST_ID, WHOLE, visible_to
from models.incidents.telling import tell
from models.viewer import Viewer
from models.workflow import EFFECTS, HELD, OPEN, STEPS, Status, effect

ANOTHER = N_("Pilih kejadian terbuka yang lain.")


@effect
def merge(incident: Incident, by: Viewer, into: Annotated[Id, Asked("hidden", missing=ANOTHER)]) -> dict[str, Any]:
    """Its complaints move under the other incident. Merged reporters never learn of each other."""
    session = session_of(incident)
    other = session.exec(select(Incident).where(Incident.id == into, visible_to(by.audience))).first()
    if other is None or other.id == incident.id or not other.open:
        raise WrongValue("into", ANOTHER)
    _of_one_kind(incident, other)
    before = other.values()
    incident.status_before, incident.into_id = incident.status, other.id
    _move(session, incident, other)
    rest = _left_behind(session, [incident], other)
    other.note("merge", by, before, absorbed=incident.id, number=incident.number)
    lead(session, by, rest, _leader_of(session, other))
    return {"into": other.id, "number": other.number}


@effect
def unmerge(incident: Incident, by: Viewer) -> dict[str, Any]:
    """Back to the status before, with the complaints that were its own."""
    incident.like_id = None  # an officer says that it is another thing
    holder = take_apart(incident, "unmerge", by)
    return {"from": holder.id, "number": holder.number}


def take_apart(incident: Incident, step: str, by: Viewer, **noted: Any) -> Incident:
    """Out of what it was merged into, which notes the step and is returned. What changed here the caller notes."""
    session = session_of(incident)
    holder = root_of(incident)
    before = holder.values()
    incident.status, incident.status_before, incident.into_id = Status(incident.status_before or "new"), None, None
    _move(session, holder, incident, homes=tree(session, incident))
    holder.note(step, by, before, released=incident.id, number=incident.number, **noted)
    return holder


def root_of(incident: Incident) -> Incident:
    """Where its complaints are now: what it was merged into may have been merged since."""
    while incident.into_id is not None:
        incident = session_of(incident).get_one(Incident, incident.into_id)
    return incident


@dataclass(frozen=True)
class Gathered:
    """What came of joining many: the numbers of those that came, and of those that did not, each with why."""

    numbers: list[str]
    refused: list[tuple[str, Refusal]]


def gather(master: Incident, by: Viewer, ids: Iterable[int], claim: bool = False) -> Gathered:
    """Many become one in one commit; `claim`: whoever joins them takes a new one with the same press.

    Who was taken or closed meanwhile stays where it is and is named: one colleague's press on one of forty must not
    cost the other thirty-nine. Each notes its own step, the master one for all, so that one undo puts all back.
    """
    session = session_of(master)
    if not by.on_duty:
        raise NotAllowed()
    if not master.open:
        raise WrongMoment("{who}", who=Whose(master.status, master.officer.title if master.officer else ""))
    sources, refused = _sort_out(session, master, by, ids)
    if not sources:
        raise refused[0][1] if refused else WrongValue("source", N_("Pilih laporan yang digabung."))
    before = {one.id: one.values() for one in (master, *sources)}
    untold = [source.id for source in sources if source.status == Status.NEW]
    for source in sources:
        source.status_before, source.status, source.into_id = source.status, Status.MERGED, master.id
        source.due_at = None
    fresh = _bring(session, sources, master, set(untold))
    claimed = claim and master.status == Status.NEW
    if claimed:
        EFFECTS["claim"](master, by)
        master.status = Status.CLAIMED
        master.due_at = master.due()
    rest = _left_behind(session, sources, master)
    for source in sources:
        source.note("merge", by, before[source.id], into=master.id, number=master.number)
    numbers = [source.number for source in sources]
    master.note(
        "merge", by, before[master.id],
        absorbed=[source.id for source in sources], number=", ".join(numbers), claimed=claimed,
    )  # fmt: skip
    lead(session, by, rest, _leader_of(session, master))
    if claimed:
        tell(session, "claim", by, master.id)
    elif master.status in HELD:  # those who waited until now read that somebody has it
        for complaint_id in fresh:
            tell(session, "claim", by, master.id, complaint_id)
    return Gathered(numbers, refused)


def recount(session: Session, incident: Incident) -> None:
    """Bring the counts on the card in line with the complaints that are under it now."""
    session.flush()
    own = select(Complaint.id).where(Complaint.incident_id == incident.id)
    kinds = select(Evidence.kind, func.count()).where(col(Evidence.complaint_id).in_(own)).group_by(Evidence.kind)
    counts = dict(session.exec(kinds).all())
    incident.photos, incident.videos = counts.get("photo", 0), counts.get("video", 0)
    complaints = list(session.exec(own))
    incident.complaint_count = len(complaints)
    incident.uploading = percent(session, complaints)
    incident.quiet = any_quiet(session, incident)


def alike(session: Session, viewer: Viewer, incident: Incident) -> list[Incident]:
    """The open incidents that seem to tell of the same thing, oldest first."""
    key = incident.like_id or incident.id
    same = or_(Incident.id == key, Incident.like_id == key)
    rows = select(Incident).where(
        same, Incident.id != incident.id, col(Incident.status).in_(OPEN), visible_to(viewer.audience)
    )
    return list(session.exec(rows.options(*WHOLE).order_by(col(Incident.filed_at), col(Incident.id))))


def tree(session: Session, incident: Incident) -> set[int]:
    """The incident and all that was merged into it, directly or on the way."""
    found, todo = {incident.id}, [incident.id]
    while todo:
        children = session.exec(select(Incident.id).where(Incident.into_id == todo.pop())).all()
        todo += [child for child in children if child not in found]
        found.update(children)
    return {id for id in found if id is not None}


def _move(session: Session, source: Incident, target: Incident, homes: set[int] | None = None) -> None:
    rows = select(Complaint).where(Complaint.incident_id == source.id)
    if homes is not None:
        rows = rows.where(col(Complaint.home_id).in_(homes))
    for complaint in session.exec(rows).all():
        complaint.incident_id = target.id or 0
    session.flush()
    for incident in (source, target):
        session.expire(incident, ["complaints"])
        recount(session, incident)


def _sort_out(
    session: Session, master: Incident, by: Viewer, ids: Iterable[int]
) -> tuple[list[Incident], list[tuple[str, Refusal]]]:
    """Of those asked for and seen: who may come, and who may not, with why."""
    asked = select(Incident).where(
        col(Incident.id).in_({min(id, MOST_ID) for id in ids}), Incident.id != master.id, visible_to(by.audience)
    )
    sources: list[Incident] = []
    refused: list[tuple[str, Refusal]] = []
    for incident in session.exec(asked.order_by(col(Incident.filed_at), col(Incident.id))):
        try:
            incident.allow(STEPS["merge"], by)
            _of_one_kind(incident, master)
        except Refusal as refusal:
            refused.append((incident.number, refusal))
        else:
            sources.append(incident)
    return sources, refused


def _bring(session: Session, sources: list[Incident], master: Incident, of: set[int]) -> list[int]:
    """Their complaints move under the master, all at once. Returns those that came from these."""
    homes = [source.id for source in sources]
    complaints = session.exec(select(Complaint).where(col(Complaint.incident_id).in_(homes))).all()
    fresh = [complaint.id for complaint in complaints if complaint.incident_id in of]
    for complaint in complaints:
        complaint.incident_id = master.id
    session.flush()
    for source in sources:
        session.expire(source, ["complaints"])
        source.photos = source.videos = source.complaint_count = 0
        source.uploading = None
    session.expire(master, ["complaints"])
    recount(session, master)
    return fresh


def _left_behind(session: Session, sources: list[Incident], master: Incident) -> list[Incident]:
    """Those that followed what was merged: from now on they seem to tell of the master. Late ones flow in as these."""
    gone = [source.id for source in sources]
    if master.like_id in gone:
        master.like_id = None
    session.flush()
    return [follower for follower in followers(session, gone) if follower.id not in (master.id, *gone)]


def _of_one_kind(incident: Incident, other: Incident) -> None:
    if incident.exercise != other.exercise:
        raise WrongValue("into", N_("Latihan tidak digabung dengan kejadian nyata."))
    if RESTRICTED in (incident.category_code, other.category_code) and incident.category_code != other.category_code:
        # Its words would be read by those they are about.
        raise WrongValue("into", N_("Laporan tentang petugas tidak digabung dengan kejadian lain."))


def _leader_of(session: Session, incident: Incident) -> Incident:
    return session.get_one(Incident, incident.like_id) if incident.like_id else incident
