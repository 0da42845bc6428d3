"""./run.sh admin and the first administrator: what whoever has the machine can do, and what comes back from a backup."""

import hashlib
import io
import json
import os
import re
import ssl
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from console.app import create_app
from console.door.passwords import HASHER
from console.door.viewer import new_secret
from console.operator import admin, archive, restoring
from console.server import vitals
from console.server.data_folder import Taken, serving
from console.server.program import RELEASE
from console.settings import HERE, MOVED, Settings
from console.web.door.first import token
from models.city.agency import Agency
from models.incidents.evidence import Evidence
from models.incidents.filing import Upload
from models.incidents.incident import Incident
from models.people.officers import Officer
from models.reading.board import position
from models.record.database import empty, migrate, reading_engine, revision, wipe
from models.record.event import Event
from models.roles import Role
from tests.support.law import Law
from tests.support.postgres_server import PACKAGES, PROGRAMS

PICTURE = b"\xff\xd8 a photograph"
SHA256 = hashlib.sha256(PICTURE).hexdigest()
LIES_AT = f"evidence/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder that the environment names, as for a real command."""
    monkeypatch.setenv("SIAGA_DATA_DIR", str(tmp_path / "var"))
    return Settings()


@pytest.fixture(params=["sqlite", "postgres"])
def anywhere(request: pytest.FixtureRequest, place: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same, over both databases; PostgreSQL with the programs of its own version."""
    if request.param == "postgres":
        monkeypatch.setenv("SIAGA_DATABASE_URL", request.getfixturevalue("postgres_url"))
        monkeypatch.setenv("PATH", f"{PACKAGES / PROGRAMS}:/usr/bin:/bin")
        if not (PACKAGES / PROGRAMS / "pg_dump").exists():
            pytest.skip("this PostgreSQL comes without pg_dump")
    return Settings()


@pytest.fixture
def client(place: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("SIAGA_REDIS_URL", redis_url)
    with TestClient(create_app(Settings()), base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


def read(settings: Settings, function: Any, *arguments: Any) -> Any:
    engine = reading_engine(settings.database, 1)
    try:
        with Session(engine, expire_on_commit=False) as session:
            return function(session, *arguments)
    finally:
        engine.dispose()


def secret_in(said: str) -> str:
    found = re.search(r"^    (\S+)$", said, re.MULTILINE)
    assert found, said
    return found[1]


def an_evening(settings: Settings) -> Law:
    """Two incidents, one with a photograph, sealed with the installation's own key."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database)
    law = Law(settings.database)
    law.writer._key = settings.key
    law.file(uploads=[Upload("photo", "foto.jpg", "image/jpeg", len(PICTURE), SHA256)])
    law.take(law.file(by=law.zed), "claim", law.hendra)
    path = settings.data_dir / LIES_AT
    path.parent.mkdir(parents=True)
    path.write_bytes(PICTURE)
    return law


# Accounts and keys


def test_an_account_is_made_while_the_server_runs_and_opens_the_door(place: Settings, client: TestClient) -> None:
    password = secret_in(admin.create_user("supervisor", "Ratna", "Ratna Simanjuntak"))
    answer = client.post("/sign-in", data={"login": "ratna", "password": password})
    assert answer.status_code == 303 and answer.headers["location"] == "/console"
    assert read(place, lambda session: session.exec(select(Event.step).order_by(Event.seq)).all()) == [
        "enlist",
        "sign_in",
    ]


def test_a_new_password_ends_what_was_open_and_the_old_one_opens_nothing(place: Settings, client: TestClient) -> None:
    old = secret_in(admin.create_user("officer", "hendra", "Hendra Siregar"))
    client.post("/sign-in", data={"login": "hendra", "password": old})
    assert client.get("/console").headers["location"] == "/me/password"
    mine = "durian jatuh malam minggu"
    changed = client.post("/me/password", data={"old": old, "password": mine, "again": mine})
    assert changed.headers["location"] == "/console" and client.get("/console").status_code == 200
    new = secret_in(admin.reset_password("hendra"))
    assert client.get("/console").headers["location"].startswith("/sign-in")
    for password, status in ((old, 422), (mine, 422), (new, 303)):
        assert client.post("/sign-in", data={"login": "hendra", "password": password}).status_code == status


def test_a_liaison_belongs_to_an_agency_and_what_is_missing_is_named(place: Settings) -> None:
    with pytest.raises(SystemExit, match="needs --agency, one of DAMKARMAT"):
        admin.create_user("liaison", "damkar", "Piket Damkar")
    admin.create_user("liaison", "damkar", "Piket Damkar", "DAMKARMAT")
    made = read(place, lambda session: session.exec(select(Officer)).one())
    assert read(place, lambda session: session.get_one(Agency, made.agency_id).code) == "DAMKARMAT"


def test_what_cannot_be_is_said_in_a_sentence(place: Settings) -> None:
    for command in (
        lambda: admin.create_user("chief", "one", "One"),
        lambda: admin.create_user("officer", "1", "One"),
        lambda: admin.reset_password("nobody"),
        lambda: admin.import_places(place.data_dir / "not there.csv"),
        lambda: admin.restore(place.data_dir / "not there.tar.gz"),
    ):
        with pytest.raises(SystemExit) as refused:
            command()
        assert isinstance(refused.value.code, str) and "Traceback" not in refused.value.code


def test_a_key_files_complaints(place: Settings, client: TestClient) -> None:
    headers = {"authorization": f"Bearer {secret_in(admin.create_key('Polisi Kita'))}"}
    report = {"category": "LAKA", "description": "Dua motor", "lat": 3.58, "lon": 98.67}
    assert client.post("/api/complaints", json=report, headers=headers).status_code == 201
    assert client.post("/api/complaints", json=report, headers={"authorization": "Bearer x"}).status_code == 401


# The first administrator


def test_an_empty_installation_prints_a_link_that_makes_one_administrator_and_dies(
    place: Settings, redis_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIAGA_REDIS_URL", redis_url)
    with TestClient(create_app(Settings()), base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        link = re.search(r"http://127.0.0.1:8000(/first/\w+)", capsys.readouterr().out)
        assert link and client.get(link[1]).status_code == 200
        assert client.get("/first/guessed").status_code == 404
        typed = {"name": "Sri Wahyuni", "login": "sri", "password": "short"}
        refused = client.post(link[1], data=typed)
        assert refused.status_code == 422 and "Sri Wahyuni" in refused.text
        typed["password"] = "becak durian merdeka"
        assert client.post(link[1], data=typed).headers["location"] == "/sign-in"
        assert client.get(link[1]).status_code == client.post(link[1], data=typed).status_code == 404
        assert client.post("/sign-in", data=typed).headers["location"] == "/admin"
    with TestClient(create_app(Settings())):
        assert "/first/" not in capsys.readouterr().out


def test_the_link_of_another_installation_opens_nothing(place: Settings, client: TestClient, tmp_path: Path) -> None:
    other = Settings(data_dir=tmp_path / "other")
    assert client.get(f"/first/{token(other)}").status_code == 404
    assert client.get(f"/first/{token(place)}").status_code == 200


# Backup, restore, audit


def test_a_backup_brings_everything_back_in_a_new_epoch(anywhere: Settings, tmp_path: Path) -> None:
    law = an_evening(anywhere)
    seq, epoch = law.read(position)
    said = admin.backup(tmp_path / "monday.tar.gz")  # while the writer is open: the server runs
    assert "monday.tar.gz" in said and (tmp_path / "monday.tar.gz").stat().st_mode & 0o777 == 0o600
    law.file(words="after the backup")
    law.close()
    (anywhere.data_dir / LIES_AT).unlink()

    assert "intact" in admin.restore(tmp_path / "monday.tar.gz")
    assert len(read(anywhere, lambda session: session.exec(select(Incident)).all())) == 2
    assert read(anywhere, lambda session: session.exec(select(Evidence)).one()).sha256 == SHA256
    assert (anywhere.data_dir / LIES_AT).read_bytes() == PICTURE
    seq_now, epoch_now = read(anywhere, position)
    assert seq_now == seq and epoch_now != epoch


def test_a_backup_moves_to_another_machine_with_its_key(place: Settings, tmp_path: Path, monkeypatch: Any) -> None:
    an_evening(place).close()
    admin.backup(tmp_path / "all.tar.gz")
    monkeypatch.setenv("SIAGA_DATA_DIR", str(tmp_path / "new machine"))
    assert "intact" in admin.restore(tmp_path / "all.tar.gz")
    assert Settings().key == place.key
    assert (tmp_path / "new machine" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert admin.verify_audit()[1]


@pytest.mark.parametrize("evidence", [True, False])
def test_a_backup_is_looked_through_without_touching_what_is_here(
    anywhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence: bool
) -> None:
    an_evening(anywhere).close()
    admin.backup(tmp_path / "all.tar.gz", evidence)
    with tarfile.open(tmp_path / "all.tar.gz") as tar:
        assert (LIES_AT in tar.getnames()) is evidence
    monkeypatch.setenv("SIAGA_DATA_DIR", str(tmp_path / "elsewhere"))  # a machine that has nothing else
    said, well = admin.examine_backup(tmp_path / "all.tar.gz")
    assert well and f"by {RELEASE}, can be restored: its" in said
    assert ("each file" in said) is (evidence or bool(anywhere.database_url))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.tar.gz", "var"]  # nothing stays
    (anywhere.data_dir / LIES_AT).write_bytes(b"another photograph")
    monkeypatch.setenv("SIAGA_DATA_DIR", str(anywhere.data_dir))
    admin.backup(tmp_path / "changed.tar.gz", evidence)
    said, well = admin.examine_backup(tmp_path / "changed.tar.gz")
    assert well is not evidence and ("was changed" in said) is evidence


def test_a_backup_whose_record_was_rewritten_or_whose_key_is_elsewhere_is_not_whole(
    place: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_evening(place).close()
    change(place.data_dir / "siaga.db", "UPDATE event SET step = 'note' WHERE seq = 2")
    admin.backup(tmp_path / "all.tar.gz")
    said, well = admin.examine_backup(tmp_path / "all.tar.gz")
    assert not well and "is not whole:\n" in said and "2" in said
    monkeypatch.setenv("SIAGA_SECRET_KEY", "another secret key")
    said, well = admin.examine_backup(tmp_path / "all.tar.gz")
    assert not well and "is not the key that this database is sealed with" in said


def test_what_was_there_before_a_restore_is_put_aside(place: Settings, tmp_path: Path) -> None:
    an_evening(place).close()
    admin.backup(tmp_path / "all.tar.gz")
    said = admin.restore(tmp_path / "all.tar.gz")
    aside = Path(said.rpartition(" lies in ")[2].rstrip("."))
    assert (aside / "siaga.db").exists() and (aside / "secret.key").exists()


def test_nothing_is_restored_under_a_running_server(place: Settings, client: TestClient, tmp_path: Path) -> None:
    admin.create_user("admin", "sri", "Sri Wahyuni")
    admin.backup(tmp_path / "all.tar.gz")
    with pytest.raises(SystemExit, match="stop it first"):
        admin.restore(tmp_path / "all.tar.gz")
    assert client.get("/health").status_code == 200
    with serving(place.data_dir), serving(place.data_dir):
        pass  # servers do not stand in each other's way
    with serving(place.data_dir, "postgresql://here/siaga"), serving(place.data_dir, "postgresql://here/siaga"):
        pass


def test_of_a_sqlite_file_there_is_one_server_whatever_folder_it_calls_its_own(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'siaga.db'}"
    for folder in (one := tmp_path / "one", other := tmp_path / "other"):
        folder.mkdir()
    with serving(one, database), pytest.raises(Taken), serving(other, database):
        pass
    with serving(other, database):
        pass


def test_a_backup_holds_the_certificates_and_says_which_program_made_it(
    place: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_evening(place).close()
    admin.make_certificate("siaga.medan.lan")
    kept = {path.name: path.read_bytes() for path in (place.data_dir / "tls").iterdir()}
    admin.backup(tmp_path / "all.tar.gz")
    with tarfile.open(tmp_path / "all.tar.gz") as tar:
        told = json.load(tar.extractfile(archive.MANIFEST))  # type: ignore[arg-type]
    assert told["program"] == RELEASE and told["revision"] == revision(place.database)
    (place.data_dir / "tls" / "siaga.medan.lan.key").write_bytes(b"another")
    monkeypatch.setattr(restoring, "RELEASE", "another")
    said = admin.restore(tmp_path / "all.tar.gz")
    assert f"made by {RELEASE}, and this is another." in said
    assert {path.name: path.read_bytes() for path in (place.data_dir / "tls").iterdir()} == kept
    assert (place.data_dir / "tls" / "siaga.medan.lan.key").stat().st_mode & 0o777 == 0o600
    aside = Path(said.rpartition(" lies in ")[2].rstrip("."))
    assert (aside / "tls" / "siaga.medan.lan.key").read_bytes() == b"another"


def test_a_backup_of_a_newer_program_is_refused_before_anything_moves(anywhere: Settings, tmp_path: Path) -> None:
    an_evening(anywhere).close()
    at = revision(anywhere.database)
    for number in ("9999", at):
        engine = create_engine(anywhere.database)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")
        engine.dispose()
        if number == "9999":
            admin.backup(tmp_path / "newer.tar.gz")
    key = (anywhere.data_dir / "secret.key").read_bytes()
    with pytest.raises(SystemExit) as refused:
        admin.restore(tmp_path / "newer.tar.gz")
    assert "newer program" in str(refused.value) and "\n" not in str(refused.value)
    assert revision(anywhere.database) == at and (anywhere.data_dir / "secret.key").read_bytes() == key
    assert not list(anywhere.data_dir.glob("before-restore-*"))


@pytest.mark.parametrize(
    "wrong, says",
    [
        ("nothing there", "nothing is stored in sqlite:"),
        ("no folder", "cannot be written: No such file or directory"),
        ("a folder", "cannot be written: Is a directory"),
        ("no database", "the database does not answer as it should: file is not a database"),
        ("no answer", "the database does not answer as it should: connection failed"),
        ("no room", "cannot be written: No space left on device"),
    ],
)
def test_a_backup_that_cannot_be_made_is_one_sentence_and_leaves_nothing(
    place: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, says: str
) -> None:
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "all.tar.gz"
    if wrong != "nothing there":
        an_evening(place).close()
    if wrong == "no folder":
        target = tmp_path / "gone" / "all.tar.gz"
    elif wrong == "a folder":
        target.mkdir()
    elif wrong == "no database":
        (place.data_dir / "siaga.db").write_bytes(b"junk" * 4096)
    elif wrong == "no answer":
        monkeypatch.setenv("SIAGA_DATABASE_URL", "postgresql://siaga:geheim@127.0.0.1:1/siaga")
    elif wrong == "no room":
        monkeypatch.setattr(
            tarfile.TarFile, "add", lambda *_, **__: (_ for _ in ()).throw(OSError(28, os.strerror(28)))
        )
    with pytest.raises(SystemExit) as refused:
        admin.backup(target)
    assert says in str(refused.value) and "\n" not in str(refused.value) and "geheim" not in str(refused.value)
    assert [path.name for path in (tmp_path / "out").iterdir()] == (["all.tar.gz"] if wrong == "a folder" else [])


@pytest.mark.parametrize(
    "wrong, says",
    [
        ("a bomb", "holds more than there is room for"),
        ("a name of megabytes", "a header in it is too large"),
        ("a hole", "belongs into none"),
        ("something else", "belongs into none"),
        ("half of it", "cannot be read as a backup"),
    ],
)
def test_a_restore_unpacks_no_more_than_there_is_room_for_and_nothing_that_is_not_ours(
    place: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, says: str
) -> None:
    an_evening(place).close()
    before = (place.data_dir / "siaga.db").read_bytes()
    entry = tarfile.TarInfo("siaga.db")
    entry.size = 4 << 20
    if wrong == "a name of megabytes":
        entry.pax_headers = {"comment": "x" * (2 << 20)}
    elif wrong == "a hole":
        entry.type, entry.size = tarfile.GNUTYPE_SPARSE, 0
    elif wrong == "something else":
        entry.name = "authorized_keys"
    with tarfile.open(tmp_path / "wrong.tar.gz", "w:gz") as tar:
        tar.addfile(entry, io.BytesIO(bytes(entry.size)))
    if wrong == "a bomb":
        little = SimpleNamespace(free=vitals.RESERVE + (1 << 20))
        monkeypatch.setattr("console.server.vitals.shutil", SimpleNamespace(disk_usage=lambda _: little))
    elif wrong == "half of it":
        whole = (tmp_path / "wrong.tar.gz").read_bytes()
        (tmp_path / "wrong.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SystemExit, match=says):
        admin.restore(tmp_path / "wrong.tar.gz")
    assert (place.data_dir / "siaga.db").read_bytes() == before
    assert not [path for path in place.data_dir.iterdir() if path.name.startswith((".siaga-", "before-"))]


@pytest.mark.parametrize("name", ["places.csv", "places.geojson"])
def test_an_import_reads_so_much_and_no_more_whatever_a_file_says_of_its_size(
    place: Settings, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).symlink_to("/dev/zero")
    for take in (admin.import_places, admin.import_boundaries):
        with pytest.raises(SystemExit, match="larger than 64 MiB"):
            take(tmp_path / name)


def test_a_file_that_is_no_backup_changes_nothing(place: Settings, tmp_path: Path) -> None:
    an_evening(place).close()
    before = (place.data_dir / "siaga.db").read_bytes()
    (tmp_path / "junk").write_bytes(b"not a tar file")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as tar:
        tar.add(HERE / "run.sh", archive.MANIFEST)
    for name, wrong in (("above", tarfile.TarInfo("../above")), ("link", tarfile.TarInfo("link"))):
        wrong.type, wrong.linkname = (tarfile.SYMTYPE, "/etc/passwd") if name == "link" else (tarfile.REGTYPE, "")
        with tarfile.open(tmp_path / f"{name}.tar.gz", "w:gz") as tar:
            tar.addfile(wrong)
    for name in ("junk", "other.tar.gz", "above.tar.gz", "link.tar.gz"):
        with pytest.raises(SystemExit, match="cannot be read as a backup"):
            admin.restore(tmp_path / name)
    assert (place.data_dir / "siaga.db").read_bytes() == before
    assert not list(place.data_dir.glob("before-restore-*"))


def test_the_audit_names_the_first_number_that_was_tampered_with(place: Settings) -> None:
    law = an_evening(place)
    law.close()
    assert admin.verify_audit()[1]
    last = read(place, position)[0]
    for seq in (last, last - 1):  # the later one first: the earlier one is then the first
        engine = create_engine(place.database)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE event SET by_id = 99 WHERE seq = {seq}")
        engine.dispose()
        report, intact = admin.verify_audit()
        assert not intact and f"Event {seq}" in report


def test_the_audit_prints_a_seal_that_the_next_one_is_held_against(place: Settings) -> None:
    law = an_evening(place)
    seal = admin.verify_audit()[0].splitlines()[-1]
    law.file()
    law.close()
    assert admin.verify_audit(seal)[1]
    report, intact = admin.verify_audit("1.0.20261129T081815Z.ab.-.ab")
    assert not intact and "none of this record's" in report


def test_a_file_of_evidence_that_was_changed_or_taken_is_named_when_asked_for(place: Settings) -> None:
    an_evening(place).close()
    path = place.data_dir / LIES_AT
    path.write_bytes(b"another photograph")
    assert "was changed" in admin.verify_audit(evidence=True)[0]
    path.unlink()
    path.mkdir()  # a sick disk, as far as whoever reads is concerned
    assert "(complaint 1) cannot be read (Is a directory)." in admin.verify_audit(evidence=True)[0]
    path.rmdir()
    report, intact = admin.verify_audit(evidence=True)
    assert not intact and "The file of evidence 1 (complaint 1) is gone." in report and admin.verify_audit()[1]


# Maps and certificates


def test_places_and_boundaries_are_taken_over(place: Settings, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("name,lat,lon,kind,aliases\nWarung Bu Tini,3.58,98.67,landmark,\n")
    assert "1 places" in admin.import_places(tmp_path / "places.csv")
    (tmp_path / "map.geojson").write_text("{}")
    with pytest.raises(SystemExit, match="not a GeoJSON"):
        admin.import_boundaries(tmp_path / "map.geojson")


def test_a_certificate_is_trusted_for_its_host_alone_and_renewed_by_the_same_authority(place: Settings) -> None:
    said = admin.make_certificate("siaga.medan.lan")
    tls = place.data_dir / "tls"
    authority = tls / "siaga.medan.lan.authority.crt"
    assert str(authority) in said and "SIAGA_TLS_CERT=" in said
    assert (tls / "siaga.medan.lan.key").stat().st_mode & 0o777 == 0o600
    before = authority.read_bytes(), (tls / "siaga.medan.lan.crt").read_bytes()
    admin.make_certificate("siaga.medan.lan")
    assert authority.read_bytes() == before[0] and (tls / "siaga.medan.lan.crt").read_bytes() != before[1]
    assert shakes_hands("siaga.medan.lan", tls, "siaga.medan.lan")
    assert not shakes_hands("siaga.medan.lan", tls, "bank.example")
    admin.make_certificate("192.168.7.20")
    assert shakes_hands("192.168.7.20", tls, "192.168.7.20")


def shakes_hands(host: str, tls: Path, asked_for: str) -> bool:
    """Would a screen that trusts this authority believe the server of `host` when it asked for that name?"""
    screen = ssl.create_default_context(cafile=str(tls / f"{host}.authority.crt"))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tls / f"{host}.crt", tls / f"{host}.key")
    to_server, to_screen = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = screen.wrap_bio(to_screen, to_server, server_hostname=asked_for)
    theirs = server.wrap_bio(to_server, to_screen, server_side=True)
    for _ in range(5):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return True


# The command line


def test_the_command_line_prints_what_it_did(place: Settings) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([HERE / "run.sh", "admin", *words], capture_output=True, text=True)

    made = run("create-user", "officer", "budi", "--name", "Budi Santoso")
    assert made.returncode == 0 and "budi" in made.stdout
    officer = read(place, lambda session: session.exec(select(Officer)).one())
    assert officer.role == Role.OFFICER and HASHER.verify(officer.password, secret_in(made.stdout))
    assert run("verify-audit").returncode == 0
    refused = run("reset-password", "nobody")
    assert refused.returncode == 1 and refused.stderr.strip() == "nobody signs in as nobody"


def test_no_secret_begins_as_an_option_does(monkeypatch: Any) -> None:
    drawn = iter(["-first", "-second", "third"])
    monkeypatch.setattr("console.door.viewer.secrets.token_urlsafe", lambda _: next(drawn))
    assert new_secret()[0] == "third"


# Another database


def test_what_cannot_be_moved_stays_and_leaves_nothing_behind(
    place: Settings, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty file, a database in use, words that PostgreSQL does not keep, another key: each in a sentence."""
    for url, says in ((postgres_url, "nothing is stored"), ("sqlite:////tmp/other.db", "is no PostgreSQL")):
        with pytest.raises(SystemExit, match=says):
            admin.move(url)
    law = an_evening(place)
    law.close()
    with pytest.raises(SystemExit, match="holds tables already"):
        admin.move(postgres_url)
    wipe(postgres_url)
    file = place.data_dir / "siaga.db"
    change(file, "UPDATE incident SET landmark = 'a' || char(0)")
    with pytest.raises(SystemExit, match="PostgreSQL refuses what stands here"):
        admin.move(postgres_url)
    assert empty(postgres_url)
    change(file, "UPDATE incident SET landmark = 'depan minimarket'")
    monkeypatch.setenv("SIAGA_SECRET_KEY", "another secret key")
    with pytest.raises(SystemExit, match="is not the key"):
        admin.move(postgres_url)
    assert empty(postgres_url) and not (place.data_dir / MOVED).exists()


def change(file: Path, statement: str) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
