"""Serah terima, each side of it: whose words are accepted, until when one may ask, who goes on with what, what came since."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from models.command.freezing import freeze
from models.command.handover import Answer, Handover, Line, Noted, Side, handover_of, lines
from models.command.handover_sides import may
from models.command.handover_since import rewritten, since_frozen
from models.command.handover_steps import accept_case, accept_rest, note_case, reply_case, send_back
from models.errors import NotAllowed, Outdated, WrongMoment
from models.reading.journal import journal
from models.time import now
from models.viewer import Viewer
from tests.models.test_handover import Night, row_of
from tests.support.law import Law
from tests.support.pickets import pickets
from tests.support.statements import asked_of

# Which side may do it, by the stage of the handover; said here once more by hand. Signing is each side's, by a password.
MAY = """
written: out note_case freeze
frozen: out note_case freeze reply_case; in accept_case accept_rest send_back
given: out reply_case; in accept_case accept_rest
done: out reply_case; in accept_case accept_rest
"""


@pytest.fixture
def two(law: Law) -> Night:
    """Two open cases; Hendra has the first."""
    night = Night(law, *pickets(law))
    night.open = [law.file(), law.file()]
    law.take(night.open[0], "claim", law.hendra)
    return night


def offered(night: Night, to: Viewer) -> set[str]:
    found: set[str] = night.law.read(lambda session: may(session, to, handover_of(session, night.b)))
    return found


def line_of(night: Night, n: int = 0) -> Line:
    def read(session: Session) -> Line:
        return next(one for one in lines(session, handover_of(session, night.b)) if one.incident_id == night.open[n].id)

    line: Line = night.law.read(read)
    return line


def test_each_act_is_of_one_side_and_of_its_stages(two: Night) -> None:
    moves = {
        "written": lambda: None,
        "frozen": two.freeze,
        "given": lambda: two.sign(Side.OUT, two.law.sari),
        "done": lambda: two.sign(Side.IN, two.surya),
    }
    for told in MAY.strip().splitlines():
        stage, sides = told.split(": ")
        moves[stage]()
        by_hand = {side: set(acts) for side, *acts in (part.split() for part in sides.split("; "))}
        for side, who in (("out", two.law.sari), ("in", two.surya)):
            assert offered(two, who) - {"sign_handover"} == by_hand.get(side, set()), (stage, side)
            assert ("sign_handover" in offered(two, who)) == (stage in ("frozen", "given"))


def test_whoever_takes_over_writes_none_of_the_words_and_the_law_refuses_them(two: Night) -> None:
    id = two.open[0].id
    with pytest.raises(NotAllowed, match="menyerahkan"):  # before it is frozen too
        two.run(note_case, two.surya, id, Noted("karangan"))
    two.run(note_case, two.law.sari, id, Noted("4 personel menyisir"))
    two.freeze()
    two.run(accept_case, two.surya, row_of(two, two.open[0]).id)
    for refused in (lambda: two.run(note_case, two.surya, id, Noted("karangan")), lambda: two.run(freeze, two.surya)):
        with pytest.raises(NotAllowed, match="menyerahkan"):
            refused()
    row = row_of(two, two.open[0])
    assert (row.happened, row.answer) == ("4 personel menyisir", Answer.ACCEPTED)


def test_words_that_change_after_the_freeze_say_so_and_are_accepted_anew(two: Night) -> None:
    id = two.open[0].id
    two.run(note_case, two.law.sari, id, Noted("4 personel menyisir"))
    first, _ = two.freeze()
    assert two.law.read(rewritten, two.handover()) == {}  # what was written before is what was frozen
    two.run(accept_case, two.surya, first.id)
    seen = two.law.read(lambda session: handover_of(session, two.b).shift.seq)
    two.run(note_case, two.law.sari, id, Noted("4 personel menyisir"))  # the same words are no news
    assert row_of(two, two.open[0]).answer == Answer.ACCEPTED
    stale = row_of(two, two.open[0]).version
    two.run(note_case, two.law.sari, id, Noted("pelaku sudah ditangkap"))
    row, news = row_of(two, two.open[0]), two.law.read(rewritten, two.handover())
    assert (row.answer, row.answered_by, row.happened) == (Answer.WAITING, "", "pelaku sudah ditangkap")
    assert set(news) == {id} and news[id].who == "AKP Sari Ginting" and news[id].at >= two.handover().frozen_at
    with pytest.raises(Outdated):
        two.run(accept_case, two.surya, row.id, version=stale)
    with pytest.raises(Outdated, match="ditulis ulang"):
        two.run(accept_rest, two.surya, two.handover().id, seen)  # one press for words nobody there has read
    assert two.run(accept_rest, two.surya, two.handover().id, news[id].seq) == 2
    two.sign(Side.OUT, two.law.sari)
    two.sign(Side.IN, two.surya)
    assert two.law.read(rewritten, two.handover()) == news  # on paper as well


def test_who_goes_on_follows_the_case_until_it_is_frozen(two: Night) -> None:
    two.run(note_case, two.law.sari, two.open[0].id, Noted("x", "", "Aipda Hendra Siregar"))  # as the form has it
    two.law.take(two.open[0], "reassign", two.law.sari, officer=two.law.ratna.id, reason="beban")
    assert (line_of(two).goes_on, line_of(two).held_by) == (two.law.ratna.name, "")
    two.freeze()
    two.law.take(two.open[0], "reassign", two.law.sari, officer=two.law.hendra.id, reason="beban")
    assert line_of(two).goes_on == two.law.ratna.name  # frozen is frozen
    two.run(note_case, two.law.sari, two.open[1].id, Noted("x", "", "Bripka Yusuf"))
    two.law.take(two.open[1], "claim", two.law.hendra)
    two.freeze()
    assert (line_of(two, 1).goes_on, line_of(two, 1).held_by) == ("Bripka Yusuf", "Aipda Hendra Siregar")


def test_asking_ends_with_the_first_signature_and_what_was_asked_is_answered_whenever(two: Night) -> None:
    first, second = two.freeze()
    two.run(send_back, two.surya, first.id, "Basarnas sudah dihubungi?")
    two.sign(Side.OUT, two.law.sari)
    with pytest.raises(WrongMoment, match="menandatangani"):
        two.run(send_back, two.surya, second.id, "CCTV?")
    two.sign(Side.IN, two.surya)
    with pytest.raises(NotAllowed):
        two.run(reply_case, two.surya, first.id, "sendiri")
    two.run(reply_case, two.law.sari, first.id, "Ya, 22.40")
    assert two.run(accept_case, two.surya, first.id).answer == Answer.ACCEPTED


def test_what_came_between_the_freeze_and_the_signatures_is_named_afterwards_too(two: Night) -> None:
    two.freeze()
    mine, free = two.law.file(category="KEBAKARAN"), two.law.file()
    two.law.take(mine, "claim", two.law.ratna)

    def since(handover: Handover) -> list[tuple[Any, ...]]:
        found = two.law.read(lambda session: since_frozen(session, handover))
        return [(one.number, one.holder, one.what.kelurahan) for one in found.new]

    before = since(two.handover())
    assert {row[:2] for row in before} == {(mine.number, two.law.ratna.name), (free.number, "")}
    two.sign(Side.OUT, two.law.sari)
    two.sign(Side.IN, two.surya)
    two.law.take(free, "claim", two.law.hendra)  # later, and no news of this handover
    two.law.file()
    assert since(two.handover()) == before


def test_the_journal_names_the_case_of_each_act(two: Night) -> None:
    first, _ = two.freeze()
    two.run(accept_case, two.surya, first.id)

    def told(session: Session) -> dict[str, str]:
        rows = journal(session, two.law.sari, since=now() - timedelta(hours=1), until=now() + timedelta(hours=1))
        return {row.event.step: row.incident.number if row.incident else "" for row in rows}

    found = two.law.read(told)
    assert found["accept_case"] == first.number and found["freeze"] == ""


def frozen_with(night: Night, cases: int) -> int:
    """How many statements a freeze makes with so many more cases, the second as well."""
    for _ in range(cases):
        night.open.append(night.law.file())
    made = []
    for _ in range(2):
        with asked_of(night.law.writer._engine) as asked:
            night.freeze()
        made.append(len(asked))
    return max(made)


def test_a_freeze_asks_no_question_for_each_case(two: Night) -> None:
    few = frozen_with(two, 3)
    assert frozen_with(two, 25) <= few
