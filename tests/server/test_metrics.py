"""What an operator's eyes see: for whoever has the token, and nobody else."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from console.settings import HERE, Settings
from models.incidents.incident import Incident
from models.time import now
from tests.support.house import Running, wait_until
from tests.support.serving import Cast, audience, browser
from tests.support.town import OPERATOR, Town, ref_of


def test_only_who_brings_the_token_reads_the_counts(sqlite_town: Town) -> None:
    assert sqlite_town.anyone.get("/metrics", headers=OPERATOR).status_code == 200
    for said in (
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer of-another-one"},
        {"authorization": b"Bearer \xe9"},
    ):
        for who in (sqlite_town.anyone, sqlite_town.dewi):
            answer = who.get("/metrics", headers=said)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), said
            assert "siaga_" not in answer.text


@pytest.mark.parametrize("token", ["", "Bearer "])
def test_without_a_token_there_are_none(tmp_path: Path, sqlite_url: str, redis_url: str, token: str) -> None:
    """Also not from this machine: behind a proxy everybody comes from there."""
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url, redis_url=redis_url)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/metrics", headers={"authorization": token}).status_code == 404


def counts(town: Town) -> dict[str, float]:
    answer = town.anyone.get("/metrics", headers=OPERATOR)
    lines = (line for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_what_is_open_unclaimed_and_late_is_counted_by_priority(town: Town) -> None:
    first, second, _ = (ref_of(town.ann.file()) for _ in range(3))
    priority = town.incident_of(first).priority
    town.act(first, "claim", town.hendra)
    town.act(second, "dismiss", town.hendra, reason="empty")
    town.write(lambda session: setattr(session.get_one(Incident, 1), "due_at", now() - timedelta(seconds=1)))
    said = counts(town)
    for name, number in {"open": 2, "unclaimed": 1, "late": 1}.items():
        assert said[f'siaga_incidents_{name}{{priority="{priority}"}}'] == number, name
        assert sum(value for key, value in said.items() if key.startswith(f"siaga_incidents_{name}{{")) == number
    assert said["siaga_events"] >= 5 and said["siaga_disk_free_bytes"] > 0
    assert said['siaga_evidence_waits{for="arrive"}'] == 0


def test_answers_refusals_and_writes_are_counted_by_route_and_never_by_path(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file())  # the counts are this process's: others' tests are in them
    before = counts(sqlite_town)
    assert sqlite_town.ann.get(f"/complaints/{ref}").status_code == 200
    assert sqlite_town.zed.get(f"/complaints/{ref}").status_code == 404
    assert sqlite_town.anyone.get("/wp-admin/kenari").status_code == 404
    assert (
        sqlite_town.ann.post("/language", data={"locale": "id"}, headers={"sec-fetch-site": "cross-site"}).status_code
        == 403
    )
    sqlite_town.ann.file()
    text = sqlite_town.anyone.get("/metrics", headers=OPERATOR).text
    after = counts(sqlite_town)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    for name in (
        'siaga_answers_total{route="/complaints/{ref}",status="200"}',
        'siaga_answers_total{route="/complaints/{ref}",status="404"}',
        'siaga_request_seconds_count{method="POST",route="/complaints"}',
        'siaga_refusals_total{kind="NotFound",status="404"}',
        'siaga_refusals_total{kind="CrossSite",status="403"}',
    ):
        assert grown[name] == 1, name
    assert grown['siaga_answers_total{route="none",status="404"}'] == 1
    assert min(grown[f"siaga_{name}_seconds_count"] for name in ("write", "commit", "write_held")) >= 1
    assert ref not in text and "kenari" not in text


def test_screens_and_the_hubs_lag_are_counted(cast: Cast, server: Running) -> None:
    def said() -> str:
        with browser(server, **OPERATOR) as operator:
            return operator.get("/metrics").text

    with audience(cast, server, ("sari", "wall")):
        wait_until(lambda: 'siaga_screens{kind="wall"} 1.0' in said() and 'siaga_screens{kind="console"} 1.0' in said())
        cast.file()
        wait_until(
            lambda: f"siaga_hub_cursor {float(len(cast.rings))}" in said() or "siaga_shown_seconds_count" in said()
        )
    wait_until(lambda: 'siaga_screens{kind="wall"} 0.0' in said())
    assert 'siaga_build_info{database="sqlite"' in said() and "siaga_process_resident_memory_bytes" in said()


PROCESSES = """
import os, sys
from console.server import metrics

metrics.process_ended(os.getpid())  # as the parent of the processes does

class Like:
    def __init__(self, number): self.cursor, self.up, self.failing, self.number = 100 + number, number == 1, number == 1, number
    def kinds(self): return {"console": self.number}
    def waited(self): return float(self.number)

for number in (1, 2):
    pid = os.fork()
    if pid == 0:
        like = Like(number)
        metrics.refused("NotFound", 404)
        metrics.WRITES.observe(0.1)
        metrics.note(like, like, like, "1.0.0", "postgresql")
        os._exit(0)
    os.waitpid(pid, 0)
    if number == int(sys.argv[1]):
        metrics.process_ended(pid)
sys.stdout.buffer.write(metrics.text(metrics.CollectorRegistry()))
"""


@pytest.mark.parametrize("dead, screens, cursor, failing", [("0", 3, 101, 1), ("1", 2, 102, 0)])
def test_several_processes_are_one_whole_and_a_dead_one_leaves_its_counts(
    tmp_path: Path, dead: str, screens: int, cursor: int, failing: int
) -> None:
    given = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", PROCESSES, dead], env=given, cwd=HERE, capture_output=True, text=True, check=True
    ).stdout
    for line in (
        'siaga_refusals_total{kind="NotFound",status="404"} 2.0',
        "siaga_write_seconds_count 2.0",
        f'siaga_screens{{kind="console"}} {float(screens)}',
        f"siaga_hub_cursor {float(cursor)}",
        f"siaga_write_failing {float(failing)}",
        "siaga_write_waits_seconds 2.0",
    ):
        assert line in said.splitlines(), (line, said)
    assert said.count("\nsiaga_process_cpu_seconds{") == (2 if dead == "0" else 1)


def test_nothing_counts_before_the_folder_of_counts_is_named() -> None:
    """Else several processes would each keep their own."""
    start = "import sys; import console.cli, console.server.data_folder, console.server.redis_server, console.settings, models.record.database; "
    asked = [sys.executable, "-c", f"{start}sys.exit('prometheus_client' in sys.modules)"]
    assert subprocess.run(asked, cwd=HERE).returncode == 0


def test_the_operators_guide_names_every_one(sqlite_town: Town) -> None:
    text = sqlite_town.anyone.get("/metrics", headers=OPERATOR).text
    names = set(re.findall(r"^# TYPE (siaga_\w+) (?!gauge_created)", text, re.MULTILINE))
    named = set(re.findall(r"`(siaga_\w+)", (HERE / "README.md").read_text()))
    assert {name.removesuffix("_total") for name in names if not name.endswith("_created")} == named
