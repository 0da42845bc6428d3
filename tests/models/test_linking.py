"""A partner where nobody signs in: the law takes no words for it, and no longer sight of a case it has no sight of."""

from typing import Any

import pytest

from console.door.viewer import hash_of
from models.administration.people import enlist, retire
from models.errors import WrongMoment
from models.incidents.incident import Incident
from models.incidents.linking import answer_by_link
from models.incidents.referral import Referral
from tests.outbox.test_link import bpbd, linked_to, referred
from tests.support.law import Law

STEPS: list[tuple[str, dict[str, Any]]] = [("consult", {"words": "masuk dari utara"}), ("extend", {})]


@pytest.mark.parametrize("after", ["asked", "link sent", "answered by link"])
def test_where_nobody_signs_in_no_words_are_taken_and_no_time_is_given(law: Law, after: str) -> None:
    incident = referred(law)
    if after != "asked":
        secret = linked_to(law, incident)
    if after == "answered by link":
        law.run(answer_by_link, hash_of(secret), "accept", "dua mobil")
    before = stands(law, incident)
    for step, given in STEPS:
        with pytest.raises(WrongMoment, match="hubungi lewat telepon"):
            law.take(incident, step, law.hendra, **given)
    assert stands(law, incident) == before


def test_one_who_may_sign_in_is_written_to_until_the_last_is_out(law: Law) -> None:
    incident = referred(law)
    given: Any = {"login": "posko", "name": "Posko", "role": "liaison", "password": "-", "agency_id": bpbd(law)}
    one = law.run(lambda session: enlist(session, law.dewi, **given))
    for step, words in STEPS:
        law.take(incident, step, law.hendra, **words)
    assert stands(law, incident)[1] == 1
    law.run(retire, law.dewi, one.id)
    for step, words in STEPS:
        with pytest.raises(WrongMoment, match="tidak ada yang dapat masuk"):
            law.take(incident, step, law.hendra, **words)


def test_with_two_partners_a_step_without_a_number_says_why_it_is_refused_for_the_first(law: Law) -> None:
    """And goes to the second by its number."""
    incident = referred(law)
    law.take(incident, "refer", law.hendra, agency=law.damkar.agency_id, tier="full")
    second = law.read(lambda session: session.get_one(Incident, incident.id).referrals[1].id)
    with pytest.raises(WrongMoment, match="Bencana"):
        law.take(incident, "consult", law.hendra, words="siapa")
    law.take(incident, "consult", law.hendra, words="hanya damkar", referral=second)


def stands(law: Law, incident: Incident) -> tuple[Any, int]:
    def look(session: Any) -> tuple[Any, int]:
        row: Referral = session.get_one(Incident, incident.id).referrals[0]
        return row.until, row.to_partner

    return law.read(look)
