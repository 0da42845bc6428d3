"""The page of roles: every role has a row, and what it says of sight is said the same way to a query and of one incident."""

from sqlmodel import select

from console.live.screens import VIEWS
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.sight import WHOLE, seen_by, visible_to
from models.roles import RIGHTS, Role, Sees
from models.viewer import Audience
from tests.support.law import BABURA, Law


def test_every_role_has_its_row_and_every_view_a_role() -> None:
    assert set(RIGHTS) == set(Role)
    assert {view for rights in RIGHTS.values() for view in rights.views} == set(VIEWS)


def test_each_role_sees_what_it_is_meant_to_see() -> None:
    """Said once more by hand: whoever makes one of them see more has to say so twice."""
    assert {role: rights.sees for role, rights in RIGHTS.items()} == {
        Role.CITIZEN: Sees.OWN, Role.GUEST: Sees.GRANTED, Role.OFFICER: Sees.ORDINARY, Role.SUPERVISOR: Sees.EVERYTHING,
        Role.ADMIN: Sees.NOTHING, Role.LIAISON: Sees.REFERRED, Role.WALL: Sees.PART, Role.INTAKE: Sees.NOTHING,
        Role.CLOCK: Sees.EVERYTHING,
    }  # fmt: skip


def test_a_query_and_one_incident_say_the_same_to_every_role(law: Law) -> None:
    ordinary, about_officers = law.file(by=law.ann), law.file(by=law.ann, category="OKNUM")
    referred = law.take(
        law.take(law.file(by=law.zed, at=BABURA), "claim", law.hendra),
        "refer",
        law.hendra,
        agency=1,
        tier="full",
        note="api",
        reason="api",
    )
    (granted,) = law.read(
        lambda session: session.exec(select(Complaint.id).where(Complaint.home_id == ordinary.id)).all()
    )
    scopes = {Role.CITIZEN: law.ann.id, Role.GUEST: granted, Role.LIAISON: 1}
    seen: dict[Role, set[int]] = {}
    for role in Role:
        audience = Audience(role, str(scopes.get(role, "")), "id")

        def both(session, audience=audience) -> tuple[set[int], set[int]]:  # type: ignore[no-untyped-def]
            every = session.exec(select(Incident).options(*WHOLE)).all()
            asked = session.exec(select(Incident.id).where(visible_to(audience))).all()
            return {*asked}, {row.id for row in every if seen_by(row, audience)}

        by_query, by_one = law.read(both)
        assert by_query == by_one, role
        seen[role] = by_query
    all_three = {ordinary.id, about_officers.id, referred.id}
    told = {
        Sees.EVERYTHING: all_three,
        Sees.ORDINARY: all_three - {about_officers.id},
        Sees.PART: all_three - {about_officers.id},
        Sees.NOTHING: set[int](),
    }
    told |= {Sees.OWN: {ordinary.id, about_officers.id}, Sees.GRANTED: {ordinary.id}, Sees.REFERRED: {referred.id}}
    assert seen == {role: told[rights.sees] for role, rights in RIGHTS.items()}
