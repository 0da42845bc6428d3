"""The demo: an evening that the law itself would have left behind, sign-ins that work, a drill that goes through the door."""

import asyncio
import json
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from console.app import create_app
from console.demo import desk, drill, stage
from console.demo import evening as evenings
from console.demo import film as reel
from console.demo import yesterday as yesterdays
from console.demo.before import BLOCKED, PRANKSTERS
from console.demo.desk import Act, Desk
from console.demo.drill import Drill, reports
from console.demo.evening import PAST, PLAYED, evening
from console.demo.people import sign_ins
from console.demo.shift import LEFT, MISSING, ON_SHIFT, UNCALLED
from console.demo.yesterday import DAYS, days_before, last_day
from console.evidence.store import Store
from console.operator import admin
from console.server.data_folder import Taken, serving
from console.settings import HERE, Settings, WrongSettings
from models.command.audit import audit, verify
from models.command.bulletin import Bulletin
from models.command.handover import lines, newest_handover
from models.command.highlights import highlighted
from models.command.members import members
from models.command.shifts import manned, roll
from models.command.units import units
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.rating import STARS, Rating
from models.incidents.sight import visible_to
from models.incidents.standing import appeal_cases, waiting_cases
from models.incidents.strengths import force, strengths
from models.incidents.strikes import standing
from models.incidents.unheard import unheard
from models.people.citizens import Citizen
from models.people.officers import Officer
from models.reading.board import Row, board
from models.reading.figures import figures
from models.reading.folding import board_at
from models.reading.periods import period
from models.reading.replay import cards, replay
from models.record.bodies.kinds import as_stored, body_of
from models.record.database import backup, reading_engine, wipe
from models.record.event import Event, Head, Look
from models.record.outbox import Parcel
from models.roles import Role
from models.time import local, now
from models.viewer import Audience
from models.workflow import OPEN
from tests.models.test_folding import stands, told
from tests.server.test_start import environment
from tests.support.house import running, wait_until
from tests.support.patience import PATIENCE_SECONDS

SEED = 7
TRIED = sum(len(days) for days in PRANKSTERS.values())
REEL = ("KEBAKARAN-1", "CURAS_BEGAL-1", "CURAS_BEGAL-film1")  # three show as much as fifteen, in seconds


@dataclass
class Evening:
    settings: Settings
    began: Any

    def all(self, table: Any, *conditions: Any) -> list[Any]:
        return self.read(lambda session: list(session.exec(select(table).where(*conditions))))

    def read(self, function: Any, *arguments: Any) -> Any:
        engine = reading_engine(self.settings.database, 1)
        try:
            with Session(engine, expire_on_commit=False) as session:
                return function(session, *arguments)
        finally:
            engine.dispose()


@pytest.fixture(scope="module")
def film() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reel, "REEL", REEL)
        yield


@pytest.fixture(scope="module")
def planted(film: None, tmp_path_factory: pytest.TempPathFactory) -> Evening:
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"), demo=True)
    began = now()
    stage.prepare(settings, keep=False, seed=SEED)
    return Evening(settings, began)


@pytest.fixture(scope="module")
def client(planted: Evening, one_redis: str) -> Iterator[TestClient]:
    settings = planted.settings.model_copy(update={"redis_url": one_redis})
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


def copied(evening: Evening, folder: Path) -> Evening:
    """The same evening in a folder of its own."""
    settings = evening.settings.model_copy(update={"data_dir": folder})
    shutil.copytree(evening.settings.data_dir, folder, ignore=shutil.ignore_patterns("siaga.db*", "redis"))
    folder.chmod(0o700)
    backup(evening.settings.database, folder / "siaga.db")
    return Evening(settings, evening.began)


@pytest.fixture
def short(film: None, monkeypatch: pytest.MonkeyPatch) -> int:
    """An evening with little behind it, for tests that need several: how many are over, but for pranks."""
    monkeypatch.setattr(evenings, "PAST", 4)
    monkeypatch.setattr(yesterdays, "DAYS", (1, 1))
    return 4 + 2 + 1  # and a fire


