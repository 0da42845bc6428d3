"""The hub: one for each process. It hears that something happened and shows it on every open screen.

It owns one cursor, the number of the newest event it has shown. Each look (look.py) reads all
events after the cursor, renders what changed once for each audience that has screens, and the same
bytes go to all of them. A screen that joins waits for the next look and gets what it missed from
its snapshot; so nothing falls between catching up and streaming, and nothing comes twice.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from console.live.fragments import SIDES, Render, Side, messages, placed
from console.live.look import Found, Happened, Missed, Reader
from console.live.receipts import Receipts, Writer
from console.live.screens import COME_BACK, SIGN_IN, STAY_AWAY, VIEWS, Message, Screen
from console.server.metrics import SHOWN
from console.server.trouble import Trouble
from console.wire import Wire
from models.people.officers import note_presence
from models.roles import REPORTERS, STAFF, Role
from models.viewer import Audience, Viewer

PACE_SECONDS = 0.005  # the first event goes at once, then at most one flush each so often
LOOK_SECONDS = 1.0  # without a bell
LOOK_SECONDS_WIRE_DOWN = 0.1
SIDES_SECONDS = 0.25  # strength and duty, at most so often
BEAT_SECONDS = 5
PRESENCE_SECONDS = 15.0
RECHECK_SECONDS = 60

# Steps that close screens; a change of role revokes too. A wall that hangs otherwise now starts from a fresh page.
ENDING = ("sign_out", "revoke", "block", "adjust", "deputise", "end_deputy")
OWNERS = {"officer": STAFF, "citizen": REPORTERS, "wall": (Role.WALL,)}

REFETCH = Message.of('{"refetch": true}')

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """Open sockets of one person, handshakes of one session; strangers who are being told to sign in."""

    citizen: int = 5
    others: int = 10
    handshakes_a_minute: int = 60
    strangers: int = 200


class Hub:
    """`start` before the first socket, then `run` as a task of the app's life.

    `join` and `leave` are for sockets, `bell` for the writer.
    """

    def __init__(
        self,
        sessions: Callable[[], AbstractContextManager[Session]],
        wire: Wire,
        render: Render,
        writer: Writer,
        *,
        version: str = "",
        forget: Callable[[], object] = bool,
        found: Callable[[int, bool], object] | None = None,
        sides: Sequence[Side] = SIDES,
        limits: Limits = Limits(),
    ) -> None:
        self.cursor = 0
        self.epoch = ""
        self.screens: dict[Audience, set[Screen]] = {}
        self._reader = Reader(sessions, render, sides)
        self._wire = wire
        self._writer = writer
        self._version = version
        self.receipts = Receipts(writer)
        self._forget = forget  # what was rendered for an epoch that is over
        self._found = found  # told how far the record reaches, and whether it is another one
        self._limits = limits
        self._side_roles = {role for side in sides for role in side.roles}
        self._sides_due = False
        self._sides_at = 0.0
        self._beside: dict[tuple[Audience, str], tuple[Any, Message]] = {}  # what stands beside the board
        self._arrivals: dict[Screen, Missed] = {}
        self._people: dict[tuple[Role, int | None], dict[Screen, None]] = {}  # each person's screens, oldest first
        self._sounding: set[Screen] = set()  # where an alarm would be heard
        self._lent: set[Screen] = set()  # of those whose power was lent to them
        self._strangers = 0
        self._greeted: Counter[str] = Counter()  # handshakes of each session in this minute
        self._bell = asyncio.Event()
        self._rung = 0.0  # the newest event the bell rang for since the last look began
        self._came = asyncio.Event()  # somebody whose presence counts
        self._loop: asyncio.AbstractEventLoop | None = None
        # A thread of its own: pages that read much must not keep screens waiting.
        self._thread = ThreadPoolExecutor(1, "hub")

    def bell(self, seq: int = 0) -> None:
        """Something was committed, up to this number. From any thread; returns at once."""
        if self._loop is None or 0 < seq <= self.cursor:
            return
        try:
            self._loop.call_soon_threadsafe(self._wake, seq or math.inf)
        except RuntimeError:
            log.debug("a bell after the end")

    def greets(self, session: str) -> bool:
        """May this session open one more socket now? A page that reconnects in a frenzy has to wait."""
        self._greeted[session] += 1
        return self._greeted[session] <= self._limits.handshakes_a_minute

    def meets_stranger(self) -> bool:
        """Is there time for one more? Each may stay for seconds to hear one word, and no address has a cap here."""
        self._strangers += 1
        if self._strangers > self._limits.strangers:
            self.stranger_left()
            return False
        return True

    def stranger_left(self) -> None:
        self._strangers -= 1

    def join(self, screen: Screen, after: int, epoch: str) -> None:
        """From now on the screen gets all that happens; first what it missed since `after`."""
        own = self._people.setdefault(_person(screen.viewer), {})
        own[screen] = None
        if len(own) > (self._limits.citizen if screen.viewer.role in REPORTERS else self._limits.others):
            # The oldest goes: on a bad network it is a dead one, and a phone must not be locked out by its ghosts.
            next(iter(own)).send_away(STAY_AWAY)
        if screen.viewer.lent_until:
            self._lent.add(screen)
        self._arrivals[screen] = Missed(screen.audience, after, epoch)
        self._wake()

    def sounds(self, screen: Screen, on: bool) -> None:
        """The sound of this screen runs, or does not any more."""
        if on:
            self._sounding.add(screen)
            self._came.set()  # noted at once: somebody listens
        else:
            self._sounding.discard(screen)

    def leave(self, screen: Screen) -> None:
        self._arrivals.pop(screen, None)
        self._sounding.discard(screen)
        self._lent.discard(screen)
        own = self._people.get(_person(screen.viewer), {})
        own.pop(screen, None)
        if not own:
            self._people.pop(_person(screen.viewer), None)
        screens = self.screens.get(screen.audience, set())
        screens.discard(screen)
        if not screens:
            self.screens.pop(screen.audience, None)
            for key in [key for key in self._beside if key[0] == screen.audience]:
                del self._beside[key]

    def sockets_of(self, viewer: Viewer) -> int:
        """How many screens this person has open."""
        return len(self._people.get(_person(viewer), ()))

    def kinds(self) -> dict[str, int]:
        """How many screens of each kind are open."""
        counted = Counter(screen.view for screen in self._everyone())
        return {view: counted[view] for view in VIEWS}

    def walls(self) -> set[int | None]:
        """Ids of the walls that hang on this process."""
        return {screen.viewer.id for screen in self._everyone() if screen.viewer.role == Role.WALL}

    async def start(self) -> None:
        """Take what happened so far as shown: pages hold it already."""
        self._loop = asyncio.get_running_loop()
        self.cursor, self.epoch = await self._in_thread(self._reader.end)

    async def run(self) -> None:
        """Until cancelled. No event and no failure of the database or of Redis ends it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen())
                tasks.create_task(self._beat())
                tasks.create_task(self._note_presence())
                tasks.create_task(self._look_for_ever())
                tasks.create_task(self.receipts.run())
        finally:
            # A look under way still holds a connection: let it give it back before the engine goes.
            await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    # Looking and showing

    async def _look_for_ever(self) -> None:
        loop, trouble = asyncio.get_running_loop(), Trouble(log, "the hub looks again")
        while True:
            started = loop.time()
            try:
                await self._look()
                trouble.ends()
            except Exception as error:
                # Nothing is lost: what waits is still after the cursor, who came still waits.
                trouble.begins(error, "the hub could not look after event %d", self.cursor)
                await asyncio.sleep(LOOK_SECONDS)
            await asyncio.sleep(max(0.0, started + PACE_SECONDS - loop.time()))
            wait = LOOK_SECONDS if self._wire.up else LOOK_SECONDS_WIRE_DOWN
            if self._sides_due:
                wait = min(wait, max(0.0, self._sides_at + SIDES_SECONDS - loop.time()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._bell.wait()

    async def _look(self) -> None:
        """Read and render in the thread, then write to all screens at once."""
        self._bell.clear()  # before reading: what is committed from here on rings again
        self._rung = 0.0
        arrivals = dict(self._arrivals)
        marks = self._marks(arrivals)
        found = await self._in_thread(
            self._reader.look,
            self.cursor,
            self.epoch,
            set(self.screens),
            set(arrivals.values()),
            {screen.viewer.session for screen in arrivals},
            marks,
        )
        self._end_screens(found.events)
        self._show(found)
        self._show_sides(found)
        self._admit(found, arrivals)
        for event in found.events:
            SHOWN.observe((datetime.now(UTC) - event.at).total_seconds())
        if marks is not None:
            self._sides_due, self._sides_at = False, asyncio.get_running_loop().time()
        if found.events or found.void:
            self._sides_due = not self._side_roles.isdisjoint(audience.role for audience in self.screens)
        self.cursor, self.epoch = found.seq, found.epoch
        if self._found and (found.events or found.void):
            self._found(found.seq, found.void)
        if found.more:
            self._wake()
        elif self._rung <= self.cursor:
            self._bell.clear()  # each event rings twice, here and over Redis: this look has shown it already

    def _wake(self, seq: float = math.inf) -> None:
        """Look soon: for event `seq`, unless the look under way finds it; without a number in any case."""
        self._rung = max(self._rung, seq)
        self._bell.set()

    def _marks(self, arrivals: dict[Screen, Missed]) -> dict[tuple[Audience, str], Any] | None:
        """What the sides show now; None when it is not yet time to look at them."""
        due = self._sides_due and asyncio.get_running_loop().time() >= self._sides_at + SIDES_SECONDS
        known = {audience for audience, _ in self._beside}
        due = due or any(s.audience not in known and s.audience.role in self._side_roles for s in arrivals)
        return {key: mark for key, (mark, _) in self._beside.items()} if due else None

    def _show(self, found: Found) -> None:
        if found.void:
            self._forget()
            self._beside.clear()
            _send(self._everyone(), REFETCH)
        for audience, elements in found.shown.items():
            for message in _framed(elements):
                _send(self.screens.get(audience, ()), message)
        for audience in found.failed:
            _send(self.screens.get(audience, ()), REFETCH)

    def _show_sides(self, found: Found) -> None:
        for audience, target, mark, partial in found.sides:
            message = Message.of(partial)
            self._beside[audience, target] = mark, message
            _send(self.screens.get(audience, ()), message)

    def _admit(self, found: Found, arrivals: dict[Screen, Missed]) -> None:
        """Those who came before this look are caught up, and listen from now on."""
        ready: dict[Missed, list[Message]] = {}
        beat = self._heartbeat(found.seq, found.epoch)  # a screen with nothing to catch up on knows that it is heard
        for screen, arrival in arrivals.items():
            if self._arrivals.pop(screen, None) is None:
                continue  # it left meanwhile
            if screen.viewer.session not in found.living:
                screen.send_away(SIGN_IN)  # signed out while it was joining
                continue
            if arrival not in ready:
                missed = found.missed[arrival]
                sides = [side for (audience, _), (_, side) in self._beside.items() if audience == screen.audience]
                ready[arrival] = ([REFETCH] if missed is None else _framed(missed)) + sides + [beat]
            for message in ready[arrival]:
                screen.send(message)
            self.screens.setdefault(screen.audience, set()).add(screen)
            if screen.viewer.on_duty:
                self._came.set()

    def _end_screens(self, events: Iterable[Happened]) -> None:
        """Close what a sign-out or a revocation ended, in the same look that read of it."""
        self._end_lent()
        for event in events:
            if event.step in ENDING:
                for screen in [*self._everyone(), *self._arrivals]:
                    if _ends(event, screen.viewer):
                        screen.send_away(SIGN_IN)

    def _end_lent(self) -> None:
        """What was lent ends by the clock, which is no event: nothing is shown to it after that moment."""
        for screen in self._lent:
            if screen.viewer.over:
                screen.send_away(SIGN_IN)

    # Beside the looks

    async def _listen(self) -> None:
        while True:
            try:
                async for ring in self._wire.rings():
                    if ring.seq is None or ring.seq > self.cursor:
                        self._wake(ring.seq or math.inf)
            except Exception:
                log.exception("the hub could not listen")  # what Redis says must not end the looking
                await asyncio.sleep(LOOK_SECONDS)

    async def _beat(self) -> None:
        """Every second: who lags? Now and then: the heartbeat, and are the sessions still good?"""
        for second in itertools.count(1):
            await asyncio.sleep(1)
            try:
                self._send_laggards_away()
                self._end_lent()
                if second % BEAT_SECONDS == 0:
                    _send(self._everyone(), self._heartbeat(self.cursor, self.epoch))
                    self._sides_due = bool(self._beside)  # that a console fell silent is no event
                if second % RECHECK_SECONDS == 0:
                    self._greeted.clear()
                    await self._recheck_sessions()
            except Exception:
                log.exception("a beat failed")

    def _heartbeat(self, seq: int, epoch: str) -> Message:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        beat = {"at": at, "seq": seq, "epoch": epoch, "version": self._version, "wire": self._wire.up}
        return Message.of(json.dumps({"beat": beat}))

    def _send_laggards_away(self) -> None:
        at = asyncio.get_running_loop().time()
        for screen in self._everyone():
            if screen.lags(at):
                screen.send_away(COME_BACK)

    async def _recheck_sessions(self) -> None:
        """Sessions also end by the clock, which is no event."""
        screens = self._everyone()
        living = await self._in_thread(self._reader.living, {screen.viewer.session for screen in screens})
        for screen in screens:
            if screen.viewer.session not in living:
                screen.send_away(SIGN_IN)

    async def _note_presence(self) -> None:
        """An open console keeps its officer's claims (docs/design.md#the-law): noted at once, then every 15 s."""
        trouble = Trouble(log, "presence is noted again")
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PRESENCE_SECONDS):
                    await self._came.wait()
            self._came.clear()
            present = {s.viewer.id for s in self._everyone() if s.viewer.on_duty and s.viewer.id is not None}
            if not present:
                continue
            hearing = present & {screen.viewer.id for screen in self._sounding}
            try:
                await self._writer.run(note_presence, sorted(present), sorted(hearing))
                trouble.ends()
            except Exception as error:
                trouble.begins(error, "the presence of %d officers was not noted", len(present))
            self._sides_due = True
            self._wake()

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _everyone(self) -> list[Screen]:
        return [screen for screens in self.screens.values() for screen in screens]


def _framed(elements: Sequence[str]) -> list[Message]:
    return [Message.of(text) for text in messages([placed(element) for element in elements])]


def _ends(event: Happened, viewer: Viewer) -> bool:
    if event.body.get("session"):
        return bool(event.body["session"] == viewer.session)
    return any(event.body.get(name) == viewer.id and viewer.role in roles for name, roles in OWNERS.items())


def _person(viewer: Viewer) -> tuple[Role, int | None]:
    return viewer.role, viewer.id


def _send(screens: Iterable[Screen], message: Message) -> None:
    for screen in screens:
        screen.send(message)
