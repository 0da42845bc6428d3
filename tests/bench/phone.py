"""The citizen's phone on a bad network: slow 3G and a processor four times slower, as Chromium emulates them.

400 kbit/s each way and 400 ms before each answer; a new context, and so an empty cache, for each visit that is not
called the second. Bytes are those on the line: compressed, with their headers. A page is *interactive* once
something is painted, the scripts that came with it have run (DOMContentLoaded waits for plain and module scripts),
and the last task of more than 50 ms is over, where for a second none has followed. The emulation knows of no
handshakes: a first connection costs a round trip more, and over TLS two.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from socket import create_connection
from statistics import median
from typing import Any

from console.writer import Writer
from models.command.bulletin import Draft, publish
from models.people.officers import Officer
from models.record.database import writing_engine
from models.roles import Role
from tests.bench.browsing import browser
from tests.bench.report import say, spread, table
from tests.bench.stage import KEY, City, city, serving

ROUNDS, COMPLAINTS = 5, 3
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER_CPU = 4
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
KB, SECONDS = 60, 3.0  # the goal of a first page
RECEIPT_SECONDS = 1.0  # the goal of a receipt on a network that is well
PATIENCE_MS = 60_000
KINDS = {
    "html": "html",
    "css": "css",
    "javascript": "js",
    "image": "pictures",
    "font": "fonts",
}  # by a part of the type

# Before any script of the page: its long tasks; when "Kirim laporan" was tapped; when the receipt was on the screen.
WATCH = """
(() => {
  const wall = () => performance.timeOrigin + performance.now(), seen = window.__seen = { busyUntil: 0 };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.busyUntil = startTime + duration;
  }).observe({ type: "longtask", buffered: true });
  addEventListener("click", ({ target }) => {
    if (target.closest("#send")) sessionStorage.setItem("bench.tap", wall());
  }, true);
  const painted = (name) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { sessionStorage.getItem(name) ?? sessionStorage.setItem(name, wall() - sessionStorage.getItem("bench.tap")); };
    port2.postMessage(null);
  });
  new MutationObserver(() => {
    if (/[0-9A-Z]{4}-[0-9A-Z]{4}/.test(document.querySelector("#sending")?.textContent)) painted("bench.receipt");
    if (document.querySelector("#receipt") && sessionStorage.getItem("bench.tap")) { painted("bench.receipt"); painted("bench.followed"); }
  }).observe(document, { childList: true, subtree: true });
})();
"""
AT_REST = """
() => document.readyState === "complete" && performance.getEntriesByName("first-contentful-paint").length
  && performance.now() - Math.max(window.__seen.busyUntil, performance.timing.domContentLoadedEventEnd - performance.timeOrigin) > 1000