def rows_of(planted: Evening) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((planted.settings.data_dir / stage.SIGN_INS).read_text())
    return rows


# The evening


def test_the_chains_of_the_evening_are_intact(planted: Evening) -> None:
    assert planted.read(audit, [planted.settings.key]) == []
    assert planted.all(Look)


def test_folding_its_events_gives_its_board(planted: Evening) -> None:
    seq, rows, out = planted.read(stands)
    board = planted.read(board_at, seq)
    assert told(board) == rows and board.out == out and board.cards


def test_each_of_its_events_says_what_its_kind_says(planted: Evening) -> None:
    for event in planted.all(Event):
        assert as_stored(body_of(event.step, event.body)) == event.body


def test_its_times_follow_its_numbers_and_agree_in_every_table(planted: Evening) -> None:
    events = planted.read(lambda session: session.exec(select(Event).order_by(col(Event.seq))).all())
    times = [event.at for event in events]
    assert times == sorted(times) and times[-1] <= now()
    told = {(event.step, event.incident_id, event.at) for event in events}
    for incident in planted.all(Incident):
        assert ("file", incident.id, incident.filed_at) in told
        steps = [
            at for at in (incident.filed_at, incident.claimed_at, incident.dispatched_at, incident.arrived_at) if at
        ]
        assert steps == sorted(steps)
    for sent in planted.all(Dispatch):
        assert sent.sent_at <= (sent.arrived_at or sent.sent_at) <= (sent.cleared_at or now())


def test_the_board_looks_like_an_evening(planted: Evening) -> None:
    now_open = planted.all(Incident, col(Incident.status).in_(OPEN))
    assert 11 <= len(now_open) <= 15
    assert {incident.status for incident in now_open} == set(OPEN)
    assert {incident.priority for incident in now_open} == {1, 2, 3, 4}
    assert any(incident.outside for incident in now_open) and any(incident.stale for incident in now_open)
    late = [incident for incident in now_open if incident.due_at and incident.due_at < planted.began]
    assert 1 <= len(late) <= 4
    over = planted.all(Incident, col(Incident.closed_at).is_not(None))
    assert len(over) == PAST + TRIED + sum(DAYS) + 1
    assert len({words for words in (row.words for row in planted.all(Complaint))}) >= 60
    assert max(planted.all(Incident), key=lambda incident: incident.complaint_count).complaint_count == 3


def test_a_regu_of_sixty_five_was_called_and_its_strength_is_what_the_apel_found(planted: Evening) -> None:
    def told(session: Session) -> tuple[Any, ...]:
        one, following = manned(session)
        assert (following.sums.present, following.sums.uncalled) == (ON_SHIFT - UNCALLED, UNCALLED)
        field = sum(duty.there and not duty.at_desk for duty in roll(session, one.shift))
        return one.sums, field, force(strengths(session)), members(session), units(session)

    sums, field, whole, everyone, driven = planted.read(told)
    assert (sums.total, sums.present, sums.uncalled) == (ON_SHIFT, ON_SHIFT - len(MISSING), 0)
    assert (whole.strength, whole.unstated) == (field, 0)
    assert {member.nrp[:4] for member in everyone} == {"0000"}
    assert {str(unit.kind) for unit in driven} == {"R2", "R4", "truk"}


def test_a_handover_is_twenty_minutes_away_and_half_of_it_is_written(planted: Evening) -> None:
    def told(session: Session) -> tuple[Any, ...]:
        running, following = manned(session)
        listed = lines(session, newest_handover(session))
        return running.shift, following.shift, listed

    running, following, listed = planted.read(told)
    assert running.ends == following.starts and abs(running.ends - planted.began - LEFT) < timedelta(minutes=1)
    assert following.lead.officer_id
    written = [line for line in listed if line.said and line.said.may_happen]
    assert 2 <= len(written) < len(listed)


