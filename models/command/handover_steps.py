"""What is done at a handover: notes, an answer to each case, two signatures. Its list is frozen in freezing.py."""

from dataclasses import asdict, replace
from datetime import timedelta

from sqlmodel import Session, select

from models.acts import act
from models.command.apel import start_shift
from models.command.freezing import begun
from models.command.handover import (
    NAME,
    WORDS,
    Answer,
    HandedCase,
    Handover,
    Noted,
    Side,
    cases,
    find_handover,
    holder_of,
)
from models.command.handover_sides import NOT_FROZEN, OF_IN, check
from models.command.handover_since import at_signing, rewritten
from models.command.shifts import Shift, roll, sums
from models.errors import N_, NotAllowed, NotFound, Outdated, Unsure, WrongMoment, WrongValue, bounded, need
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.record.event import record, words_print
from models.roles import Role
from models.time import now
from models.viewer import Viewer
from models.workflow import OPEN

EARLY = timedelta(hours=1)  # before its time a shift may begin without a question


@act
def note_case(session: Session, by: Viewer, incident_id: int, said: Noted, version: int | None = None) -> HandedCase:
    """What the next shift must know of it. Whoever writes first begins the handover; other words than were accepted are
    accepted anew."""
    handover = begun(session)
    check(session, by, "note_case", handover)
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound()
    if incident.status not in OPEN:
        raise WrongMoment(N_("Kejadian ini sudah selesai; tidak perlu diserahkan."))
    row = _row(session, handover, incident_id)
    if version is not None and row.id is not None and version != row.version:
        raise Outdated(N_("Catatan ini baru saja diubah orang lain. Baca dulu, lalu tulis lagi."))
    words = _bounded(said, holder_of(incident) if row.seq is None else row.holder)
    if row.id is not None and words == Noted(row.happened, row.may_happen, row.goes_on):
        return row
    row.happened, row.may_happen, row.goes_on = words.happened, words.may_happen, words.goes_on
    if row.answer == Answer.ACCEPTED:
        row.answer, row.answered_at, row.answered_by = Answer.WAITING, None, ""
    session.add(row)
    session.flush()
    noted = words_print(session, "\n".join(asdict(words).values()))
    handover.shift.seq = record(session, "note_case", by, handover=handover.id, incident=incident_id, print=noted)
    return row


def _bounded(said: Noted, holder: str) -> Noted:
    """As it is kept. The holder's own name is not: who goes on with it follows the case until the list is frozen."""
    kept = {
        name: bounded(words.strip(), name, NAME if name == "goes_on" else WORDS) for name, words in asdict(said).items()
    }
    return replace(Noted(**kept), goes_on="" if kept["goes_on"] == holder else kept["goes_on"])


@act
def accept_case(session: Session, by: Viewer, id: int, version: int | None = None) -> HandedCase:
    row, handover = _answerable(session, by, id, "accept_case", version)
    if row.answer == Answer.ACCEPTED:
        return row
    if row.asks and not handover.in_at:  # after both signatures nobody has to be waited for
        raise WrongMoment(N_("Pertanyaannya belum dijawab {who}."), who=handover.shift.lead.title)
    _answer(session, by, handover, row, Answer.ACCEPTED)
    return row


@act
def accept_rest(session: Session, by: Viewer, id: int, seen: int | None = None) -> int:
    """Whatever waits; never what was sent back. How many that were. `seen`: the newest event of this handover that they
    have read."""
    handover = find_handover(session, id)
    check(session, by, "accept_rest", handover)
    if seen is not None and any(one.seq > seen for one in rewritten(session, handover).values()):
        raise Outdated(N_("Sebuah catatan baru saja ditulis ulang. Baca dulu, lalu terima."))
    rest = [row for row in cases(session, handover) if row.answer == Answer.WAITING and row.incident.status in OPEN]
    for row in rest:
        _answer(session, by, handover, row, Answer.ACCEPTED)
    return len(rest)


@act
def send_back(session: Session, by: Viewer, id: int, question: str, version: int | None = None) -> HandedCase:
    row, handover = _answerable(session, by, id, "send_back", version)
    row.question = bounded(need(question, "question", N_("Tulis pertanyaannya.")), "question", WORDS)
    row.reply, row.replied_at, row.replied_by = "", None, ""
    _answer(session, by, handover, row, Answer.RETURNED)
    return row


@act
def reply_case(session: Session, by: Viewer, id: int, reply: str) -> HandedCase:
    """By the shift that hands over; then it can be accepted."""
    row = _case(session, id)
    handover = find_handover(session, row.handover_id)
    check(session, by, "reply_case", handover)
    if row.answer != Answer.RETURNED:
        raise WrongMoment(N_("Tidak ada pertanyaan yang menunggu."))
    row.reply = bounded(need(reply, "reply", N_("Tulis jawabannya.")), "reply", WORDS)
    row.replied_at, row.replied_by = now(), by.name
    handover.shift.seq = record(
        session,
        "reply_case",
        by,
        handover=handover.id,
        incident=row.incident_id,
        print=words_print(session, row.reply),
    )
    return row


