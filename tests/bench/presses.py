"""Respons Cepat where it may be lost: slow 3G, a processor four times slower, and everything that can go wrong.

For each cut, at every half second from the moment the finger has held for two: phones with and without an account are
pressed, two at once, their position granted, denied and not answered for. An officer's console, which comes back as
often as it has to, says when each press stood in the queue. A press is lost when it never stands there, doubled when
it stands there twice; the goal of both is none. "Killed" is `kill -9`, and another server in its place.
"""

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import product
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

from sqlalchemy import Engine
from sqlmodel import Session, select
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from models.incidents.complaint import Complaint
from models.record.database import reading_engine
from tests.bench.phone import PHONE, SLOW, SLOWER_CPU
from tests.bench.report import percentile, say, table
from tests.bench.stage import City, Serving, city, serving
from tests.browser.chromium import MISSING, find

HOLD_S = 2.0
INSTANTS = [half / 2 for half in range(9)]
LATER_S = 3.0  # a tab that died is opened again, a signal is back
ARRIVES_S = 60.0
CLOSES_S = 15.0
POSITIONS = ("granted", "denied", "unanswered")
KINDS = list(product(POSITIONS, (True, False)))
HERE = {"geolocation": {"latitude": 3.5796, "longitude": 98.6585, "accuracy": 18}, "permissions": ["geolocation"]}
UNANSWERED = """
navigator.permissions.query = async () => ({ state: "prompt" });
navigator.geolocation.getCurrentPosition = navigator.geolocation.watchPosition = () => 1;
"""
FOLLOWS = re.compile(r"/complaints/([0-9A-Z]{4}-[0-9A-Z]{4})$")
OWN = "() => [...document.links].map(({ pathname }) => pathname).find(path => /-....$/.test(path)) ?? ''"
CARD = re.compile(r"\bincident-(\d+)\b")


@dataclass
class Town:
    """The server, which may die, and an officer's console before it."""

    people: City
    server: Serving
    life: ExitStack
    reading: Engine
    seen: dict[int, float] = field(default_factory=dict)  # when each incident stood in the queue

    def dies(self) -> None:
        port = self.server.port
        self.server.process.kill()
        self.server.process.wait()
        self.life.close()
        self.server = self.life.enter_context(serving(self.people.url, port))

    async def watch(self) -> None:
        cookie = self.people.officers[0]
        where = f"127.0.0.1:{self.server.port}"
        live = f"ws://{where}/live?view=console&after=0&epoch=none"
        page = Request(f"http://{where}/console", headers={"Cookie": cookie})
        while True:
            with suppress(OSError, WebSocketException):
                async with connect(live, additional_headers={"Cookie": cookie}, origin=f"http://{where}") as socket:  # type: ignore[arg-type]
                    self._note(await asyncio.to_thread(lambda: urlopen(page).read().decode()))
                    async for frame in socket:
                        self._note(str(frame))
            await asyncio.sleep(0.1)

    def _note(self, html: str) -> None:
        for id in CARD.findall(html):
            self.seen.setdefault(int(id), time.time())


@dataclass
class Phone:
    account: bool
    position: str
    context: Any
    page: Any
    line: Any  # to what slows it down
    finger: float = 0  # when it came down
    ref: str = ""

    async def tune(self, **how: Any) -> None:
        await self.line.send("Network.emulateNetworkConditions", SLOW | how)


Cut = Callable[[Town, Phone], Awaitable[None]]


async def reloaded(_: Town, phone: Phone) -> None:
    with suppress(Exception):  # it may be on its way to its page already
        await phone.page.reload(wait_until="commit")


async def closed(_: Town, phone: Phone) -> None:
    await _arrived(phone)  # it may have been shown already
    await _shut(phone, phone.page)
    await asyncio.sleep(LATER_S)
    await slowed(phone)
    with suppress(Exception):
        await phone.page.goto("/", wait_until="commit")


async def offline(_: Town, phone: Phone) -> None:
    await phone.tune(offline=True)
    await asyncio.sleep(LATER_S)
    await phone.tune()


async def nothing(_: Town, _phone: Phone) -> None:
    """The server dies beneath all of them at once."""


CUTS: dict[str, Cut] = {
    "page reloaded": reloaded,
    "tab closed, / opened 3 s later": closed,
    "no signal for 3 s": offline,
    "server killed": nothing,
}


@dataclass
class Outcome:
    seconds: dict[tuple[str, bool], list[float]] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0


def run() -> None:
    with city() as people, ExitStack() as life:
        town = Town(people, life.enter_context(serving(people.url)), life, reading_engine(people.url))
        asyncio.run(_all(town))


