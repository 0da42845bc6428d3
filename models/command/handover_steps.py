"""What is done at a handover: notes, the frozen list, an answer to each case, two signatures."""

from dataclasses import asdict
from datetime import timedelta

from sqlmodel import Session, select

from models.acts import act
from models.command.apel import start_shift
from models.command.briefs import briefs
from models.command.handover import (
    NAME,
    WORDS,
    Answer,
    Carried,
    HandedCase,
    Handover,
    Noted,
    Side,
    cases,
    find_handover,
    handover_of,
    is_late,
    open_incidents,
)
from models.command.shifts import TIRED, Shift, on_duty, roll, stayed, sums, waiting
from models.command.units import units
from models.errors import N_, NotAllowed, NotFound, Outdated, Unsure, WrongMoment, WrongValue, bounded, need
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.record.event import coming_seq, record, words_print
from models.roles import Role
from models.time import local, now
from models.viewer import Viewer
from models.workflow import OPEN

EARLY = timedelta(hours=1)  # before its time a shift may begin without a question
SIGNED = N_("Sudah ditandatangani: daftar ini tidak berubah lagi.")
NOT_FROZEN = N_("Bekukan daftarnya dahulu.")
NOT_YOURS = N_("Yang menerima adalah regu berikutnya, bukan yang menyerahkan.")


@act
def note_case(session: Session, by: Viewer, incident_id: int, said: Noted, version: int | None = None) -> HandedCase:
    """What the next shift must know of it. Whoever writes first begins the handover."""
    handover = _begun(session)
    if handover.out_at:
        raise WrongMoment(SIGNED)
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound()
    if incident.status not in OPEN:
        raise WrongMoment(N_("Kejadian ini sudah selesai; tidak perlu diserahkan."))
    row = _row(session, handover, incident_id)
    if version is not None and row.id is not None and version != row.version:
        raise Outdated(N_("Catatan ini baru saja diubah orang lain. Baca dulu, lalu tulis lagi."))
    for name, words in asdict(said).items():
        setattr(row, name, bounded(words.strip(), name, NAME if name == "goes_on" else WORDS))
    session.add(row)
    session.flush()
    handover.shift.seq = record(
        session,
        "note_case",
        by,
        handover=handover.id,
        incident=incident_id,
        print=words_print(session, "\n".join(asdict(said).values())),
    )
    return row


@act
def freeze(session: Session, by: Viewer) -> Handover:
    """The list, as the record stands at this moment. Again before the first signature: what changed is answered anew."""
    handover, to = _begun(session), waiting(session)
    if handover.out_at:
        raise WrongMoment(SIGNED)
    if to is None:
        raise WrongMoment(N_("Buka regu berikutnya dan adakan apelnya dahulu: kepada siapa diserahkan?"))
    handover.to_id, handover.to, handover.frozen_at = to.id, to, now()
    handover.frozen_seq = coming_seq(session) - 1
    here = {incident.id: incident for incident in open_incidents(session)}
    for row in cases(session, handover):
        if row.incident_id not in here:
            session.delete(row)
    for incident in here.values():
        _photograph(session, _row(session, handover, incident.id or 0), incident)
    session.flush()
    handover.carried = asdict(_carried(session, handover, to))
    handover.shift.seq = record(
        session, "freeze", by, handover=handover.id, to=to.id, at=handover.frozen_seq, cases=len(here)
    )
    return handover


@act
def accept_case(session: Session, by: Viewer, id: int, version: int | None = None) -> HandedCase:
    row, handover = _answerable(session, by, id, version)
    if row.answer == Answer.ACCEPTED:
        return row
    if row.asks and not handover.in_at:  # after both signatures nobody has to be waited for
        raise WrongMoment(N_("Pertanyaannya belum dijawab {who}."), who=handover.shift.lead.title)
    _answer(session, by, handover, row, Answer.ACCEPTED)
    return row


@act
def accept_rest(session: Session, by: Viewer, id: int) -> int:
    """Whatever waits; never what was sent back. How many that were."""
    handover = find_handover(session, id)
    rest = [row for row in cases(session, handover) if row.answer == Answer.WAITING and row.incident.status in OPEN]
    for row in rest:
        _answerable(session, by, row.id)
        _answer(session, by, handover, row, Answer.ACCEPTED)
    return len(rest)


@act
def send_back(session: Session, by: Viewer, id: int, question: str, version: int | None = None) -> HandedCase:
    row, handover = _answerable(session, by, id, version)
    row.question = bounded(need(question, "question", N_("Tulis pertanyaannya.")), "question", WORDS)
    row.reply, row.replied_at, row.replied_by = "", None, ""
    _answer(session, by, handover, row, Answer.RETURNED)
    return row


