"""The drill: citizens who report and officers who answer, all of them through the public door.

Runs beside the demo's server as a process of its own. Its cast comes as a line of JSON on standard input, and the
end of that input is its end. What it decides follows from the seed alone; only the clock on the wall is the world's.

Rate: Polrestabes Medan counts about 50 offences a day (2025); an evening here is told thirty-five times as fast,
one report every 40 to 60 seconds, in the mix of 2023 (`scenes`). After ninety seconds a fire breaks out
that twelve people report within four minutes. About half of what comes in is left to whoever watches; what
nobody takes in eight to fourteen minutes (P1: three to five) the drill takes after all, so that a board left
alone does not fill up.
"""

import asyncio
import json
import logging
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from heapq import merge
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from console.demo.desk import Act, Desk
from console.demo.photos import photo
from console.demo.scenes import Scene, fire, lines, scenes
from console.demo.visitor import Answer, Cards, File, Thread, Visitor
from console.demo.words import QUESTIONS, REPLIES
from console.ground.points import Place

FIRST_SECONDS, EVERY_SECONDS = 12.0, (40.0, 60.0)
FIRE_AFTER_SECONDS, FIRE_SECONDS = 90.0, 220.0
PHOTO_SHARE, INTAKE_SHARE, ASKED_SHARE, SILENT_SHARE = 0.4, 0.2, 0.35, 0.2
FOLLOWED_SECONDS = 1200.0
STEADY_SECONDS = 5.0
TRIES = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """Who files what, how many seconds after the drill's start. `by`: a citizen's place in the cast."""

    at: float
    scene: Scene
    by: int
    photo: int  # the picture's seed, 0 for none
    intake: bool = False


def reports(seed: int, citizens: int) -> Iterator[Report]:
    """Every report of the evening in its order; it has no end."""
    return merge(_usual(seed, citizens), _burst(seed, citizens), key=lambda report: report.at)


def _usual(seed: int, citizens: int) -> Iterator[Report]:
    rng = Random(f"drill {seed}")
    at, turn = FIRST_SECONDS, rng.randrange(citizens)
    for scene in scenes(rng):
        shown = rng.randrange(1, 10_000) if rng.random() < PHOTO_SHARE and not scene.prank else 0
        intake = rng.random() < INTAKE_SHARE
        yield Report(at, scene, turn % citizens, 0 if intake else shown, intake)
        at, turn = at + rng.uniform(*EVERY_SECONDS), turn + 1  # each in turn: nobody reports so often that it is muted


