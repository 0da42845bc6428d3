"""The server's key: made once, known to the database, refused when it is another one, and turned without a break."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from console.app import create_app
from console.door.factors import app_secret, sealed_secret
from console.door.sealing import mark, seal, unseal
from console.door.viewer import hash_of
from console.operator import admin
from console.operator.inspection import report
from console.server import keyring
from console.server.data_folder import serving
from console.server.key_file import NEXT, SECRET, secret_of
from console.server.keyring import Keyring, hold, rotate
from console.settings import HERE, Settings
from console.writer import NotStored, Writer
from models.city.station import Station
from models.command.audit import verify
from models.command.erasing import Erasure
from models.command.members import Member
from models.people.citizens import Citizen
from models.people.codes import CODE, Answer, Code, check_code, send_code
from models.people.erased_numbers import BlockedNumber, keep_number, number_blocked
from models.people.factors import Factor, FactorKind
from models.people.officers import Officer
from models.people.sessions import sign_in
from models.record.chain import WrongKey, fingerprint
from models.record.database import writing_engine
from models.record.event import Event, Head, record
from models.record.outbox import Parcel, State
from models.record.segments import BEGIN, CLOSE
from models.roles import Role
from models.viewer import Viewer
from tests.operator.test_admin_commands import read
from tests.support.patience import PATIENCE_SECONDS

PHONE = "+6281200004471"
NOBODY = Viewer(Role.ADMIN)
RACES, RUNNERS = 30, 8
RACE = f"""
import multiprocessing, sys
from pathlib import Path
from console.server.key_file import secret_of
from console.outbox.push import key_of

def run(start, keys):
    for n in range({RACES}):
        folder = Path(sys.argv[1]) / str(n)
        start.wait()
        try:
            keys.put((n, secret_of(folder).decode(), key_of(folder).private_numbers().private_value))
        except Exception as error:
            keys.put((n, str(error), 0))

