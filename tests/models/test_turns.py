"""The turn of a regu as a period, what its apel found, and what stood out of a day."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.command.apel import start_shift
from models.command.highlights import Highlight, highlight, highlighted
from models.command.turns import mustered, turn
from models.errors import NotAllowed, WrongValue
from models.reading.figures import figures
from models.record.event import Event
from tests.support.law import Law
from tests.support.pickets import pickets

DAY = date(2026, 11, 21)


def test_a_turn_is_from_taking_over_to_the_next_and_counts_what_began_in_it(law: Law) -> None:
    with pytest.raises(WrongValue):
        law.read(turn)
    surya, b, c = pickets(law)
    law.file()
    running = law.read(turn)
    assert (running.shift.id, running.over, running.following, running.previous) == (b.id, False, "", "")
    assert law.read(figures, law.sari, running).now.filed == 1
    law.run(start_shift, surya, c.id)
    over = law.read(turn)
    assert (over.shift.id, over.over, over.following) == (b.id, True, str(c.id))
    law.file()
    of_c = law.read(turn, c.id)
    assert (of_c.previous, of_c.begins) == (str(b.id), over.ends)
    assert law.read(figures, law.sari, of_c).now.filed == 1
    with pytest.raises(WrongValue):
        law.read(turn, 0)


def test_strength_is_what_the_apel_of_each_regu_found(law: Law) -> None:
    surya, b, c = pickets(law)
    assert [(one.shift.id, one.sums.uncalled, one.sums.present) for one in law.read(mustered, law.read(turn))] == [
        (b.id, 2, 0)
    ]
    law.run(start_shift, surya, c.id)
    assert [(one.shift.id, one.sums.total, one.sums.present) for one in law.read(mustered, law.read(turn, c.id))] == [
        (c.id, 2, 1)
    ]


def test_the_newest_words_of_a_day_stand_and_none_take_them_back(law: Law) -> None:
    law.run(highlight, law.sari, "2026-11-21", " Tawuran, Sidorejo. \n\n  Begal, Babura. ")
    stands = law.read(highlighted, DAY)
    assert (stands.words, stands.officer.name) == ("Tawuran, Sidorejo.\nBegal, Babura.", "Sari Ginting")
    assert law.read(highlighted, DAY + timedelta(days=1)) is None
    told = law.read(lambda session: session.exec(select(Event).where(Event.step == "highlight")).one())
    assert told.body["day"] == "2026-11-21" and "Tawuran" not in str(told.body)
    law.run(highlight, law.sari, "2026-11-21", " ")
    assert law.read(highlighted, DAY) is None
    assert len(law.read(lambda session: session.exec(select(Highlight)).all())) == 2


@pytest.mark.parametrize(("on", "words"), [("2026-11-21", "x" * 401), ("kemarin", "x"), ("0001-01-01", "x")])
def test_what_no_report_takes(law: Law, on: str, words: str) -> None:
    with pytest.raises(WrongValue):
        law.run(highlight, law.sari, on, words)


@pytest.mark.parametrize("who", ["hendra", "dewi", "ann", "damkar"])
def test_supervisors_alone_write_it(law: Law, who: str) -> None:
    with pytest.raises(NotAllowed):
        law.run(highlight, getattr(law, who), "2026-11-21", "x")