def test_the_paper_of_yesterday_is_written_whenever_the_demo_starts(planted: Evening) -> None:
    def told(session: Session) -> tuple[Any, ...]:
        of = period("day")
        supervisor = session.exec(select(Officer).where(Officer.login == "ratna")).one().viewer
        stood = highlighted(session, of.first)
        return figures(session, supervisor, of), stood and stood.words

    day, stood = planted.read(told)
    assert day.now.filed > DAYS[1] and day.before.filed >= DAYS[0] and day.now.open_after is not None
    assert day.now.claims[0].span.median and day.now.arrivals[0].span.median and "Kota Matsum II" in stood
    assert any(late.round.why for late in day.now.late)
    for hour in (0, 6, 7, 8, 16, 23):
        start = local(now()).replace(hour=hour, minute=5)
        of, stories = last_day(start), list(days_before(Random(1), start))
        filed = [start - timedelta(seconds=story.ago) for story in stories]
        assert all(of.before.begins <= at < of.ends for at in filed)
        assert all(beat.after < story.ago for story in stories for beat in story.beats)  # nothing of it is to come


def test_only_supervisors_see_the_complaint_about_an_officer(planted: Evening) -> None:
    def kinds(role: Role) -> set[str]:
        shown = planted.all(Incident, col(Incident.status).in_(OPEN), visible_to(Audience(role, "", "id")))
        return {incident.category_code for incident in shown}

    assert kinds(Role.SUPERVISOR) - kinds(Role.OFFICER) == {"OKNUM"}


def test_what_three_pranks_cost_can_be_seen(planted: Evening) -> None:
    supervisor = next(row for row in planted.all(Officer) if row.role == Role.SUPERVISOR).viewer
    assert planted.read(waiting_cases, supervisor)
    (plea,) = planted.read(appeal_cases, supervisor)
    blocked = planted.all(Citizen, col(Citizen.blocked_at).is_not(None))
    assert len(blocked) == len(BLOCKED) and plea.citizen.id in {row.id for row in blocked}
    assert all(row.strikes == planted.read(standing, row.id) for row in planted.all(Citizen))


def test_it_tells_the_city_something_and_hears_how_it_did(planted: Evening) -> None:
    assert {row.state for row in planted.all(Bulletin)} == {"shown", "coming"}
    given = {row.stars for row in planted.all(Rating)}
    assert len(given) >= 3 and given <= set(STARS)


def test_what_reporters_said_at_the_end_was_read(planted: Evening) -> None:
    """The desk begins with what needs its supervisor tonight."""
    assert planted.read(unheard) == []


def test_nobody_is_sent_what_happened_before_it_began(planted: Evening) -> None:
    assert planted.all(Parcel) == []


def test_its_photographs_are_developed(planted: Evening) -> None:
    store, evidence = Store(planted.settings.data_dir), planted.all(Evidence)
    assert evidence and {row.state for row in evidence} == {"ready"}
    for row in evidence:
        assert all(store.derived(row.sha256, size).exists() for size in ("view", "thumb"))


def test_a_part_of_it_was_filmed_and_every_film_plays(planted: Evening) -> None:
    store, films = Store(planted.settings.data_dir), [row for row in planted.all(Evidence) if row.kind == "video"]
    assert films and all(row.playable and row.seconds == 8 for row in films)
    for row in films:
        assert store.film(row.sha256).read_bytes()[4:8] == b"ftyp"


def test_the_same_number_makes_the_same_evening() -> None:
    at = now()
    assert evening(3, at) == evening(3, at) != evening(4, at)
    key = b"of one installation"
    assert sign_ins(3, key) == sign_ins(3, key)
    known = {row.password for row in sign_ins(3, key) if row.known}
    assert not known & {row.password for row in sign_ins(4, key) if row.known}


