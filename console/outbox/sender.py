"""The sender: what waits in the outbox leaves by the channel of its kind, in batches, once the bell rang or its time came.

A batch is taken for a while (models/record/outbox.py), sent with no transaction open, and noted. Each channel has threads of
its own: a push service that hangs keeps no code from a phone.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlmodel import Session

from console.bell import Bell
from console.server.trouble import Trouble
from console.writer import NotStored, OutcomeUnknown, Writer
from models.record.outbox import Parcel, failed, later, lease, next_due, sent
from models.time import now

TIMEOUT_SECONDS = 8  # of one parcel, connecting and answering together; well within a lease
SENDERS = 4  # threads of a channel
BATCH = SENDERS  # the time of one that had to wait for a thread would run, too
RETRY_SECONDS = 1.0  # after a round that failed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How it went. `gone`: nothing will ever reach this address. `after`: when the other end wants to be asked again."""

    state: Literal["sent", "gone", "later", "failed"]
    fault: str = ""  # in a word
    after: timedelta | None = None


class Channel(Protocol):
    """One way out of this server."""

    name: str
    kinds: tuple[str, ...]  # of the outbox; first what somebody waits for

    def address(self, session: Session, parcel: Parcel) -> Any:
        """Where it goes, asked when it is taken and not when it was put in; None: nobody there is to be told any more."""

    def send(self, parcel: Parcel, address: Any) -> Outcome:
        """In a thread, which is given up when it hangs."""

    def gone(self, session: Session, parcel: Parcel) -> None:
        """Nothing is to be put in for this address again."""

    def ended(self, session: Session, parcel: Parcel, fault: str) -> None:
        """It is out, or never will be: then why."""


class Sender:
    """One for each process; several share one outbox."""

    def __init__(self, read: Any, writer: Writer, bell: Bell, *channels: Channel):
        self._read, self._writer, self._bell, self._channels = read, writer, bell, channels

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for channel in self._channels:
                tasks.create_task(self._serve(channel))

    async def _serve(self, channel: Channel) -> None:
        """A round that fails is loud, and the next one comes all the same."""
        ear, pool = self._bell.ear(), ThreadPoolExecutor(SENDERS, channel.name)
        trouble = Trouble(log, f"{channel.name} leave again")
        try:
            while True:
                try:
                    due = await self._send_due(channel, pool)
                    rest = None if due is None else max(0.0, (due - now()).total_seconds())
                    trouble.ends()
                except (NotStored, OutcomeUnknown) as error:
                    trouble.begins(error, "%s could not be noted: %s", channel.name, error, trace=False)
                    rest = RETRY_SECONDS
                except Exception as error:
                    trouble.begins(error, "a round of %s failed", channel.name)
                    rest = RETRY_SECONDS
                await ear.rest(rest)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    async def _send_due(self, channel: Channel, pool: ThreadPoolExecutor) -> datetime | None:
        """All of it; says when the next will be due, None when nothing waits."""
        while True:
            due: datetime | None = await self._read(next_due, channel.kinds)
            if due is None or due > now():
                return due
            await self.deliver(channel, pool)

    async def deliver(self, channel: Channel, pool: ThreadPoolExecutor) -> int:
        """Send one batch of what is due; says how many that was."""
        taken: list[tuple[Parcel, Any]] = await self._writer.run(_take, channel)
        went = await asyncio.gather(*(self._attempt(channel, pool, *one) for one in taken))
        if taken:
            await self._writer.run(
                _note, channel, [(parcel, how) for (parcel, _), how in zip(taken, went, strict=True)]
            )
        return len(taken)

    async def _attempt(self, channel: Channel, pool: ThreadPoolExecutor, parcel: Parcel, address: Any) -> Outcome:
        if address is None:
            return Outcome("failed", "gone")
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(pool, channel.send, parcel, address)
        except TimeoutError:
            return Outcome("later", "timeout")
        except Exception as error:
            # What a library says may hold the number or the endpoint, which is whose phone it is.
            log.warning("parcel %s of %s could not be made: %s", parcel.id, channel.name, type(error).__name__)
            return Outcome("later", "unsendable")


def _take(session: Session, channel: Channel) -> list[tuple[Parcel, Any]]:
    """A batch of the first kind that waits: a code never stands behind a thousand news."""
    for kind in channel.kinds:
        if taken := lease(session, kind, BATCH):
            return [(parcel, channel.address(session, parcel)) for parcel in taken]
    return []


def _note(session: Session, channel: Channel, went: Sequence[tuple[Parcel, Outcome]]) -> None:
    for parcel, how in went:
        fault = parcel.fault or how.fault  # an earlier try may have arrived, whatever this one came to
        match how.state:
            case "sent":
                sent(session, parcel)
            case "later" if not later(session, parcel, fault, how.after):
                continue  # there is another try
            case "gone":
                channel.gone(session, parcel)
                failed(session, parcel, fault)
            case "failed":
                failed(session, parcel, fault)
        channel.ended(session, parcel, "" if how.state == "sent" else fault)
