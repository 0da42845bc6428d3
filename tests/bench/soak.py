"""A day at a wall, at an accelerated rate: every event is a real one over the real line, every second ticks, and nobody touches it.

What a page that burns for weeks may not do is grow. Its heap after collecting, its nodes and its listeners are counted
when the first hours have filled every cache, and at the end of the day.
"""

import time
from collections import deque
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from console.door.viewer import hash_of
from console.ground.places import Places
from console.ground.points import distance_m
from console.writer import Writer
from models.incidents.filing import Filing, file
from models.incidents.sight import find
from models.people.citizens import Citizen
from models.people.machines import Wall
from models.people.officers import Officer
from models.people.sessions import sign_in
from models.record.database import writing_engine
from models.time import now
from models.viewer import Viewer
from tests.bench.browsing import browser
from tests.bench.report import say, table
from tests.bench.stage import BABURA, KEY, City, city, serving

HOURS, COMPLAINTS = 24, 500  # a bad day (docs/design.md)
WARM_UP = 4  # hours: every cache is full, every kind of row has been there
RATE = 300  # seconds of the wall in one of ours: a day in five minutes
OPEN = 24  # as many stand on the board at a time
LIVES = ("claim", "dispatch", "arrive", "resolve")
GAUGES = {"heap, MB": "JSHeapUsedSize", "nodes": "Nodes", "listeners": "JSEventListeners", "documents": "Documents"}
GROWTH = 1.1  # at most so much of each, between the warm wall and the day's end

# The wall's own seconds, RATE of them in each of ours: ages, night and day, the shift against burn-in, all that hears a tick.
FASTER = """rate => {
    const began = Date.now(), first = siaga.server.now();
    let ticked = 0, beat = 0;
    siaga.server.now = () => first + (Date.now() - began) * rate;
    setInterval(() => {
        for (const due = Math.floor((Date.now() - began) / 1000 * rate); ticked < due; ticked++) {
            siaga.tell("tick");
            if (ticked % 5) continue;
            const { seq, epoch } = document.getElementById("board").dataset;
            const data = JSON.stringify({ beat: { at: new Date().toISOString(), seq: Number(seq), epoch } });
            document.dispatchEvent(new CustomEvent("htmx:ws:before:message:incoming", { detail: { message: { data } } }));
            beat++;
        }
        window.__lived = [ticked, beat];
    }, 50);
}"""


def run() -> None:
    with city() as people, serving(people.url) as server, browser() as launched:
        if launched is None:
            return
        rows = soak(people, server.port, launched)
    table(["hour of the wall", "events", "rows", *GAUGES], rows)
    warm, end = rows[1], rows[-1]
    grown = {name: end[n] / warm[n] for n, name in enumerate(GAUGES, 3)}
    say("from the warm wall to the end: " + ", ".join(f"{name} × {share:.2f}" for name, share in grown.items()))
    say("it does not grow" if max(grown.values()) <= GROWTH else f"IT GROWS by more than × {GROWTH}")


def soak(people: City, port: int, launched: Any, hours: int = HOURS, rate: int = RATE) -> list[list[Any]]:
    """A row each four hours of the wall: when, how many events, rows on the board, then the gauges."""
    writer = Writer(writing_engine(people.url), KEY, lambda _: None)
    context = launched.new_context(viewport={"width": 1920, "height": 1080}, locale="id", timezone_id="Asia/Jakarta")
    secret = uuid4().hex
    writer.submit(_hang, secret).result()
    context.add_cookies([{"name": "siaga", "value": secret, "url": f"http://127.0.0.1:{port}"}])
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/wall", wait_until="load")
    page.wait_for_function("() => document.getElementById('alive').textContent.includes('Hidup')")
    gauge = context.new_cdp_session(page)
    gauge.send("Performance.enable")
    evening, rows = _Day(writer), [[0, 0, 0, *_gauged(gauge)]]
    page.evaluate(FASTER, rate)
    began, each = time.monotonic(), 3600 / rate
    for hour in range(1, hours + 1):
        evening.hour(COMPLAINTS // HOURS, began + hour * each)
        page.wait_for_timeout(max(0, (began + hour * each - time.monotonic()) * 1000))
        if hour % WARM_UP == 0:
            shown = page.locator("#board > .row").count()
            assert page.locator("#blind").is_hidden() and shown > 0, "the wall was lost"
            rows.append([hour, evening.events, shown, *_gauged(gauge)])
    ticked, beats = page.evaluate("window.__lived")
    say(f"{ticked / 3600:.1f} h of the wall, {ticked} ticks, {beats} beats, {evening.events} events")
    context.close()
    writer.close()
    return rows


class _Day:
    """Complaints come, are taken, sent to, reached and closed, so that as many stand open as on a busy evening."""

    def __init__(self, writer: Writer) -> None:
        self.events = 0
        self._writer, self._filed, self._places = writer, 0, Places()
        self._open: deque[list[Any]] = deque()  # id, steps that are left

    def hour(self, complaints: int, until: float) -> None:
        for n in range(complaints):
            self._do(self._file)
            while len(self._open) > OPEN:
                self._do(self._close)
            for one in list(self._open)[n % 3 :: 3][:4]:
                if len(one[1]) > 1:
                    self._do(self._take, one)
            time.sleep(max(0.0, (until - time.monotonic()) / (complaints - n) * 0.5))

    def _do(self, act: Any, *given: Any) -> None:
        self._writer.submit(act, *given).result()

    def _file(self, session: Session) -> None:
        self._filed += 1
        n = self._filed
        at = (BABURA[0] + n % 9 * 9e-3 - 0.03, BABURA[1] + n % 11 * 7e-3 - 0.03)
        site = self._places.site(*at, precision="pin", landmark="Pasar")
        kind = ("CURAS_BEGAL", "KEBAKARAN", "CURANMOR", "KERIBUTAN", "KDRT_PPA")[n % 5]
        complaint = file(session, session.get_one(Citizen, n % 300 + 1).viewer, Filing(kind, f"Laporan {n}", site))
        assert complaint.incident
        self._open.append([complaint.incident.id, list(LIVES)])
        self.events += 1

    def _close(self, session: Session) -> None:
        one = self._open.popleft()
        while one[1]:
            self._take(session, one)

    def _take(self, session: Session, one: list[Any]) -> None:
        id, left = one
        by: Viewer = session.get_one(Officer, id % 10 + 1).viewer
        step = left.pop(0)
        given: dict[str, dict[str, Any]] = {
            "dispatch": {"sent": [(id % 10 + 1, 1)], "metres": distance_m, "reason": "-"},
            "resolve": {"outcome": "handled"},
        }
        find(session, by, id).take(step, by, **given.get(step, {}))
        self.events += 1


def _hang(session: Session, secret: str) -> None:
    wall = Wall(name="Soak", hangs_as="soak", paired_at=now())
    session.add(wall)
    session.flush()
    sign_in(session, wall, hash_of(secret))


def _gauged(gauge: Any) -> list[float]:
    """What is left after collecting; in MB, and counts."""
    for _ in range(2):
        gauge.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in gauge.send("Performance.getMetrics")["metrics"]}
    return [round(found[name] / 2**20, 2) if name == "JSHeapUsedSize" else int(found[name]) for name in GAUGES.values()]
