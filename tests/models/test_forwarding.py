"""What lies on the ground of a neighbouring command is forwarded there: by two keys, with a reason where the map says
otherwise, told as it is, and counted as no answer of ours."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from console.pages.diary import diary
from models.administration.partners import close_agency, number_agency
from models.city.agency import Agency
from models.city.category import RESTRICTED
from models.errors import NotAllowed, NotYours, Unsure, WrongMoment, WrongValue
from models.incidents.closing import commands, forwarded, ground_of
from models.incidents.dispatch import Dispatch
from models.incidents.incident import Incident
from models.incidents.sight import find
from models.reading.figures import figures
from models.reading.periods import BEGINS, Period
from models.reading.rounds import rounds
from models.time import local, now
from tests.support.law import PLACES, Law, law_of

BINJAI = (3.6, 98.48)


@pytest.fixture
def law(sqlite_url: str) -> Iterator[Law]:
    with law_of(sqlite_url) as law:
        yield law


def beside(law: Law, name: str = "Polres Binjai") -> int:
    return next(one.id for one in law.read(commands) if one.name == name)


def today() -> Period:
    return Period("day", local(now() - timedelta(hours=BEGINS.hour)).date())


def sentence(law: Law, incident: Incident) -> str:
    return law.read(lambda session: diary(session, session.get_one(Incident, incident.id), law.ratna)[0].words)


def test_the_commands_beside_are_those_of_the_map(law: Law) -> None:
    assert [one.name for one in law.read(commands)] == [
        "Polres Binjai",
        "Polres Pelabuhan Belawan",
        "Polresta Deli Serdang",
    ]
    for at, whose in ((BINJAI, "Polres Binjai"), ((3.78331, 98.688591), "Polres Pelabuhan Belawan"), ((3.525316, 98.79835), "Polresta Deli Serdang")):  # fmt: skip
        incident = law.file(at=at)
        theirs = law.read(lambda session, one=incident: ground_of(one, commands(session)))
        assert theirs.name == whose
    assert law.read(lambda session: ground_of(law.file(), commands(session))) is None


def test_whoever_may_close_it_forwards_it_and_its_place_is_the_reason(law: Law) -> None:
    """Before anybody claimed it, too: nobody of ours goes there."""
    law.run(number_agency, law.dewi, beside(law), "061 8821110")
    incident = law.file(at=BINJAI)
    for by in (law.ann, law.damkar):
        with pytest.raises(NotAllowed):
            law.run(
                lambda session, by=by: session.get_one(Incident, incident.id).take("forward", by, command=beside(law))
            )
    law.take(incident, "forward", law.ratna, command=beside(law))
    gone = law.incident(incident.id)
    assert (gone.status, gone.open, gone.outcome, gone.dismissal) == ("forwarded", False, None, None) and gone.closed_at
    to = law.read(lambda session: forwarded(session.get_one(Incident, incident.id)))
    assert (to.name, to.phone) == ("Polres Binjai", "+62618821110")
    assert sentence(law, incident) == "Anda melimpahkan ke Polres Binjai"
    with pytest.raises(WrongMoment, match="dilimpahkan ke komando lain"):
        law.take(incident, "claim", law.hendra)


def test_elsewhere_and_about_officers_only_with_a_reason(law: Law) -> None:
    ours = law.take(law.file(), "claim", law.hendra)
    with pytest.raises(NotYours):
        law.take(ours, "forward", law.ratna, command=beside(law), reason="x")
    with pytest.raises(WrongValue, match="tidak tercatat di wilayah Polres Binjai"):
        law.take(ours, "forward", law.hendra, command=beside(law), reason="  ")
    law.take(ours, "forward", law.hendra, command=beside(law), reason="pelaku lari ke sana")
    assert sentence(law, ours).endswith("melimpahkan ke Polres Binjai: pelaku lari ke sana")
    theirs = law.file(at=BINJAI)
    with pytest.raises(WrongValue, match="Tulis alasannya"):  # the map names another one
        law.take(theirs, "forward", law.hendra, command=beside(law, "Polresta Deli Serdang"))
    with pytest.raises(WrongValue, match="Pilih komando"):
        law.take(theirs, "forward", law.hendra, command=law.damkar.agency_id, reason="x")
    about = law.file(at=BINJAI, category=RESTRICTED)
    with pytest.raises(WrongValue, match="tentang petugas"):
        law.take(about, "forward", law.sari, command=beside(law))
    law.take(about, "forward", law.sari, command=beside(law), reason="anggota di sana")


def test_far_from_their_ground_it_is_asked_twice_with_the_distance(law: Law) -> None:
    def forward(at: tuple[float, float] | None, name: str, **more: Any) -> Incident:
        incident = law.take(law.file(at=at) if at else law.file(), "claim", law.hendra)
        given = {"command": beside(law, name), "reason": "x", "border": PLACES.command_away_m, **more}
        return law.take(incident, "forward", law.hendra, **given)

    for at, name, km in ((None, "Polres Binjai", 13), (BINJAI, "Polresta Deli Serdang", 30)):
        with pytest.raises(Unsure, match=f"{km} km dari wilayah {name}"):
            forward(at, name)
        assert forward(at, name, sure=True).status == "forwarded"
    assert forward(BINJAI, "Polres Binjai").status == "forwarded"  # on it
    assert forward(None, "Polres Binjai", border=lambda name, at: None).status == "forwarded"  # nobody knows


def test_a_closed_command_gets_nothing_and_no_partner_is_one(law: Law) -> None:
    law.run(close_agency, law.dewi, beside(law))
    with pytest.raises(WrongValue, match="Pilih komando"):
        law.take(law.file(at=BINJAI), "forward", law.hendra, command=law.run(
            lambda session: session.exec(select(Agency.id).where(Agency.name == "Polres Binjai")).one()
        ))  # fmt: skip
    with pytest.raises(WrongMoment):
        law.run(number_agency, law.dewi, law.damkar.agency_id, "061 8821110")
    with pytest.raises(WrongValue):
        law.run(number_agency, law.dewi, beside(law, "Polresta Deli Serdang"), "110")
    with pytest.raises(NotAllowed):
        law.run(number_agency, law.sari, beside(law, "Polresta Deli Serdang"), "061 8821110")


def test_what_was_told_stays_what_it_was_when_the_number_changes(law: Law) -> None:
    incident = law.take(law.file(at=BINJAI), "forward", law.ratna, command=beside(law))
    law.run(number_agency, law.dewi, beside(law), "061 8821110")
    assert law.read(lambda session: forwarded(session.get_one(Incident, incident.id))).phone == ""


def test_personnel_come_back_partners_see_no_more_and_a_slip_is_undone(law: Law) -> None:
    incident = law.take(law.file(at=BINJAI), "claim", law.hendra)
    law.take(incident, "refer", law.hendra, agency=law.damkar.agency_id, tier="summary")
    law.send(incident, law.hendra)
    law.take(incident, "forward", law.hendra, command=beside(law))

    def out(session: Session) -> tuple[int, list[str]]:
        row = session.get_one(Incident, incident.id)
        sent = session.exec(select(Dispatch).where(Dispatch.incident_id == row.id)).all()
        return sum(one.cleared_at is None for one in sent), [one.state for one in row.referrals]

    assert law.read(out) == (0, ["ended"])
    law.take(incident, "undo", law.hendra, step="forward")
    assert law.read(out) == (1, ["asked"]) and law.incident(incident.id).status == "dispatched"


def test_nobody_came_there_and_its_reporter_opens_it_again(law: Law) -> None:
    incident = law.take(law.file(at=BINJAI), "forward", law.ratna, command=beside(law))
    with pytest.raises(WrongMoment):
        law.take(incident, "rate", law.ann, stars=5)  # it was no help of ours
    law.take(incident, "reopen", law.ann, reason="Tidak ada yang datang")
    again = law.incident(incident.id)
    assert (again.status, again.closed_at) == ("new", None)
    assert law.read(lambda session: forwarded(session.get_one(Incident, incident.id))) is None


def test_it_is_no_answer_of_ours_in_the_figures(law: Law) -> None:
    """Counted as filed and as forwarded; not as closed, nor with the time that closing took, nor as late nor as open."""
    for done in ("forward", "resolve"):
        incident = law.take(law.file(at=BINJAI), "claim", law.hendra)
        law.take(
            incident, done, law.hendra, **({"command": beside(law)} if done == "forward" else {"outcome": "handled"})
        )
    told = law.read(rounds, now() - timedelta(hours=1), now() + timedelta(hours=1))
    assert [(one.open, bool(one.closed), bool(one.forwarded)) for one in told] == [
        (False, False, True),
        (False, True, False),
    ]
    of = law.read(lambda session: figures(session, law.sari, today()).now)
    counts = {step.name: step.count for step in of.steps}
    assert (of.filed, counts["claim"], counts["close"], of.forwarded) == (2, 2, 1, 1)
    assert next(step for step in of.steps if step.name == "close").span.of == 1


def test_a_command_far_away_is_nobodys_neighbour(law: Law) -> None:
    incident = law.file(at=(3.403062, 98.9))
    assert law.read(lambda session: ground_of(find(session, law.ratna, incident.id), commands(session))) is None