fork = multiprocessing.get_context("fork")
start, keys = fork.Barrier({RUNNERS}), fork.Queue()
runners = [fork.Process(target=run, args=(start, keys)) for _ in range({RUNNERS})]
[one.start() for one in runners]
got = {{keys.get() for _ in range({RACES * RUNNERS})}}
[one.join() for one in runners]
print(len(got), len({{key for _, key, _ in got}}), min(len(key) for _, key, _ in got))
"""


def note(session: Session, by: Viewer) -> None:
    record(session, "note", by, words="kunci")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """An installation that has begun: one event, and accounts that the key made something for."""
    settings = Settings(data_dir=tmp_path / "one", database_url=database_url)
    begin(settings)
    return settings


@pytest.fixture
def other(settings: Settings, tmp_path: Path) -> Settings:
    """Another machine on the same database."""
    return Settings(data_dir=tmp_path / "other", database_url=settings.database_url)


def begin(settings: Settings) -> None:
    hold(settings)
    write(settings, note, NOBODY)


def write(settings: Settings, function: Any, *arguments: Any) -> Any:
    writer = Writer(writing_engine(settings.database), settings.key, lambda rings: None)
    try:
        return writer.submit(function, *arguments).result(PATIENCE_SECONDS)
    finally:
        writer.close()


def fresh(settings: Settings) -> Settings:
    """As the next start reads it."""
    return Settings(data_dir=settings.data_dir, database_url=settings.database_url)


def bad(settings: Settings) -> str | None:
    return read(settings, verify, *hold(settings).keys)


def steps(settings: Settings) -> list[str]:
    return list(read(settings, lambda session: session.exec(select(Event.step).order_by(col(Event.seq))).all()))


# Made once


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RACE, str(tmp_path)], cwd=HERE, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    assert done.stdout.split() == [str(RACES), str(RACES), "64"], done.stderr
    assert {path.name for path in (tmp_path / "7").iterdir()} == {SECRET, "vapid.pem"}
    assert (tmp_path / "7" / SECRET).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("content", "said"), [("", "is empty"), ("\n", "is empty"), ("ab" * 15, "is too short")])
def test_a_file_that_cannot_hold_a_key_is_refused_in_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / SECRET).write_text(content)
    with pytest.raises(WrongKey, match=said):
        secret_of(tmp_path)
    assert (tmp_path / SECRET).read_text() == content


def test_a_key_that_anybody_could_guess_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongKey, match="SIAGA_SECRET_KEY is too short"):
        _ = Settings(data_dir=tmp_path, secret_key="rahasia").key


# Known to the database


def test_a_lost_key_is_asked_for_and_no_other_is_made(settings: Settings) -> None:
    kept = (settings.data_dir / SECRET).read_bytes()
    (settings.data_dir / SECRET).unlink()
    with pytest.raises(WrongKey, match=r"secret\.key is missing.*from a backup.*rotate-key --lost"):
        hold(fresh(settings))
    assert not (settings.data_dir / SECRET).exists()
    (settings.data_dir / SECRET).write_bytes(kept)
    assert bad(fresh(settings)) is None


def test_a_changed_key_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (settings.data_dir / SECRET).write_text("ab" * 32)
    with pytest.raises(WrongKey, match=r"secret\.key is not the key that this database is sealed with"):
        hold(fresh(settings))
    with pytest.raises(WrongKey, match="SIAGA_SECRET_KEY is not the key"):
        hold(Settings(data_dir=settings.data_dir, database_url=settings.database_url, secret_key="another key" * 3))
    monkeypatch.setenv("SIAGA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SIAGA_DATABASE_URL", settings.database_url)
    for command in (admin.verify_audit, lambda: admin.create_key("Polisi Kita")):
        with pytest.raises(SystemExit, match="is not the key that this database"):
            command()


def test_a_second_machine_with_a_key_of_its_own_is_refused(settings: Settings, other: Settings) -> None:
    with pytest.raises(WrongKey, match=r"is missing.*from the machine that has it"):
        hold(other)
    secret_of(other.data_dir)
    with pytest.raises(WrongKey, match="is not the key that this database"):
        hold(fresh(other))
    (other.data_dir / SECRET).write_bytes((settings.data_dir / SECRET).read_bytes())
    assert bad(fresh(other)) is None


def test_of_two_machines_that_start_together_on_one_database_one_is_refused(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "upgrade", lambda settings: None)  # it is; and Alembic knows no threads
    machines = [Settings(data_dir=tmp_path / name, database_url=postgres_url) for name in "ab"]

    def start(settings: Settings) -> str:
        try:
            hold(settings)
        except WrongKey:
            return "refused"
        return "started"

    with ThreadPoolExecutor() as pool:
        assert sorted(pool.map(start, machines)) == ["refused", "started"]


def test_a_server_that_runs_on_with_the_old_key_stores_nothing(settings: Settings) -> None:
    old = Writer(writing_engine(settings.database), settings.key, lambda rings: None)
    rotate(settings)
    with pytest.raises(NotStored):
        old.submit(note, NOBODY).result(PATIENCE_SECONDS)
    old.close()
    assert bad(fresh(settings)) is None


def test_a_record_from_before_fingerprints_is_taken_over_by_its_own_key_alone(settings: Settings) -> None:
    engine = writing_engine(settings.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE head SET key_print = '', seal = '', sealed_at = NULL")
    engine.dispose()
    with pytest.raises(WrongKey):
        hold(Settings(data_dir=settings.data_dir, database_url=settings.database_url, secret_key="another key" * 3))
    hold(settings)
    head = read(settings, lambda session: session.get_one(Head, 1))
    assert head.key_print == fingerprint(settings.key) and head.seal and head.sealed_at


def test_the_command_says_it_in_one_line(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    begin(settings)
    (tmp_path / SECRET).unlink()
    environment = {"SIAGA_DATA_DIR": str(tmp_path), "SIAGA_PORT": "0", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "console.cli"], cwd=HERE, env=environment, capture_output=True, text=True,
        timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert done.returncode == 1 and done.stdout == ""
    said = [line for line in done.stderr.splitlines() if "SQLite" not in line]  # which an old one warns of
    assert len(said) == 1 and "secret.key is missing" in said[0]


# Turned


def test_a_turned_key_begins_a_segment_and_the_whole_record_can_still_be_checked(settings: Settings) -> None:
    first = settings.key
    for _ in range(2):
        assert "A new key seals the record" in rotate(fresh(settings))
        write(fresh(settings), note, NOBODY)
    now = fresh(settings)
    assert now.key != first and bad(now) is None
    assert steps(now) == ["note", CLOSE, BEGIN, "note", CLOSE, BEGIN, "note"]
    assert [key is None for key in hold(now).keys] == [False] * 3 and hold(now).keys[0] == first
    assert read(now, verify, now.key) and read(now, verify, first, first, now.key) == "Event 3"
    for seq, changed in ((1, "step = 'lift'"), (2, "by_id = 9"), (3, "by_id = 9"), (7, "step = 'lift'")):
        engine = writing_engine(now.database)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"UPDATE event SET {changed} WHERE seq = {seq}")
            with Session(connection) as session:
                assert verify(session, *keyring.keyring(session, now.key).keys) == f"Event {seq}"
            connection.rollback()
        engine.dispose()


def test_nobody_turns_the_key_under_a_running_server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAGA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SIAGA_DATABASE_URL", settings.database_url)
    with serving(settings.data_dir), pytest.raises(SystemExit, match="stop it first"):
        admin.rotate_key()
    assert "A new key" in admin.rotate_key()


@pytest.mark.parametrize("known", [True, False])
def test_a_turn_that_was_cut_off_is_finished_or_forgotten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """Before the database knew the new key, or after."""
    before = settings.key
    with monkeypatch.context() as patched:
        patched.setattr(keyring, "_finish_turning" if known else "turn", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            if known:  # the first call finds nothing to finish
                patched.setattr(keyring, "hold", lambda settings: None)
            rotate(settings)
    assert (settings.data_dir / NEXT).exists()
    assert bad(fresh(settings)) is None and (fresh(settings).key != before) == known
    rotate(fresh(settings))
    assert bad(fresh(settings)) is None and not (settings.data_dir / NEXT).exists()


def test_what_the_old_key_made_is_made_anew_and_codes_run_out(settings: Settings) -> None:
    key, ring = settings.key, hold(settings)

    def settle(session: Session) -> None:
        gone = Citizen(phone="-1", name="", strikes=3)
        session.add(gone)
        session.flush()
        gone.blocked_at = gone.added_at
        keep_number(session, ring.number_hash(PHONE), gone.id)
        session.add(Erasure(citizen_id=gone.id, sealed=seal(key, {"name": "Ann", "phone": PHONE})))
        send_code(session, PHONE, "phone", "hash", {"sealed": "…"}, 10)
        session.add(post := Station(code="X", name="Polsek X", lat=3.5, lon=98.6))
        session.flush()
        session.add(Member(nrp="78050912", rank="Aipda", name="Budi", station_id=post.id, function="Samapta",
                           phone=seal(key, {"phone": PHONE})))  # fmt: skip

    write(settings, settle)
    for _ in range(2):
        rotate(fresh(settings))
        now = fresh(settings)
        assert read(now, number_blocked, hold(now).number_hash(PHONE))
        assert not read(now, number_blocked, ring.number_hash(PHONE))
        sealed = read(now, lambda session: session.exec(select(Erasure.sealed)).one())
        assert unseal(now.key, sealed, None) == {"name": "Ann", "phone": PHONE} and unseal(key, sealed, None) is None
        assert unseal(now.key, read(now, lambda session: session.exec(select(Member.phone)).one()), None) == {
            "phone": PHONE
        }
    assert read(now, lambda session: session.exec(select(Code)).all()) == []
    assert write(now, check_code, PHONE, "phone", "hash").answer == Answer.OLD
    parcel = read(now, lambda session: session.exec(select(Parcel).where(Parcel.kind == CODE)).one())
    assert parcel.state == State.EXPIRED and parcel.payload == {}


def test_a_key_that_is_lost_for_good_is_replaced_and_the_gap_is_told(settings: Settings) -> None:
    number = hold(settings).number_hash(PHONE)
    write(settings, lambda session: session.add(BlockedNumber(hash=number, citizen_id=_somebody(session))))
    (settings.data_dir / SECRET).unlink()
    said = rotate(fresh(settings), lost=True)
    assert "1 numbers of erased accounts" in said
    now = fresh(settings)
    write(now, note, NOBODY)
    assert steps(now) == ["note", BEGIN, "note"] and hold(now).keys == (None, now.key) and bad(now) is None
    rotate(now)
    assert bad(fresh(settings)) is None
    assert hold(fresh(settings)).number_hash(PHONE) != number


def test_code_apps_count_on_under_a_turned_key_and_are_gone_with_a_lost_one(settings: Settings) -> None:
    def settle(session: Session) -> int:
        officer = Officer(login="hendra", name="Hendra", role=Role.OFFICER, password="-", has_factor=True)
        session.add(officer)
        session.flush()
        sealed = sealed_secret(settings.key, "JBSWY3DPEHPK3PXP")
        session.add(Factor(officer_id=officer.id, kind=FactorKind.APP, name="HP", sealed=sealed))
        return officer.id

    hold(settings)
    id = write(settings, settle)
    rotate(fresh(settings))
    now = fresh(settings)
    assert app_secret(now.key, read(now, lambda session: session.exec(select(Factor)).one())) == "JBSWY3DPEHPK3PXP"
    (settings.data_dir / SECRET).unlink()
    assert "1 code apps of the staff are gone" in rotate(fresh(settings), lost=True)
    now = fresh(settings)
    assert read(now, lambda session: session.exec(select(Factor)).all()) == []
    assert not read(now, lambda session: session.get_one(Officer, id)).has_factor


def _somebody(session: Session) -> int:
    citizen = Citizen(phone="-1", name="")
    session.add(citizen)
    session.flush()
    return citizen.id


def test_a_key_of_the_environment_is_turned_by_its_owner(settings: Settings, tmp_path: Path) -> None:
    """It is never printed: it lies in a file until it stands where the old one stood."""
    ours = settings.key.decode()
    settings = Settings(data_dir=tmp_path / "env", database_url=settings.database_url, secret_key=ours)
    said = rotate(settings)
    new = (settings.data_dir / NEXT).read_text()
    assert str(settings.data_dir / NEXT) in said and new not in said
    with pytest.raises(WrongKey, match="SIAGA_SECRET_KEY is not the key"):
        hold(settings)
    (settings.data_dir / NEXT).unlink()
    assert bad(Settings(data_dir=settings.data_dir, database_url=settings.database_url, secret_key=new)) is None


def test_sessions_outlive_a_turned_key(sqlite_url: str, tmp_path: Path, redis_url: str) -> None:
    settings = Settings(data_dir=tmp_path / "one", database_url=sqlite_url, redis_url=redis_url, port=8000)
    begin(settings)
    write(settings, lambda session: sign_in(session, session.get_one(Citizen, _somebody(session)), hash_of("secret")))
    rotate(settings)
    again = Settings(data_dir=settings.data_dir, database_url=sqlite_url, redis_url=redis_url, port=8000)
    with TestClient(create_app(again), base_url="http://127.0.0.1:8000", cookies={"siaga": "secret"}) as client:
        assert client.get("/complaints", follow_redirects=False).status_code == 200


def test_the_keyring_without_a_turn_knows_numbers_as_before() -> None:
    assert Keyring((b"a key",)).number_hash(PHONE) == mark(b"a key", "phone", PHONE)


def test_the_check_of_an_installation_tells_of_its_key(settings: Settings) -> None:
    assert "ok   key: the one that this database is sealed with" in report(settings)[0]
    (settings.data_dir / SECRET).unlink()
    said, well = report(fresh(settings))
    assert not well and re.search(r"BAD  key: .*secret\.key is missing", said)
