"""The one owner of time: what is due becomes a step, taken through the writer, each once.

One process holds the lease and looks once a second; when it dies, another has it five seconds later.
"""

import asyncio
import logging
import math
import secrets
import time
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from console.door.sealing import unseal
from console.evidence.store import Store
from console.server.sweeping import Night, clear_away
from console.server.trouble import Trouble
from console.server.watching import Watch
from console.writer import NotStored, OutcomeUnknown, Writer
from models.command.ahead import put_right
from models.command.audit import seal_of
from models.command.erasing import Identity, finish_erasing
from models.command.ladder import Ladder
from models.command.retention import ALARMS, OUTBOX, periods
from models.command.sweeping.leftovers import known_files
from models.incidents.alarms import forget_alarms
from models.incidents.arrivals import forget_arrivals
from models.incidents.draft import drafts_of, forget_drafts
from models.incidents.floods import forget_origins
from models.incidents.holding import keep_lease, unattended
from models.incidents.incident import Incident
from models.incidents.referring import end_unseen, unseen_now
from models.incidents.strikes import EXPIRY_DAYS, expire
from models.incidents.uploads import forget_transfers
from models.people.browsers import forget_gone
from models.people.called import forget_called
from models.people.codes import forget_codes
from models.people.officers import leave_desk, left_desks
from models.record.idempotency import forget_receipts
from models.record.lease import LEASE_SECONDS, free, hold
from models.record.outbox import forget_parcels
from models.time import APART, now
from models.viewer import CLOCK
from models.workflow import OPEN

TICK_SECONDS = 1.0
GRACE_SECONDS = 60  # after a start no lease lapses: the consoles are still coming back
TIDY_SECONDS = 3600
SET_BACK_SECONDS = 1.0
SEAL_SECONDS = 3600

NOBODY_CLIMBS = Ladder({})

log = logging.getLogger(__name__)