def test_it_stands_on_postgresql_too_and_is_made_anew_there(tmp_path: Path, postgres_url: str, short: int) -> None:
    settings = Settings(data_dir=tmp_path / "demo", database_url=postgres_url, demo=True)
    wipe(postgres_url)
    for seed in (1, 2):
        stage.prepare(settings, keep=False, seed=seed)
        there = Evening(settings, now())
        assert there.read(verify, settings.key) is None
        assert len(there.all(Incident, col(Incident.closed_at).is_not(None))) == short + TRIED


# The sign-ins


def test_the_file_holds_what_it_should_and_only_its_owner_may_read_it(planted: Evening) -> None:
    path = planted.settings.data_dir / stage.SIGN_INS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = rows_of(planted)
    count = Counter(row["role"] for row in rows)
    assert count == {"admin": 1, "supervisor": 2, "officer": 3, "citizen": 3, "liaison": 12, "intake": 1}
    for row in rows:
        assert set(row) == ({"role", "key"} if row["role"] == "intake" else {"role", "login", "password"})
    assert not {row.get("login") for row in rows} & set(PLAYED)


def test_everyone_in_it_comes_through_the_door(planted: Evening, client: TestClient) -> None:
    for row in rows_of(planted):
        if row["role"] == "intake":
            report = {"category": "MACET", "description": "Lampu mati", "lat": 3.59, "lon": 98.67}
            headers = {"authorization": f"Bearer {row['key']}", "idempotency-key": "one"}
            assert client.post("/api/complaints", json=report, headers=headers).status_code == 201
            continue
        answer = client.post("/sign-in", data={"login": row["login"], "password": row["password"]})
        assert answer.status_code == 303, (row, answer.text[:300])
        page = client.get(answer.headers["location"])
        assert page.status_code == 200, row
        client.cookies.clear()


def test_nobody_knows_the_password_of_who_is_played(planted: Evening, client: TestClient) -> None:
    secret = next(row.password for row in sign_ins(SEED, planted.settings.key) if row.login == "yusuf")
    assert secret != next(row.password for row in sign_ins(SEED, b"another key") if row.login == "yusuf")
    assert secret not in (planted.settings.data_dir / stage.SIGN_INS).read_text()