@act
def reply_case(session: Session, by: Viewer, id: int, reply: str) -> HandedCase:
    """By the shift that hands over; then it can be accepted."""
    row = _case(session, id)
    if row.answer != Answer.RETURNED:
        raise WrongMoment(N_("Tidak ada pertanyaan yang menunggu."))
    handover = find_handover(session, row.handover_id)
    if by.id is not None and handover.to and by.id == handover.to.lead.officer_id:
        raise NotAllowed(N_("Yang menjawab adalah regu yang menyerahkan."))
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
    if handover.frozen_seq is None or handover.to is None:
        raise WrongMoment(NOT_FROZEN)
    if side == Side.OUT:
        _sign_out(handover, signer)
    else:
        _sign_in(handover, signer)
        _ready(session, handover.to, sure)
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
        start_shift(session, signer.viewer, handover.to.id)
    return handover


def _sign_out(handover: Handover, signer: Officer) -> None:
    if handover.out_at:
        raise WrongMoment(N_("Sudah ditandatangani {who}."), who=handover.out_name)
    if _leads(signer, handover.to):
        raise NotAllowed(NOT_YOURS)
    handover.out_at, handover.out_id, handover.out_name = now(), signer.id, signer.title


def _sign_in(handover: Handover, signer: Officer) -> None:
    if handover.in_at:
        raise WrongMoment(N_("Sudah ditandatangani {who}."), who=handover.in_name)
    if not handover.out_at:
        raise WrongMoment(N_("Yang menyerahkan menandatangani lebih dahulu."))
    if signer.id == handover.out_id or _leads(signer, handover.shift):
        raise NotAllowed(NOT_YOURS)
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


def _begun(session: Session) -> Handover:
    """Of the shift on duty, made when it is first needed."""
    shift = on_duty(session)
    if shift is None:
        raise WrongMoment(N_("Belum ada regu yang bertugas."))
    found = handover_of(session, shift)
    if found is None:
        found = Handover(shift_id=shift.id, shift=shift)
        session.add(found)
        session.flush()
    return found


def _row(session: Session, handover: Handover, incident_id: int) -> HandedCase:
    here = select(HandedCase).where(HandedCase.handover_id == handover.id, HandedCase.incident_id == incident_id)
    return session.exec(here).first() or HandedCase(handover_id=handover.id, incident_id=incident_id)


def _photograph(session: Session, row: HandedCase, incident: Incident) -> None:
    """As it is now. An answer to how it was before is none."""
    if row.seq != incident.seq:
        row.answer, row.answered_at, row.answered_by = Answer.WAITING, None, ""
        row.question = row.reply = row.replied_by = ""
        row.replied_at = None
    row.seq, row.number, row.priority = incident.seq, incident.number, incident.priority
    row.category_code, row.place = incident.category_code, incident.kelurahan
    row.opened_at, row.holder = incident.opened_at, incident.officer.title if incident.officer else ""
    row.late = is_late(incident)
    session.add(row)


def _carried(session: Session, handover: Handover, to: Shift) -> Carried:
    people, cars = roll(session, to), units(session)
    counted = sums(people)
    working = [duty for duty in (*stayed(session), *roll(session, handover.shift)) if duty.there]
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    called = {duty.station_id for duty in people if duty.state is not None}
    return Carried(
        total=counted.total, present=counted.present, uncalled=counted.uncalled,
        why={str(state): n for state, n in counted.why.items() if n},
        uncalled_at=list(dict.fromkeys(duty.station.name for duty in people if duty.station_id not in called)),
        units=len(cars), ready=sum(one.state == "ready" for one in cars),
        out=[one.callsign for one in cars if one.state == "out"],
        broken=[f"{one.callsign} ({one.note})" if one.note else one.callsign for one in cars if one.state == "broken"],
        overnight=[row.number for row in cases(session, handover) if row.opened_at and row.opened_at < midnight],
        tired=[duty.member.title for duty in working if (duty.lasts(now()) or timedelta()) > TIRED],
        briefs=[one.brief.words for one in briefs(session)],
    )  # fmt: skip


def _case(session: Session, id: int) -> HandedCase:
    row = session.get(HandedCase, id)
    if row is None:
        raise NotFound()
    return row


def _answerable(session: Session, by: Viewer, id: int, version: int | None = None) -> tuple[HandedCase, Handover]:
    """By the shift that takes over, of a frozen list, while the case is open."""
    row = _case(session, id)
    handover = find_handover(session, row.handover_id)
    if handover.frozen_seq is None:
        raise WrongMoment(NOT_FROZEN)
    outgoing = handover.out_id or handover.shift.lead.officer_id
    if by.id is not None and by.id == outgoing:
        raise NotAllowed(NOT_YOURS)
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
