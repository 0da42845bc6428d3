"""The wire rings: Redis pub/sub tells every process that something happened, never what.

A ring carries {seq, step, incident} and no personal data. Who hears one reads the events from
the database; so a ring that is lost, late, doubled, reordered or forged costs nothing.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TypedDict

from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

CHANNEL = "siaga:events"
TIMEOUT_SECONDS = 0.5
QUEUE_LIMIT = 1000  # rings that may wait for a slow Redis; more are dropped
PULSE_SECONDS = 1.0  # a silent line is asked for a sign of life; no answer by the next pulse: it is down
RETRY_SECONDS = 0.25
CANCEL_SECONDS = 0.1
STEP_LENGTH = 40
LARGEST_SEQ = 2**63 - 1

log = logging.getLogger(__name__)


class Notice(TypedDict):
    """What is rung: which event, of which step, about which incident."""

    seq: int
    step: str
    incident: int | None


@dataclass(frozen=True, slots=True)
class Ring:
    """What was heard. Without a seq it is just a bell: look for yourself."""

    seq: int | None = None
    step: str | None = None
    incident: int | None = None


BELL = Ring()


class Wire:
    """One for each process: `ring` from any thread, `rings` from the event loop."""

    def __init__(self, url: str) -> None:
        self.up = False  # does Redis hear and answer us? Only `rings` knows
        self._down = False  # it was said that it is down, and not yet that it is up again
        self._url = url
        self._waiting: SimpleQueue[Notice | None] = SimpleQueue()
        self._door = Lock()
        self._ringer: Thread | None = None

    def ring(self, rings: Iterable[Notice]) -> None:
        """Tell all processes. Returns at once and never raises; what Redis cannot take is dropped."""
        with self._door:
            if self._ringer is None:
                self._ringer = Thread(target=self._work, name="wire", daemon=True)
                self._ringer.start()
        for ring in rings:
            if self._waiting.qsize() >= QUEUE_LIMIT:
                return
            self._waiting.put(ring)

    def close(self) -> None:
        """Let the ringer finish what it holds and end."""
        with self._door:
            ringer, self._ringer = self._ringer, None
        if ringer:
            self._waiting.put(None)
            ringer.join(4 * TIMEOUT_SECONDS)

    async def rings(self) -> AsyncIterator[Ring]:
        """Every ring on the channel, for ever: through restarts and hours without Redis.

        Each time the line comes up it yields BELL, since rings were missed meanwhile.
        """
        heard: asyncio.Queue[Ring] = asyncio.Queue(QUEUE_LIMIT)
        hearing = asyncio.create_task(self._hear_for_ever(heard))
        try:
            while True:
                yield await heard.get()
        finally:
            # More than once: the client's wait_for may swallow a cancellation (Python 3.11).
            while not hearing.done():
                hearing.cancel()
                await asyncio.wait([hearing], timeout=CANCEL_SECONDS)

    async def _hear_for_ever(self, heard: "asyncio.Queue[Ring]") -> None:
        while True:
            try:
                async for ring in self._listen():
                    if not heard.full():  # else there are bells enough
                        heard.put_nowait(ring)
            except (RedisError, OSError, TimeoutError) as error:
                if not self._down:
                    log.warning("the wire is down: %s", error)
                self._down = True
            except Exception:
                log.exception("the wire fails")
            finally:
                self.up = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> AsyncIterator[Ring]:
        # No retries inside the client: they would hide an outage for a minute and then give up.
        client = AsyncRedis.from_url(
            self._url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            legacy_responses=False,
        )
        async with client, client.pubsub() as line:
            await line.subscribe(CHANNEL)
            asked = False
            while True:
                message = await line.get_message(timeout=PULSE_SECONDS)
                if message is None:
                    # A frozen Redis keeps its connections open and says nothing.
                    if asked:
                        raise TimeoutError("Redis does not answer")
                    asked = True
                    await line.ping()
                    continue
                asked = False
                if self._down and message["type"] != "subscribe":  # one that takes us in to throw us out is still down
                    log.warning("the wire is up again")
                    self._down = False
                if message["type"] == "subscribe":
                    self.up = True
                    yield BELL
                elif message["type"] == "message":
                    yield _heard(message["data"])

    def _work(self) -> None:
        """The ringer's thread: a Redis that hangs delays it and nobody else."""
        client = Redis.from_url(
            self._url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            legacy_responses=False,
        )
        failing = False
        while (ring := self._waiting.get()) is not None:
            rings, ended = [ring], False
            while len(rings) < QUEUE_LIMIT:
                try:
                    another = self._waiting.get_nowait()
                except Empty:
                    break
                if another is None:
                    ended = True
                    break
                rings.append(another)
            try:
                line = client.pipeline(transaction=False)
                for ring in rings:
                    line.publish(CHANNEL, json.dumps(ring))
                line.execute()
                if failing:
                    log.warning("rings are heard again")
                failing = False
            except Exception as error:
                # Everyone looks by themselves while Redis is away: say it once, then keep trying.
                if not failing:
                    log.warning("%d rings were not heard: %s", len(rings), error)
                failing = True
            if ended:
                break
        client.close()


def _heard(data: object) -> Ring:
    """Redis may be shared, or hostile: what is not exactly a ring is just a bell."""
    try:
        ring = json.loads(data) if isinstance(data, (bytes, str)) and len(data) < 1000 else None
        seq, step, incident = ring["seq"], ring["step"], ring["incident"]  # type: ignore[index]
    except (ValueError, TypeError, KeyError, RecursionError):
        return BELL
    if (
        type(seq) is int
        and 0 < seq <= LARGEST_SEQ
        and isinstance(step, str)
        and len(step) <= STEP_LENGTH
        and (incident is None or (type(incident) is int and 0 < incident <= LARGEST_SEQ))
    ):
        return Ring(seq, step, incident)
    return BELL