"""
FIGURES = """
() => {
  const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  const ready = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
  return [painted / 1000, Math.max(painted, ready, window.__seen.busyUntil) / 1000];
}
"""


@dataclass
class Visit:
    """One page, once: seconds from asking for it, and kB by kind."""

    painted: float
    interactive: float
    kb: dict[str, float]
    requests: int


@dataclass
class Wire:
    """What Chromium says went over the line since the last `clear`, for the page and for its service worker."""

    kinds: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def hear(self, method: str, said: dict[str, Any]) -> None:
        if method == "Network.responseReceived":
            type = said["response"]["mimeType"].partition(";")[0]
            self.kinds[said["requestId"]] = next((kind for mark, kind in KINDS.items() if mark in type), "other")
        elif method == "Network.loadingFinished":
            self.sizes[said["requestId"]] = int(said["encodedDataLength"])

    def clear(self) -> None:
        self.kinds.clear()
        self.sizes.clear()

    def kb(self) -> dict[str, float]:
        sums: Counter[str] = Counter()
        for id, size in self.sizes.items():
            sums[self.kinds.get(id, "other")] += size
        return {kind: size / 1000 for kind, size in sums.items()}

    @property
    def requests(self) -> int:
        """Those that were answered from a cache cost nothing, and do not count."""
        return sum(size > 0 for size in self.sizes.values())


@dataclass
class Phone:
    page: Any
    wire: Wire

    def visit(self, path: str) -> Visit:
        self.wire.clear()
        self.page.goto(path, wait_until="load", timeout=PATIENCE_MS)
        self.page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
        painted, interactive = self.page.evaluate(FIGURES)
        return Visit(painted, interactive, self.wire.kb(), self.wire.requests)

    def file(self) -> tuple[float, float]:
        """The form is filled in and sent: seconds from the tap until "Laporan diterima" is painted, with its number,
        and until the page is where it is followed.
        """
        self.page.locator("[value=LAKA]").check()
        self.page.fill("#description", "Dua motor bertabrakan, satu orang luka di kaki.")
        self.page.fill("#place", "Jl. Iskandar Muda")
        self.page.get_by_role("button", name="Kirim laporan").click()
        self.page.wait_for_url("**/complaints/*-*", timeout=PATIENCE_MS, wait_until="commit")
        self.page.wait_for_function("() => sessionStorage.getItem('bench.followed')", timeout=PATIENCE_MS)
        told, followed = self.page.evaluate(
            "['receipt', 'followed'].map((one) => sessionStorage.getItem(`bench.${one}`) / 1000)"
        )
        return told, followed


def run() -> None:
    with city() as people:
        _tell_all(people)
        with serving(people.url) as server, browser() as launched:
            if launched is None:
                return
            for number in range(ROUNDS):
                for _ in range(COMPLAINTS):
                    _file(people.report(number), server.port)
            _measure(launched, f"http://127.0.0.1:{server.port}", people)


def _measure(launched: Any, url: str, people: City) -> None:
    visits: dict[str, list[Visit]] = {}
    slow: list[tuple[float, float]] = []
    well: list[tuple[float, float]] = []
    forms = []

    def note(name: str, visit: Visit) -> Visit:
        visits.setdefault(name, []).append(visit)
        return visit

    for number in range(ROUNDS):
        cookie = people.citizens[number]
        with phone(launched, url) as nobody:
            note("/ not signed in", nobody.visit("/"))
            note("/bulletins, from there", nobody.visit("/bulletins"))
        with phone(launched, url, cookie) as ann:
            note("/ signed in", ann.visit("/"))
            ref = ann.page.locator("#board a").first.get_attribute("href")
            ann.page.evaluate("() => navigator.serviceWorker.ready")
            note("/ signed in, second visit", ann.visit("/"))
        with phone(launched, url, cookie) as ann:
            forms.append(note("/complaints/new", ann.visit("/complaints/new")))
            slow.append(ann.file())
        with phone(launched, url, cookie) as ann:
            note("/complaints/new, from /", (ann.visit("/"), ann.visit("/complaints/new"))[1])
        with phone(launched, url, cookie) as ann:
            note("/complaints/{ref}", ann.visit(ref or ""))
            note("/complaints/{ref}, second visit", ann.visit(ref or ""))
        with phone(launched, url) as nobody:
            note("/bulletins", nobody.visit("/bulletins"))
        with phone(launched, url, cookie, slow=False) as ann:
            ann.visit("/complaints/new")
            well.append(ann.file())
    _pages(visits)
    waited = [form.interactive + told for form, (told, _) in zip(forms, slow, strict=True)]
    table(
        ['from the tap on "Kirim laporan", processor slowed down', "s", "goal"],
        [
            ['"Laporan diterima" painted, a network that is well', *_receipt([told for told, _ in well])],
            ["its page painted", spread([followed for _, followed in well], 2), ""],
            ['"Laporan diterima" painted, slow 3G', spread([told for told, _ in slow], 2), ""],
            ["its page painted, slow 3G", spread([followed for _, followed in slow], 2), ""],
            ["of the 30 s of a filing, spent waiting for form and receipt, slow 3G", spread(waited, 2), ""],
        ],
    )


def _receipt(seconds: list[float]) -> tuple[str, str]:
    return spread(seconds, 2), f"≤ {RECEIPT_SECONDS:.0f}: {'met' if median(seconds) <= RECEIPT_SECONDS else 'missed'}"


def _pages(visits: dict[str, list[Visit]]) -> None:
    kinds = (*KINDS.values(), "other")
    say(f"goal of a first page: ≤ {KB} kB, interactive ≤ {SECONDS:.0f} s")
    table(
        ["page", "kB", *kinds, "requests", "painted s", "interactive s", "goal"],
        [
            [
                name,
                f"{_middle(sum(one.kb.values()) for one in seen):.1f}",
                *(f"{_middle(one.kb.get(kind, 0) for one in seen):.1f}" for kind in kinds),
                f"{_middle(one.requests for one in seen):.0f}",
                spread([one.painted for one in seen], 2),
                spread([one.interactive for one in seen], 2),
                _judged(seen),
            ]
            for name, seen in visits.items()
        ],
    )
    say("")


def _judged(seen: list[Visit]) -> str:
    light = _middle(sum(one.kb.values()) for one in seen) <= KB
    return "met" if light and _middle(one.interactive for one in seen) <= SECONDS else "missed"


def _middle(values: Iterable[float]) -> float:
    return median(list(values))


@contextmanager
def phone(launched: Any, url: str, cookie: str = "", slow: bool = True) -> Iterator[Phone]:
    """One that was never here before."""
    context = launched.new_context(**PHONE, locale="id", base_url=url)
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
    page, wire = context.new_page(), Wire()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    on_line = [("Network.enable", {}), *([("Network.emulateNetworkConditions", SLOW)] if slow else [])]

    def attach(said: dict[str, Any]) -> None:
        """Its service worker asks for itself: the line is as slow for it, and as closely watched."""
        for number, (method, params) in enumerate(on_line):
            message = json.dumps({"id": number, "method": method, "params": params})
            session.send("Target.sendMessageToTarget", {"sessionId": said["sessionId"], "message": message})

    def relay(said: dict[str, Any]) -> None:
        message = json.loads(said["message"])
        wire.hear(message.get("method", ""), message.get("params", {}))

    for event in ("Network.responseReceived", "Network.loadingFinished"):
        session.on(event, partial(wire.hear, event))
    session.on("Target.attachedToTarget", attach)
    session.on("Target.receivedMessageFromTarget", relay)
    for method, params in on_line:
        session.send(method, params)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    session.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False})
    yield Phone(page, wire)
    context.close()


def _file(request: bytes, port: int) -> None:
    with create_connection(("127.0.0.1", port)) as line:
        line.sendall(request)
        line.recv(65536)


def _tell_all(people: City) -> None:
    """Five bulletins, as on any home page."""
    writer = Writer(writing_engine(people.url), KEY, lambda _: None)

    def tell(session: Any) -> None:
        sari = Officer(login="sari", name="Sari", rank="Kompol", role=Role.SUPERVISOR, password="-")
        session.add(sari)
        session.flush()
        for title in ("Waspada banjir", "Car free day", "SIM keliling", "Razia kendaraan", "Pos pengamanan"):
            publish(session, sari.viewer, Draft(title, f"{title}: keterangan dari Polrestabes Medan. " * 4, "berita"))

    writer.submit(tell).result()
    writer.close()
