"""Whose an act of a handover is, and until when: what its row says (models/acts.py), asked of who is there.

The words are those of the shift that gives: whoever takes reads, asks and accepts them, and never writes them.
"""

from sqlmodel import Session

from models.acts import ACTS, Act
from models.command.handover import Handover
from models.command.shifts import Shift, on_duty, waiting
from models.errors import N_, NotAllowed, Refusal, WrongMoment
from models.viewer import Viewer

SIGNED = N_("Sudah ditandatangani: daftar ini tidak berubah lagi.")
NOT_FROZEN = N_("Bekukan daftarnya dahulu.")
ASKED_BEFORE = N_("Bertanya hanya sebelum yang menyerahkan menandatangani. Sekarang: terima, atau tetap padanya.")
OF_OUT = N_("Yang menulis, membekukan, dan menjawab adalah regu yang menyerahkan.")
OF_IN = N_("Yang menerima adalah regu berikutnya, bukan yang menyerahkan.")


def stage(handover: Handover | None) -> str:
    if handover is None or handover.frozen_seq is None:
        return "written"
    if handover.in_at:
        return "done"
    return "given" if handover.out_at else "frozen"


def check(session: Session, by: Viewer, name: str, handover: Handover) -> None:
    if refused := _refused(session, by, ACTS[name], handover):
        raise refused


def may(session: Session, by: Viewer, handover: Handover | None) -> set[str]:
    """What a screen of this handover offers them. None: nobody has begun the one of the shift on duty."""
    if handover is None and on_duty(session) is None:
        return set()
    rows = (act for act in ACTS.values() if act.stages and by.role in act.who)
    return {act.name for act in rows if not _refused(session, by, act, handover)}


def _refused(session: Session, by: Viewer, act: Act, handover: Handover | None) -> Refusal | None:
    here = stage(handover)
    if here not in act.stages:
        if here == "written":
            return WrongMoment(NOT_FROZEN)
        return WrongMoment(ASKED_BEFORE if act.name == "send_back" else SIGNED)
    gives, takes = _sides(session, handover)
    if act.side == "out" and by.id in takes - gives:
        return NotAllowed(OF_OUT)
    if act.side == "in" and by.id in gives:
        return NotAllowed(OF_IN)
    return None


def _sides(session: Session, handover: Handover | None) -> tuple[set[int], set[int]]:
    """Who is of which side by name: who leads it, and who signed for it. Another supervisor may help either."""
    giving, taking = (handover.shift, handover.to) if handover else (on_duty(session), None)
    signed = (handover.out_id, handover.in_id) if handover else (None, None)
    return _people(giving, signed[0]), _people(taking or waiting(session), signed[1])


def _people(shift: Shift | None, signer: int | None) -> set[int]:
    return {id for id in (shift.lead.officer_id if shift else None, signer) if id is not None}