# The folder


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "siaga.db").write_text("what people reported")
    with pytest.raises(WrongSettings, match="not a demo's"):
        stage.prepare(Settings(data_dir=tmp_path, demo=True), keep=False, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["siaga.db"]


def test_it_moves_to_postgresql_between_two_reports(
    planted: Evening, redis_url: str, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, the chain found whole on the other side, the file left as it was and never served by accident."""
    folder, rows = tmp_path / "demo", rows_of(planted)
    shutil.copytree(planted.settings.data_dir, folder, ignore=shutil.ignore_patterns("*.sock"))
    before, after = Settings(data_dir=folder), Settings(data_dir=folder, database_url=postgres_url)
    wipe(postgres_url)
    (app,) = [row for row in rows if row["role"] == "intake"]
    report = {"category": "MACET", "description": "Lampu mati", "lat": 3.59, "lon": 98.67}
    hendra = next(row for row in rows if row.get("login") == "hendra")

    def traffic(settings: Settings) -> str:
        """Somebody reports, an officer takes it."""
        settings = settings.model_copy(update={"redis_url": redis_url})
        with TestClient(create_app(settings), base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
            headers = {"Authorization": f"Bearer {app['key']}", "Idempotency-Key": settings.database}
            filed = client.post("/api/complaints", json=report, headers=headers)
            assert filed.status_code == 201, filed.text
            ref = str(filed.json()["ref"])
            assert client.post("/sign-in", data={"login": "hendra", "password": hendra["password"]}).status_code == 303
            id = Evening(settings, None).all(Complaint, Complaint.ref == ref)[0].incident_id
            claim = client.post(f"/incidents/{id}/claim", headers={"HX-Request": "true"})
            assert claim.status_code == 204, claim.text
        return ref

    first = traffic(before)
    here, file = Evening(before, None), (folder / "siaga.db").read_bytes()
    monkeypatch.setenv("SIAGA_DATA_DIR", str(folder))
    said = admin.move(postgres_url)
    assert "intact there" in said and (folder / "siaga.db").read_bytes() == file
    there = Evening(after, None)
    for table in (Event, Look, Complaint, Evidence, Citizen, Dispatch, Rating):
        rows_there, rows_here = (sorted(repr(row.model_dump()) for row in one.all(table)) for one in (there, here))
        assert rows_there == rows_here and rows_here
    epochs = [one.read(lambda session: session.get_one(Head, 1).epoch) for one in (here, there)]
    assert len(set(epochs)) == 2  # open screens fetch their pages afresh
    with pytest.raises(SystemExit, match="holds tables already"):
        admin.move(postgres_url)
    with pytest.raises(WrongSettings, match="was moved to postgresql"):
        traffic(before)
    second = traffic(after)
    assert {first, second} <= {row.ref for row in there.all(Complaint)}
    assert there.read(audit, [after.key]) == []


def test_a_database_that_no_demo_made_is_left_alone(tmp_path: Path, postgres_url: str) -> None:
    settings = Settings(data_dir=tmp_path / "demo", database_url=postgres_url, demo=True)
    with pytest.raises(WrongSettings, match="not this demo's"):
        stage.prepare(settings, keep=False, seed=1)


def test_keeping_goes_on_where_it_was_and_not_keeping_begins_anew(short: int, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "demo", demo=True)
    there = Evening(settings, now())
    first = stage.prepare(settings, keep=False, seed=1)
    oldest = min(incident.filed_at for incident in there.all(Incident))
    assert stage.prepare(settings, keep=True, seed=2) == first
    assert min(incident.filed_at for incident in there.all(Incident)) == oldest
    assert stage.prepare(settings, keep=False, seed=2) != first
    assert min(incident.filed_at for incident in there.all(Incident)) > oldest


def test_a_folder_that_is_being_served_is_not_built_anew(planted: Evening) -> None:
    before = len(planted.all(Incident))
    with serving(planted.settings.data_dir), pytest.raises(Taken):
        stage.prepare(planted.settings, keep=False, seed=1)
    assert len(planted.all(Incident)) >= before


# The drill


def test_the_reports_of_a_seed_are_the_same_and_come_at_the_rate_of_a_real_evening() -> None:
    first = list(islice(reports(5, 45), 200))
    assert first == list(islice(reports(5, 45), 200)) != list(islice(reports(6, 45), 200))
    burst = [report for report in first if report in list(drill._burst(5, 45))]
    assert len(burst) == 12 and burst[0].at == 90 and burst[-1].at - burst[0].at < 240
    assert len({report.by for report in burst}) == 12
    usual = [report.at for report in first if report not in burst]
    gaps = [later - earlier for earlier, later in pairwise(usual)]
    assert min(gaps) >= 40 and max(gaps) <= 60
    assert len({report.scene.words for report in first}) >= 60
    assert {report.intake for report in first} == {True, False} and any(report.photo for report in first)


def test_its_officers_decide_the_same_for_the_same_cards_and_leave_others_alone() -> None:
    card = {"data-status": "claimed", "data-officer": "4", "data-category": "LAKA", "data-priority": "1"}
    card |= {"data-lat": "3.58", "data-lon": "98.67", "class": "card"}
    desks = Desk(5, {4}), Desk(5, {4}), Desk(5, {9})
    one, same, other = (desk.decide(7, card, {7: card}) for desk in desks)
    assert one == same and one is not None and one.step in ("dispatch", "resolve")
    assert other is None


def test_reports_of_one_fire_are_joined_by_who_holds_the_first() -> None:
    fire = {"data-status": "new", "data-officer": "", "data-category": "KEBAKARAN", "data-priority": "1"}
    fire |= {"data-lat": "3.58", "data-lon": "98.67", "class": "card"}
    desk = Desk(5, {4})
    assert desk.decide(8, fire, {7: fire, 8: fire}) is None  # the first one first
    held = fire | {"data-status": "claimed", "data-officer": "4"}
    act = desk.decide(8, fire, {7: held, 8: fire})
    assert act is not None and (act.step, act.given) == ("merge", {"into": 7})


def test_the_drill_fills_the_board_through_the_public_door(
    planted: Evening, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Hurried: people report, are asked and answer, officers claim, send, arrive and close; and its replay shows the
    boards that were live then."""
    for name, value in {"FIRST_SECONDS": 0.0, "EVERY_SECONDS": (0.1, 0.3), "FIRE_AFTER_SECONDS": 0.5, "FIRE_SECONDS": 2.0,
                        "ASKED_SHARE": 1.0, "SILENT_SHARE": 0.0}.items():  # fmt: skip
        monkeypatch.setattr(drill, name, value)
    monkeypatch.setattr(desk, "TAKEN_SHARE", 1.0)
    hurried = Desk.decide
    monkeypatch.setattr(Desk, "decide", lambda *given: _at_once(hurried(*given)))
    slept = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda seconds: slept(min(seconds / 20, 0.5)))
    planted = copied(planted, tmp_path / "drill")  # whose own is being served already
    start = max(event.seq for event in planted.all(Event))
    wanted = {"file", "claim", "ask", "reply", "dispatch", "arrive", "resolve", "merge"}

    done = select(Event.step).where(col(Event.seq) > start, Event.by_role != "clock").distinct()

    pawas = planted.read(
        lambda session: session.exec(select(Officer).where(Officer.role == Role.SUPERVISOR)).first().viewer
    )
    lived: dict[int, list[Row]] = {}
    begun = now()

    async def until_seen(cast: dict[str, Any]) -> set[str]:
        playing, seen = asyncio.create_task(Drill(cast).run()), set[str]()
        async with asyncio.timeout(4 * PATIENCE_SECONDS):
            while not wanted <= seen or len(lived) < 10:
                await slept(0.2)
                live = planted.read(board, pawas.audience)
                lived[live.seq] = live.rows
                assert not playing.done()
                seen = set(planted.read(lambda session: session.exec(done).all()))
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        return seen

    settings = planted.settings.model_copy(update={"redis_url": redis_url})
    with running(partial(create_app, settings), settings) as server:
        rows = sign_ins(SEED, settings.key)
        assert wanted <= asyncio.run(until_seen(stage.cast_of(rows, server.http, SEED, drill=True)))
    assert planted.read(audit, [settings.key]) == []
    hour = planted.read(replay, pawas, begun, now())
    for seq, then in lived.items():
        shown = cards(hour.at(seq))
        assert [(id, card.status, card.officer_id) for id, card in shown.items()] == [
            (row.id, row.status, row.officer_id) for row in then
        ]


def _at_once(act: Act | None) -> Act | None:
    return act and Act(0.0, act.step, act.given, act.fallback)


def test_the_command_says_where_it_is_and_leaves_nothing_behind_when_it_stops(planted: Evening, tmp_path: Path) -> None:
    shutil.copytree(planted.settings.data_dir, tmp_path / "demo", ignore=shutil.ignore_patterns("*.sock"))
    command = [sys.executable, "-m", "console.cli", "demo", "--no-drill", "--keep"]
    settings = environment(tmp_path / "demo", SIAGA_PORT="0", CALLED_FROM=str(tmp_path))
    with subprocess.Popen(command, cwd=HERE, env=settings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Siaga: http://"):
                break
        text = "".join(said)
        assert re.search(r"officer +hendra +\S+-\d\d ", text) and str(tmp_path / "demo" / stage.SIGN_INS) in text
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")  # Linux
        children = listed.read_text().split() if listed.exists() else []
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    wait_until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()])
