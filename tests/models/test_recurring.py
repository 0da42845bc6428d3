"""Where it happens again: three and more, within two hundred metres, in thirty days, of what is known exactly."""

from datetime import timedelta

import pytest

from console.ground.points import distance_m
from models.errors import NotAllowed
from models.incidents.incident import Incident
from models.reading.recurring import Recurring, recurring
from models.time import now
from tests.support.law import Law

HERE = (3.5796, 98.6585)
METRE = 1 / 111_320  # in degrees of latitude


def north(metres: float) -> tuple[float, float]:
    return HERE[0] + metres * METRE, HERE[1]


def found(law: Law) -> list[Recurring]:
    return law.read(lambda session: recurring(session, law.sari, distance_m))  # type: ignore[no-any-return]


def test_three_near_one_are_a_place_and_each_counts_at_one_alone(law: Law) -> None:
    first, middle, last = (law.file(at=north(metres)) for metres in (0, 190, 380))
    assert [(place.middle.id, {one.id for one in place.incidents}) for place in found(law)] == [
        (middle.id, {first.id, middle.id, last.id})
    ]
    for _ in range(4):
        law.file(at=north(560), category="CURANMOR")  # 180 m from the last, which has most of them near it now
    place, *others = found(law)
    assert (place.middle.id, len(place.incidents), others) == (last.id, 6, [])
    assert place.kinds == [("CURANMOR", 4), ("CURAS_BEGAL", 2)]


def test_what_is_far_old_unknown_or_nothing_makes_no_place(law: Law) -> None:
    old, long_ago = law.file(at=north(0)), now() - timedelta(days=31)
    law.run(lambda session: setattr(session.get_one(Incident, old.id), "filed_at", long_ago))
    law.file(at=north(0))
    law.file(at=north(210))
    law.file(nowhere=True)
    law.file(at=north(10), exercise=True)
    empty = law.take(law.file(at=north(20)), "claim", law.hendra)
    law.take(empty, "dismiss", law.hendra, reason="empty")
    assert found(law) == []
    law.file(at=north(-30))
    assert found(law) == []
    law.file(at=north(-40))
    assert [len(place.incidents) for place in found(law)] == [3]


@pytest.mark.parametrize("who", ["hendra", "dewi", "ann", "damkar"])
def test_supervisors_alone_read_it(law: Law, who: str) -> None:
    with pytest.raises(NotAllowed):
        law.read(lambda session: recurring(session, getattr(law, who), distance_m))