def _burst(seed: int, citizens: int) -> Iterator[Report]:
    rng = Random(f"fire {seed}")
    for n, scene in enumerate(found := fire(rng)):
        at = FIRE_AFTER_SECONDS + FIRE_SECONDS * (n / len(found)) ** 1.4  # slow at first, then everyone at once
        yield Report(at, scene, (citizens // 2 + n) % citizens, rng.randrange(1, 10_000) if n % 3 == 0 else 0)


class Drill:
    def __init__(self, cast: dict[str, Any]):
        self._url, self._seed, self._acts = cast["url"], cast["seed"], cast["drill"]
        self._officers = [Visitor(self._url, row["login"], row["password"]) for row in cast["officers"]]
        self._citizens = [Visitor(self._url, row["login"], row["password"]) for row in cast["citizens"]]
        self._names = [(row["login"], row["name"]) for row in cast["citizens"]]
        self._intake = Visitor(self._url, bearer=cast["key"])
        self._desk = Desk(self._seed, set())
        self._cards: Cards = {}
        self._plans: dict[
            int, tuple[tuple[str, ...], float, Act | None]
        ] = {}  # by incident: (for which state, when, what)
        self._busy: set[int] = set()

    async def run(self) -> None:
        """Until cancelled. Without the drill proper, colleagues only sit at their consoles."""
        async with asyncio.TaskGroup() as tasks:
            for place, officer in enumerate(self._officers):
                tasks.create_task(steadily(lambda o=officer, first=place == 0: self._sit(o, first)))  # type: ignore[misc]
            if self._acts:
                tasks.create_task(self._report(tasks))
                tasks.create_task(steadily(lambda: self._work(tasks)))

    async def _sit(self, officer: Visitor, first: bool) -> None:
        """An open console. The first one's board is what all of them look at."""
        async for cards in officer.screen():
            if first:
                self._cards = cards

    async def _report(self, tasks: asyncio.TaskGroup) -> None:
        began = time.monotonic()
        for report in reports(self._seed, len(self._citizens)):
            await asyncio.sleep(max(0.0, began + report.at - time.monotonic()))
            tasks.create_task(once(partial(self._file, report)))

    async def _file(self, report: Report) -> None:
        where, scene = report.scene.where, report.scene
        self._desk.filed[Place(where.lat, where.lon)] = scene
        key = secrets.token_hex(16)
        if report.intake:
            phone, name = self._names[report.by]
            sent = {"category": scene.category, "description": scene.words, "lat": where.lat, "lon": where.lon,
                    "place": where.landmark, "reporter": {"phone": phone, "name": name}}  # fmt: skip
            await patiently(lambda: self._intake.post("/api/complaints", sent, key))
            return
        fields = {"category": scene.category, "description": scene.words, "lat": f"{where.lat}", "lon": f"{where.lon}",
                  "accuracy": "15", "precision": "device", "place": where.landmark, "idempotency_key": key}  # fmt: skip
        files = []
        if report.photo:
            taken_at = datetime.now(ZoneInfo("Asia/Jakarta"))
            drawn = lambda: photo(scene.category, report.photo, taken_at=taken_at, lat=where.lat, lon=where.lon)  # noqa: E731
            files = [File("foto.jpg", "image/jpeg", await asyncio.to_thread(drawn))]
        citizen = self._citizens[report.by]
        answer = await patiently(lambda: citizen.send_form("/complaints", fields, files))
        if answer.status == 201:
            await self._follow(citizen, answer.json()["ref"], Random(f"{self._seed} {report.at}"))

    async def _follow(self, citizen: Visitor, ref: str, rng: Random) -> None:
        """Look now and then, and answer what is asked; a few never do."""
        answers, until = rng.random() > SILENT_SHARE, time.monotonic() + FOLLOWED_SECONDS
        while answers and time.monotonic() < until:
            await asyncio.sleep(rng.uniform(12, 20))
            page = Thread()
            page.feed((await citizen.get(f"/complaints/{ref}")).text)
            if page.waits:
                await asyncio.sleep(rng.uniform(6, 25))
                said = {"words": rng.choice(lines(REPLIES)), "idempotency_key": f"{ref} {page.asked}"}
                await citizen.post(f"/complaints/{ref}/reply", said)

    async def _work(self, tasks: asyncio.TaskGroup) -> None:
        """Every second: plan for what is new, do what is due."""
        while True:
            await asyncio.sleep(1)
            self._desk.officers = {officer.me for officer in self._officers if officer.me}
            now, cards = time.monotonic(), dict(self._cards)
            for id in self._plans.keys() - cards.keys():
                del self._plans[id]
            for id, card in cards.items():
                state = self._desk.state(id, card, cards)
                if id not in self._plans or self._plans[id][0] != state:
                    act = self._desk.decide(id, card, cards)
                    self._plans[id] = state, now + (act.after if act else 0), act
                    continue
                _, due, act = self._plans[id]
                if act and due <= now and id not in self._busy:
                    self._busy.add(id)
                    del self._plans[id]
                    tasks.create_task(once(partial(self._act, id, card, act)))

    async def _act(self, id: int, card: dict[str, str], act: Act) -> None:
        """Take the step. Refused or unanswered: the card is planned for anew."""
        try:
            officer = self._who(id, card, act)
            answer = await officer.post(f"/incidents/{id}/{act.step}", act.given)
            if answer.status == 422 and act.fallback:
                answer = await officer.post(f"/incidents/{id}/{act.step}", act.given | {"reason": act.fallback})
            rng = Random(f"{self._seed} {id} {act.step}")
            if answer.well and act.step == "claim" and rng.random() < ASKED_SHARE:
                await asyncio.sleep(rng.uniform(8, 20))
                await officer.post(f"/incidents/{id}/ask", {"words": rng.choice(lines(QUESTIONS))})
        finally:
            self._busy.discard(id)

    def _who(self, id: int, card: dict[str, str], act: Act) -> Visitor:
        """The holder; for what nobody holds, who has the fire it belongs to, or else whoever has least to do."""
        if act.step == "merge" and card["data-status"] == "new":
            card = self._cards.get(act.given["into"], card)
        holder = int(card["data-officer"] or 0)
        held = [int(its["data-officer"] or 0) for its in self._cards.values()]
        ours = {officer.me: officer for officer in self._officers}
        return ours.get(holder) or min(self._officers, key=lambda officer: (held.count(officer.me), officer.login))


async def patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask again, with the same key, while there is no answer or the server says 'not stored' or 'too often'."""
    for tries in range(TRIES):
        answer = await ask()
        if answer.status not in (0, 429, 503):
            break
        await asyncio.sleep(1 + 2 * tries)
    if not answer.well:
        log.warning("a report was answered %d: %s", answer.status, answer.text[:200])
    return answer


async def steadily(work: Callable[[], Awaitable[None]]) -> None:
    """For ever: what fails is said aloud and begun anew."""
    while True:
        await once(work)
        await asyncio.sleep(STEADY_SECONDS)


async def once(work: Callable[[], Awaitable[None]]) -> None:
    """One of many: when it fails the others go on. Begun in here, so that none ends before it began."""
    try:
        await work()
    except Exception:
        log.exception("a part of the drill failed")


async def main() -> None:
    heard = asyncio.StreamReader(limit=1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    cast = json.loads(await heard.readline())
    drill = asyncio.create_task(Drill(cast).run())
    over = asyncio.create_task(heard.read())
    await asyncio.wait({drill, over}, return_when=asyncio.FIRST_COMPLETED)
    drill.cancel()
    over.cancel()
    await asyncio.gather(drill, over, return_exceptions=True)


if __name__ == "__main__":
    logging.basicConfig(format="drill: %(message)s")
    asyncio.run(main())
