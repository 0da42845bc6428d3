"""Twice is once: retries of a filing and of acts, and twenty hands on one claim; over HTTP, in one process and in two."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from httpx2 import Client, Response
from sqlmodel import Session, col, func, select

from models.command.audit import verify
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.record.event import Event
from models.roles import Role
from models.viewer import Viewer
from tests.support.law import KEY
from tests.support.serving import Cast, browser, cast_of, child, in_thread, report

HX = {"hx-request": "true"}
JSON = {"accept": "application/json"}


@pytest.fixture
def city(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[tuple[Cast, list[Any]]]:
    """One server on SQLite; on PostgreSQL two, in processes of their own."""
    with ExitStack() as stack:
        cast = stack.enter_context(cast_of(database_url, redis_url))
        if database_url.startswith("sqlite"):
            yield cast, [stack.enter_context(in_thread(cast, tmp_path, redis_url))]
        else:
            yield cast, [stack.enter_context(child(cast, tmp_path / name, redis_url)) for name in "ab"]


def at_once(visits: list[Callable[[], Response]]) -> list[Response]:
    """All of them, as nearly at the same moment as it goes."""
    line = Barrier(len(visits), timeout=20)

    def visit(act: Callable[[], Response]) -> Response:
        line.wait()
        return act()

    with ThreadPoolExecutor(len(visits)) as crowd:
        return list(crowd.map(visit, visits))


def recruits(cast: Cast, count: int) -> list[tuple[Viewer, str]]:
    """So many more officers, signed in."""

    def enlist(session: Session) -> list[Viewer]:
        rows = [Officer(login=f"o{n}", name=f"Petugas {n:02}", role=Role.OFFICER, password="-") for n in range(count)]
        session.add_all(rows)
        session.flush()
        return [row.viewer for row in rows]

    return [(viewer, f"siaga={cast.sign_in(viewer, f'o {viewer.id}')}") for viewer in cast.run(enlist)]


def counted(cast: Cast, what: Any) -> int:
    return int(cast.read(lambda session: session.exec(select(func.count()).select_from(what)).one()))


def test_twenty_officers_claim_one_incident_and_one_has_it(city: tuple[Cast, list[Any]]) -> None:
    cast, servers = city
    incident, officers = cast.file(), recruits(cast, 20)
    with ExitStack() as stack:
        visits = []
        for n, (_, cookie) in enumerate(officers):
            client = stack.enter_context(browser(servers[n % len(servers)], cookie))
            client.get("/health")  # the line stands
            visits.append(lambda client=client: client.post(f"/incidents/{incident.id}/claim", headers=HX))
        answers = at_once(visits)
    assert Counter(answer.status_code for answer in answers) == {204: 1, 409: 19}
    won = cast.incident(incident.id)
    winner = next(viewer for (viewer, _), answer in zip(officers, answers, strict=True) if answer.status_code == 204)
    assert won.officer_id == winner.id
    assert all(winner.name in answer.text for answer in answers if answer.status_code == 409)
    claims = select(Event.by_id).where(Event.incident_id == incident.id, Event.step == "claim")
    assert list(cast.read(lambda session: session.exec(claims).all())) == [winner.id]
    assert cast.read(verify, KEY) is None


def test_fifty_retries_of_one_filing_make_one_complaint(city: tuple[Cast, list[Any]]) -> None:
    cast, servers = city
    form = report(idempotency_key="one and the same")
    with ExitStack() as stack:
        clients = [stack.enter_context(browser(server, cast.cookies["ann"])) for server in servers]
        answers = at_once([lambda n=n: clients[n % len(clients)].post("/complaints", data=form) for n in range(50)])
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert counted(cast, Complaint) == counted(cast, Incident) == 1


@pytest.fixture
def ann(sqlite_url: str, redis_url: str, tmp_path: Path) -> Iterator[tuple[Cast, Client]]:
    with (
        cast_of(sqlite_url, redis_url) as cast,
        in_thread(cast, tmp_path, redis_url) as server,
        browser(server, cast.cookies["ann"]) as client,
    ):
        yield cast, client


def test_the_same_key_with_another_body_is_refused(ann: tuple[Cast, Client]) -> None:
    cast, client = ann
    assert client.post("/complaints", data=report("satu", idempotency_key="k")).status_code == 303
    other = client.post("/complaints", data=report("dua", idempotency_key="k"), headers=JSON)
    assert other.status_code == 422 and "idempotency_key" in other.json()["errors"]
    assert counted(cast, Complaint) == 1


def test_a_key_is_its_owners_alone(ann: tuple[Cast, Client]) -> None:
    cast, client = ann
    first = client.post("/complaints", data=report("satu", idempotency_key="k"))
    with browser(str(client.base_url), cast.cookies["zed"]) as zed:
        other = zed.post("/complaints", data=report("satu", idempotency_key="k"))
    assert other.status_code == 303 and other.headers["location"] != first.headers["location"]
    assert counted(cast, Complaint) == 2


@pytest.mark.parametrize("words", ["nol \x00 di tengah", "emoji \U0001f6a8", "<script>alert(1)</script>"])
def test_whatever_words_it_carries_a_complaint_is_stored(
    database_url: str, redis_url: str, tmp_path: Path, words: str
) -> None:
    """PostgreSQL keeps no NUL; a complaint must not be lost over one."""
    with cast_of(database_url) as cast, in_thread(cast, tmp_path, redis_url) as server:
        with browser(server, cast.cookies["ann"]) as client:
            assert client.post("/complaints", data=report(words)).status_code == 303
            half = b'{"category": "LAKA", "description": "separuh \\ud83d", "lat": "3.58", "lon": "98.66"}'
            sent = client.post("/complaints", content=half, headers=JSON | {"content-type": "application/json"})
            assert sent.status_code == 201
            for url in ("/complaints/%00", "/evidence/%00/thumb", "/complaints?before=%00"):
                assert client.get(url).status_code in (400, 404)
        with browser(server, cast.cookies["hendra"]) as hendra:
            assert hendra.get("/incidents?q=%00").status_code in (200, 400)
        stored = cast.read(lambda session: session.exec(select(Complaint.words).order_by(col(Complaint.id))).all())
    assert stored == [words.replace("\x00", ""), "separuh ?"]


@pytest.mark.parametrize(
    ("by", "step", "sent"),
    [("hendra", "note", {"words": "sekali"}), ("hendra", "recategorise", {"category": "OKNUM", "reason": "anggota"}),
     ("damkar", "decline", {"note": "penuh"}), ("hendra", "dispatch", {"personnel": "3"})],
)  # fmt: skip
def test_an_act_that_is_repeated_is_done_once_and_answered_twice(
    ann: tuple[Cast, Client], by: str, step: str, sent: dict[str, str]
) -> None:
    """Also one that takes the incident out of sight."""
    cast, client = ann
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="summary")
    url, form = f"/incidents/{incident.id}/{step}", sent | {"idempotency_key": "press"}
    with browser(str(client.base_url), cast.cookies[by]) as presser:
        assert [presser.post(url, data=form, headers=HX).status_code for _ in range(3)] == [204, 204, 204]
    taken = select(func.count()).where(Event.incident_id == incident.id, Event.step == step)
    assert cast.read(lambda session: session.exec(taken).one()) == 1


def test_a_page_that_is_older_than_the_incident_is_told_so(ann: tuple[Cast, Client]) -> None:
    cast, client = ann
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.take(incident, "note", cast.sari, words="baru")
    cast.take(incident, "reprioritise", cast.sari, priority=3, reason="reda")
    with browser(str(client.base_url), cast.cookies["hendra"]) as hendra:
        late = hendra.post(
            f"/incidents/{incident.id}/dispatch", data={"personnel": "4", "version": str(incident.version)}, headers=HX
        )
        assert late.status_code == 409 and "Hendra" in late.text
        now = cast.incident(incident.id).version
        assert (
            hendra.post(
                f"/incidents/{incident.id}/dispatch", data={"personnel": "4", "version": str(now)}, headers=HX
            ).status_code
            == 204
        )


def test_with_the_look_at_the_version_off_an_old_page_acts(
    ann: tuple[Cast, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Incident.take
    monkeypatch.setattr(Incident, "take", lambda self, *args, version=None, **given: take(self, *args, **given))
    with pytest.raises(AssertionError):
        test_a_page_that_is_older_than_the_incident_is_told_so(ann)