async def _all(town: Town) -> None:
    from playwright.async_api import async_playwright

    chromium = find()
    if chromium is None:
        return say(MISSING)
    watching = asyncio.create_task(town.watch())
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.path, args=list(chromium.arguments), env=os.environ | chromium.environment
        )
        outcomes: dict[str, Outcome] = {}
        citizens = iter(town.people.citizens)
        for name, instant, position in product(CUTS, INSTANTS, POSITIONS):
            phones = [
                await _phone(launched, town, next(citizens) if account else "", position) for account in (True, False)
            ]
            before = len(_filed(town))
            await _press(town, phones, CUTS[name], instant)
            waited = _judge(town, phones, outcomes.setdefault(name, Outcome()), before)
            say(f"{name} after {instant} s, {position}: {waited}")
            await asyncio.gather(*(_shut(phone, phone.context) for phone in phones))
        await launched.close()
    watching.cancel()
    _tell(outcomes)


async def _phone(launched: Any, town: Town, cookie: str, position: str) -> Phone:
    url = f"http://127.0.0.1:{town.server.port}"
    where = HERE if position == "granted" else {}
    context = await launched.new_context(**PHONE, **where, locale="id", base_url=url, service_workers="block")
    if cookie:
        name, _, value = cookie.partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": url}])
    if position == "unanswered":
        await context.add_init_script(UNANSWERED)
    phone = Phone(bool(cookie), position, context, None, None)
    await slowed(phone)
    await phone.page.goto("/", wait_until="load")
    return phone


async def _shut(phone: Phone, what: Any) -> None:
    """Its page or all of it. A page that is slowed down has been seen never to close: it is let run, and not waited for."""
    with suppress(Exception):
        async with asyncio.timeout(CLOSES_S):
            await phone.line.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            await what.close()
            return
    say("(one phone did not close: what follows shares the processor with it)")


async def slowed(phone: Phone) -> None:
    phone.page = await phone.context.new_page()
    phone.line = await phone.context.new_cdp_session(phone.page)
    await phone.line.send("Network.enable")
    await phone.tune()
    await phone.line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})


async def _press(town: Town, phones: list[Phone], cut: Cut, instant: float) -> None:
    async def one(phone: Phone) -> None:
        await phone.page.locator("#fast button").hover()
        await phone.page.mouse.down()
        phone.finger = time.time()
        await asyncio.sleep(HOLD_S + instant)
        await cut(town, phone)

    async def server() -> None:
        if cut is nothing:
            await asyncio.sleep(HOLD_S + instant + 0.2)  # the last of the fingers, too
            await asyncio.to_thread(town.dies)

    await asyncio.gather(server(), *map(one, phones))
    end = time.time() + ARRIVES_S
    while time.time() < end and not all([await _arrived(phone) for phone in phones]):
        await asyncio.sleep(0.1)
    while time.time() < end and not town.seen.keys() >= set(_filed(town).values()):
        await asyncio.sleep(0.1)  # the console comes back later than the phones


async def _arrived(phone: Phone) -> bool:
    """Does it show its report: the page of it, or, opened again, the first page with the report on it? It never filed another."""
    where = phone.page.url
    if not phone.ref and not FOLLOWS.search(where):
        with suppress(Exception):  # it may be on its way, or closed
            async with asyncio.timeout(LATER_S):
                where = await phone.page.evaluate(OWN)
    if not phone.ref and (there := FOLLOWS.search(where)):
        phone.ref = there[1]
    return bool(phone.ref)


def _judge(town: Town, phones: list[Phone], outcome: Outcome, before: int) -> str:
    """Adds it up; what it was this time, for who watches."""
    filed = _filed(town)
    came = [phone for phone in phones if filed.get(phone.ref) in town.seen]
    for phone in came:
        waited = town.seen[filed[phone.ref]] - phone.finger
        outcome.seconds.setdefault((phone.position, phone.account), []).append(waited)
    outcome.lost += len(phones) - len(came)
    outcome.doubled += max(0, len(filed) - before - len(phones))
    return " and ".join(f"{town.seen[filed[phone.ref]] - phone.finger:.1f} s" for phone in came) or "lost"


def _filed(town: Town) -> dict[str, int]:
    """The incident of each reference."""
    with Session(town.reading) as session:
        return dict(session.exec(select(Complaint.ref, Complaint.incident_id)).all())


def _tell(outcomes: dict[str, Outcome]) -> None:
    say("seconds from the finger to the officer's queue, two of them held: median, 90 of 100 (longest)")
    heads = [f"{'account' if account else 'guest'}, {position}" for position, account in KINDS]
    table(
        ["cut at each half second", *heads, "lost (goal 0)", "doubled (goal 0)"],
        [
            [name, *(_spread(one.seconds.get(kind, [])) for kind in KINDS), one.lost, one.doubled]
            for name, one in outcomes.items()
        ],
    )


def _spread(seconds: list[float]) -> str:
    return f"{median(seconds):.1f}, {percentile(seconds, 0.9):.1f} ({max(seconds):.1f})" if seconds else "–"