@act
def sign_handover(session: Session, by: Viewer, id: int, side: str, signer_id: int, sure: bool = False) -> Handover:
    """`signer_id`: a supervisor whose password was given just now. The first hands the frozen list over; with the second
    the next shift is on duty, and what it did not accept stays with the first, by name."""
    handover, signer = find_handover(session, id), session.get(Officer, signer_id)
    if signer is None or not signer.active or signer.power != Role.SUPERVISOR:
        raise WrongValue("login", N_("Yang menandatangani adalah seorang pengawas."))
    if side not in [*Side]:
        raise WrongValue("side", N_("Pilih salah satu."))
    check(session, by, "sign_handover", handover)
    to = handover.to
    if to is None:
        raise WrongMoment(NOT_FROZEN)
    if side == Side.OUT:
        _sign_out(handover, signer)
    else:
        handover.carried = handover.carried | at_signing(session, handover)
        _sign_in(handover, signer)
        _ready(session, to, sure)
    handover.shift.seq = seq = record(
        session,
        "sign_handover",
        by,
        handover=handover.id,
        side=side,
        person=signer.id,
        name=signer.title,
        cases=len(cases(session, handover)),
    )
    if side == Side.IN:
        handover.done_seq = seq
        start_shift(session, signer.viewer, to.id)
    return handover


def _sign_out(handover: Handover, signer: Officer) -> None:
    if handover.out_at:
        raise WrongMoment(N_("Sudah ditandatangani {who}."), who=handover.out_name)
    if _leads(signer, handover.to):
        raise NotAllowed(OF_IN)
    handover.out_at, handover.out_id, handover.out_name = now(), signer.id, signer.title


def _sign_in(handover: Handover, signer: Officer) -> None:
    if handover.in_at:
        raise WrongMoment(N_("Sudah ditandatangani {who}."), who=handover.in_name)
    if not handover.out_at:
        raise WrongMoment(N_("Yang menyerahkan menandatangani lebih dahulu."))
    if signer.id == handover.out_id or _leads(signer, handover.shift):
        raise NotAllowed(OF_IN)
    handover.in_at, handover.in_id, handover.in_name = now(), signer.id, signer.title


def _ready(session: Session, to: Shift, sure: bool) -> None:
    """A shift that begins by a slip, hours early or with nobody there, is asked about."""
    early = to.starts - now()
    present = sums(roll(session, to)).present
    if not sure and early > EARLY:
        hours, minutes = divmod(int(early.total_seconds()) // 60, 60)
        raise Unsure(N_("Regu {regu} baru mulai {hours} jam {minutes} menit lagi. Benar mulai sekarang?"),
                     regu=to.regu, hours=hours, minutes=minutes)  # fmt: skip
    if not sure and not present:
        raise Unsure(N_("Belum seorang pun dari Regu {regu} dicatat hadir. Benar mulai sekarang?"), regu=to.regu)


def _leads(officer: Officer, shift: Shift | None) -> bool:
    return shift is not None and shift.lead.officer_id == officer.id


def _row(session: Session, handover: Handover, incident_id: int) -> HandedCase:
    here = select(HandedCase).where(HandedCase.handover_id == handover.id, HandedCase.incident_id == incident_id)
    return session.exec(here).first() or HandedCase(handover_id=handover.id, incident_id=incident_id)


def _case(session: Session, id: int) -> HandedCase:
    row = session.get(HandedCase, id)
    if row is None:
        raise NotFound()
    return row


def _answerable(
    session: Session, by: Viewer, id: int, name: str, version: int | None = None
) -> tuple[HandedCase, Handover]:
    """Of a frozen list, while the case is open."""
    row = _case(session, id)
    handover = find_handover(session, row.handover_id)
    check(session, by, name, handover)
    if row.incident.status not in OPEN:
        raise WrongMoment(N_("{number} sudah selesai sesudah dibekukan; tidak perlu diterima."), number=row.number)
    if version is not None and version != row.version:
        raise Outdated(N_("Baris ini baru saja dijawab orang lain."))
    return row, handover


def _answer(session: Session, by: Viewer, handover: Handover, row: HandedCase, answer: Answer) -> None:
    row.answer, row.answered_at, row.answered_by = answer, now(), by.name
    session.flush()
    about = {"handover": handover.id, "incident": row.incident_id}
    if answer is Answer.ACCEPTED:
        handover.shift.seq = record(session, "accept_case", by, **about)
    else:
        handover.shift.seq = record(session, "send_back", by, print=words_print(session, row.question), **about)
