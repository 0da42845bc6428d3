"""The second factor in the law: one's own to add and drop, owed, taken once, and opened again by whoever may."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.errors import NotAllowed, NotFound, Outdated, WrongMoment, WrongValue
from models.people.factors import (
    MOST,
    Factor,
    FactorKind,
    add_factor,
    code_used,
    codes_left,
    drop_factor,
    end_seats,
    factor_used,
    factors_of,
    renew_codes,
    require_factor,
    reset_factors,
)
from models.people.officers import Officer
from models.people.sessions import SignIn, sign_in
from models.people.staff import colleagues
from models.record.event import Event
from models.time import now
from models.viewer import Viewer
from tests.support.law import Law

LATER = timedelta(seconds=1)


def app(name: str = "HP dinas", **more: int) -> Factor:
    return Factor(kind=FactorKind.APP, name=name, sealed="sealed", **more)


def passkey(credential: str) -> Factor:
    return Factor(kind=FactorKind.PASSKEY, name="USB", credential=credential, public_key="public")


def added(law: Law, by: Viewer, factor: Factor | None = None, codes: tuple[str, ...] = ("a", "b")) -> int:
    law.run(add_factor, by, factor or app(), list(codes))
    return law.read(lambda session: factors_of(session, by.id or 0)[-1].id)


def officer(law: Law, by: Viewer) -> Officer:
    return law.read(lambda session: session.get_one(Officer, by.id))


def steps(law: Law) -> list[str]:
    return law.read(lambda session: [event.step for event in session.exec(select(Event).order_by(Event.seq))])


def test_the_first_factor_comes_with_codes_and_the_last_takes_them_along(law: Law) -> None:
    assert law.run(add_factor, law.hendra, app(), ["a", "b"]) is True
    assert law.run(add_factor, law.hendra, passkey("k"), ["c"]) is False
    assert officer(law, law.hendra).has_factor
    assert law.read(codes_left, law.hendra.id) == 2
    first, second = law.read(factors_of, law.hendra.id)
    law.run(drop_factor, law.hendra, first.id)
    assert officer(law, law.hendra).has_factor and law.read(codes_left, law.hendra.id) == 2
    law.run(drop_factor, law.hendra, second.id)
    assert not officer(law, law.hendra).has_factor and law.read(codes_left, law.hendra.id) == 0
    assert steps(law)[-4:] == ["add_factor", "add_factor", "drop_factor", "drop_factor"]


def test_nobody_drops_a_colleagues(law: Law) -> None:
    theirs = added(law, law.hendra)
    with pytest.raises(NotFound):
        law.run(drop_factor, law.ratna, theirs)


def test_who_owes_one_keeps_the_last(law: Law) -> None:
    law.run(require_factor, law.dewi, law.hendra.id, True)
    assert officer(law, law.hendra).viewer.must_add
    only = added(law, law.hendra)
    assert not officer(law, law.hendra).viewer.must_add
    with pytest.raises(WrongMoment):
        law.run(drop_factor, law.hendra, only)
    law.run(require_factor, law.dewi, law.hendra.id, False)
    law.run(drop_factor, law.hendra, only)


def test_what_changes_nothing_is_no_event(law: Law) -> None:
    law.run(require_factor, law.dewi, law.hendra.id, False)
    assert "require_factor" not in steps(law)


def test_a_code_counts_once_and_an_older_one_not_at_all(law: Law) -> None:
    mine = added(law, law.hendra, app(step=100))
    for stale in (99, 100):
        with pytest.raises(WrongValue):
            law.run(lambda session, step=stale: factor_used(session, mine, now(), step=step))
    law.run(lambda session: factor_used(session, mine, now(), step=101))
    with pytest.raises(WrongValue):
        law.run(lambda session: factor_used(session, mine, now() + LATER, step=101))


def test_one_password_lets_in_once(law: Law) -> None:
    """Whatever was begun before the last use is over, by whichever factor: also for who listened to it."""
    mine, begun = added(law, law.hendra, passkey("k"), ("a", "b")), now()
    law.run(lambda session: factor_used(session, mine, begun, count=1))
    with pytest.raises(Outdated):
        law.run(lambda session: factor_used(session, mine, begun, count=2))
    with pytest.raises(Outdated):
        law.run(code_used, law.hendra.id, "a", begun)
    law.run(code_used, law.hendra.id, "a", now() + LATER)
    with pytest.raises(WrongValue):
        law.run(code_used, law.hendra.id, "a", now() + 2 * LATER)
    assert law.read(codes_left, law.hendra.id) == 1


def test_a_code_of_a_colleague_opens_nothing(law: Law) -> None:
    added(law, law.ratna, codes=("theirs",))
    with pytest.raises(WrongValue):
        law.run(code_used, law.hendra.id, "theirs", now())


def test_a_new_sheet_ends_the_old_one_and_needs_a_factor(law: Law) -> None:
    with pytest.raises(WrongMoment):
        law.run(renew_codes, law.hendra, ["x"])
    added(law, law.hendra)
    law.run(renew_codes, law.hendra, ["x"])
    with pytest.raises(WrongValue):
        law.run(code_used, law.hendra.id, "a", now())
    law.run(code_used, law.hendra.id, "x", now())


def test_one_passkey_is_one_persons_and_nobody_hoards(law: Law) -> None:
    added(law, law.hendra, passkey("k"))
    with pytest.raises(WrongMoment):
        law.run(add_factor, law.ratna, passkey("k"), [])
    for number in range(MOST - 1):
        added(law, law.hendra, passkey(f"k{number}"))
    with pytest.raises(WrongValue):
        law.run(add_factor, law.hendra, passkey("one more"), [])
    with pytest.raises(WrongValue):
        law.run(add_factor, law.ratna, app(" "), [])


def test_a_supervisor_opens_a_door_again_and_every_screen_closes(law: Law) -> None:
    added(law, law.hendra)
    law.run(lambda session: sign_in(session, session.get_one(Officer, law.hendra.id), "a session") and None)
    law.run(reset_factors, law.sari, law.hendra.id)
    assert not officer(law, law.hendra).has_factor and law.read(codes_left, law.hendra.id) == 0
    assert not law.read(lambda session: session.exec(select(SignIn).where(SignIn.officer_id == law.hendra.id)).all())
    assert steps(law)[-2:] == ["reset_factors", "revoke"]


@pytest.mark.parametrize("act", [reset_factors, end_seats])
def test_whose_door_is_not_theirs_to_open(law: Law, act: object) -> None:
    for by, whose in (
        (law.sari, law.dewi),  # an administrator's is another administrator's
        (law.sari, law.sari),  # one's own goes through one's own page
        (law.dewi, law.dewi),
        (law.hendra, law.ratna),
        (law.ann, law.hendra),
    ):
        with pytest.raises(NotAllowed):
            law.run(act, by, whose.id)
    with pytest.raises(NotFound):
        law.run(act, law.sari, 9999)


def test_the_list_says_what_each_has_and_whose_is_mine_to_change(law: Law) -> None:
    added(law, law.hendra)
    added(law, law.hendra, passkey("k"))
    law.run(lambda session: sign_in(session, session.get_one(Officer, law.ratna.id), "hers", agent="Firefox") and None)
    listed = {one.person.id: one for one in law.read(colleagues, law.sari)}
    assert listed[law.hendra.id or 0].kinds == [FactorKind.APP, FactorKind.PASSKEY]
    assert len(listed[law.ratna.id or 0].seats) == 1 and not listed[law.ratna.id or 0].kinds
    assert listed[law.ratna.id or 0].mine_to_change and not listed[law.dewi.id or 0].mine_to_change
    assert not listed[law.sari.id or 0].mine_to_change
