"""One zone rules every time on screen, in numbers and in the night: the command's own."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.routing import Route

from console.app import sitemap
from console.settings import HERE
from models import time as here
from models.city.seed.facts import load
from models.incidents.filing import _number
from models.incidents.incident import Incident
from models.reading.prank_counts import pranks
from models.time import now
from tests.support.law import law_of
from tests.support.serving import Cast, browser, in_thread

WEST = ZoneInfo("Asia/Jakarta")
EAST = {"Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
MACHINES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)|\b[0-9a-f]{32,}\b")  # what no person reads
TIME = re.compile(r"(?<![\d:])\d\d:\d\d(?=:\d\d(?!\d)|(?![\d:]))")  # with its seconds or without
FILES = ("*.html", "*.js", "*.po")
WHOSE = {  # who is let in, by how an address begins
    "/account": "ann", "/complaints": "ann", "/admin": "dewi", "/agency": "damkar", "/wall": "wall", "/sign": "", "/": "sari"
}  # fmt: skip


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    yield
    here.keep_time(WEST.key)


@pytest.mark.parametrize("zone", EAST)
def test_no_page_tells_the_time_of_another_zone(zone: str, cast: Cast, tmp_path: Path, redis_url: str) -> None:
    incident = cast.file()
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "ask", cast.hendra, words="Aman?")
    cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="full", note="dekat")
    ref = cast.read(lambda session: session.get_one(Incident, incident.id).complaints[0].ref)
    word, began = EAST[zone], now() - timedelta(minutes=1)
    told: list[tuple[str, str]] = []
    timed = set()
    with in_thread(cast, tmp_path, redis_url, zone=zone) as server, ExitStack() as stack:
        clients = {who: stack.enter_context(browser(server, cast.cookies.get(who, ""))) for who in {*WHOSE.values()}}
        for path in pages(incident.id or 0, ref):
            answer = clients[next(who for prefix, who in WHOSE.items() if path.startswith(prefix))].get(path)
            if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
                continue
            said = MACHINES.sub("", answer.text)
            assert f'data-zone="{zone}"' in said, path
            assert 'id="clock"' not in said or f"<small>{word}</small>" in said, path
            told += [(path, found) for found in foreign(said, zone, began)]
            timed |= {path} if TIME.search(said) else set()
        taken = zipfile.ZipFile(io.BytesIO(clients["ann"].get("/account/export").content)).read("data.json").decode()
    assert f"{now().astimezone(ZoneInfo(zone)):%z}"[:3] + ":00" in taken and "+00:00" not in taken
    assert told == [] and len(timed) > 5, timed  # these do tell the time


def pages(id: int, ref: str) -> list[str]:
    paths = [route.path for route in sitemap() if isinstance(route, Route) and "GET" in (route.methods or ())]
    filled = [re.sub(r"\{id(:int)?\}", str(id), path).replace("{ref}", ref) for path in paths]
    return [*(path for path in filled if "{" not in path), "/admin/categories/CURAS_BEGAL", "/admin/targets/1"]


def foreign(said: str, zone: str, began: datetime) -> list[str]:
    """Words and times of day, within these minutes, that are another zone's."""
    minutes = [began + timedelta(minutes=n) for n in range(5)]
    ours = {f"{at.astimezone(ZoneInfo(zone)):%H:%M}" for at in minutes}
    others = {f"{at.astimezone(other):%H:%M}" for at in minutes for other in (WEST, UTC)} - ours
    others -= {time for time in others if time.endswith(":00")}  # a page of hours has each of them, in any zone
    others -= {
        f"{s // 60:02}:{s % 60:02}" for one in load().priorities for s in (one.claim_s or 0, one.arrive_s or 0)
    }  # no times of day
    return [*re.findall(r"\bWIB\b", said), *(time for time in TIME.findall(said) if time in others)]


def test_numbers_days_and_the_night_are_those_of_the_zone(sqlite_url: str) -> None:
    """A quarter to midnight in Medan, on the last of the month, is past midnight in the east."""
    at = datetime(2026, 11, 30, 16, 45, tzinfo=UTC)
    with law_of(sqlite_url) as law:
        for zone, month, night in (
            (WEST.key, "2611", True),
            ("Asia/Makassar", "2612", True),
            ("Europe/Berlin", "2611", False),
        ):
            here.keep_time(zone)
            assert law.run(_number, at, False).startswith(month), zone
            assert here.is_night(at) == night, zone
            assert f"{law.read(pranks).days[0].begins:%H:%M %Z}" == f"00:00 {here.zone_word(now())}"


@pytest.mark.parametrize(("zone", "word"), [*EAST.items(), ("Asia/Pontianak", "WIB"), ("Asia/Singapore", "UTC+8")])
def test_a_zone_goes_by_its_own_name(zone: str, word: str) -> None:
    here.keep_time(zone)
    assert here.zone_word(now()) == word


@pytest.mark.parametrize("folder", ["templates", "static/js", "console", "models"])
def test_nothing_shown_names_a_zone_by_itself(folder: str) -> None:
    named = [
        (path.name, line) for kind in FILES for path in (HERE / folder).rglob(kind)
        for line in path.read_text().splitlines() if re.search(r"\bWI(?:B|TA|T)\b|Asia/", line)
    ]  # fmt: skip
    assert named == []