class Clock:
    """`alone`: there is no other process that could be the owner."""

    def __init__(
        self,
        read: Any,
        writer: Writer,
        store: Store | None = None,
        strike_days: int = EXPIRY_DAYS,
        key: bytes = b"",
        alone: bool = False,
        ladder: Ladder = NOBODY_CLIMBS,
    ):
        self._read, self._writer, self._store = read, writer, store
        self._name = secrets.token_hex(8)
        self._started = time.monotonic()  # the wall's clock may be put right meanwhile
        self._ahead = math.inf  # of the wall's clock before the machine's own, when last looked at
        self._strike_days, self._key = strike_days, key
        self._night, self._watch = Night(read, writer), Watch(read, writer, ladder)
        self._owns_until = math.inf if alone else -math.inf

    async def run(self) -> None:
        """Until cancelled. A tick that fails is loud, and the next one comes all the same."""
        tidied, sealed = asyncio.get_running_loop().time(), -math.inf
        trouble = Trouble(log, "the clock goes on")
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                if await self.owns():
                    await self.follow()
                    await self.tick()
                    await self._watch.tick(self._settled)
                    await self._night.tick()
                    if asyncio.get_running_loop().time() - sealed > SEAL_SECONDS:
                        sealed = asyncio.get_running_loop().time()
                        await self.tell_seal()
                    if asyncio.get_running_loop().time() - tidied > TIDY_SECONDS:
                        tidied = asyncio.get_running_loop().time()
                        await self.tidy()
                trouble.ends()
            except (NotStored, OutcomeUnknown) as error:
                trouble.begins(error, "the clock could not write: %s", error, trace=False)
            except Exception as error:
                trouble.begins(error, "a tick failed")

    async def owns(self) -> bool:
        """Is it this process that ticks? Written when half of the lease is over, not each second: an idle server rests."""
        asked = time.monotonic()
        if asked < self._owns_until:
            return True
        if not await self._read(free, "clock", self._name) or not await self._writer.run(hold, "clock", self._name):
            return False
        self._owns_until = asked + LEASE_SECONDS / 2
        return True

    @property
    def _settled(self) -> bool:
        return time.monotonic() - self._started > GRACE_SECONDS

    async def tick(self) -> None:
        """Take every step that is due now."""
        late, leases, left, unseen = await self._read(_due, self._settled)
        for id in late:
            await self._writer.run(_escalate, id)
        for id in leases:
            await self._writer.run(keep_lease, id)
        for id in left:
            await self._writer.run(leave_desk, id)
        for id in unseen:
            await self._writer.run(end_unseen, id)

    async def follow(self) -> None:
        """At the start, and whenever this machine's clock was set back: what was stored by the wrong one gets its bound."""
        ahead = now().timestamp() - time.monotonic()
        if ahead < self._ahead - SET_BACK_SECONDS:
            await self._writer.run(put_right)
        self._ahead = ahead

    async def tell_seal(self) -> None:
        """Into the log, which others keep: whoever shortens the record would have to shorten that too."""
        if self._key:
            print(f"Siaga: seal of the record {await self._read(seal_of, self._key)}", flush=True)

    async def tidy(self) -> None:
        """What nobody comes back for goes: strikes and codes past their time, receipts, drafts, silent uploads and their bytes."""
        silent = await self._writer.run(_tidy, self._strike_days)
        await self._writer.run(finish_erasing, self._identity)
        if self._store:
            for id in silent:
                self._store.parts.drop(id)
            left = await self._store.left()
            await self._store.sweep(await self._read(known_files, set(left.values())))
            await self._sweep_drafts(self._store)
            await clear_away(self._store, self._writer)

    async def _sweep_drafts(self, store: Store) -> None:
        """Photos whose draft is gone, filed or a day old, or that a crash left without one."""
        here = await asyncio.to_thread(store.waiting.drafts)
        for draft in here - await self._read(drafts_of, here):
            await asyncio.to_thread(store.waiting.drop, draft)

    def _identity(self, sealed: str) -> Identity:
        """Whose words are to be struck out; nobody's when the key is another one, and then only replies are emptied."""
        said = unseal(self._key, sealed, None)
        return (said["name"], said["phone"]) if said else ("", "")


def _due(session: Session, may_lapse: bool) -> tuple[list[int], ...]:
    """(incidents whose target has passed, incidents whose lease no longer matches the holder's presence, officers who left,
    incidents that a partner may see no longer)."""
    leases = [id for id, silent in unattended(session) if may_lapse or not silent]
    return late(session, now()), leases, left_desks(session) if may_lapse else [], unseen_now(session)


def late(session: Session, at: datetime) -> list[int]:
    """Whose target has passed, or whose wait began after now: the clock was put right, and nobody can say how long it is."""
    rows = select(Incident.id).where(
        col(Incident.status).in_(OPEN),
        col(Incident.due_at).is_not(None),
        or_(col(Incident.due_at) <= at, col(Incident.opened_at) > at + APART),
        or_(col(Incident.escalated_for).is_(None), col(Incident.escalated_for) != col(Incident.due_at)),
    )
    return [id for id in session.exec(rows) if id is not None]


def _escalate(session: Session, id: int) -> None:
    if id in late(session, now()):  # not answered meanwhile
        session.get_one(Incident, id).take("escalate", CLOCK)


def _tidy(session: Session, strike_days: int) -> list[str]:
    put_right(session)  # another machine's clock may have been the wrong one
    expire(session, strike_days)
    forget_receipts(session)
    forget_drafts(session)
    forget_arrivals(session)
    forget_origins(session)
    forget_codes(session)
    kept = periods(session)
    if kept.of(OUTBOX) is None:  # else by its period, at night
        forget_parcels(session)
    if kept.of(ALARMS) is None:
        forget_alarms(session)
    forget_gone(session)
    forget_called(session)
    return forget_transfers(session)
