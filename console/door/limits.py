"""Limits at the door: whoever is wrong waits, by account, device, address and network; counted for all processes at once.

One server process counts in its own memory. With a Redis that others share (SIAGA_REDIS_URL, or several workers) all
count there, and while it is away each counts for itself: the door neither stands open nor shuts.

What is counted is a slot and never a name: a keyed hash picks one of SLOTS for each kind of counter, so that neither
memory nor Redis can grow, whatever is typed. There are more slots than passwords can be tried in an hour, so two who
share one do not notice.
"""

import asyncio
import logging
import time
from asyncio import sleep
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from limits.aio.storage import MemoryStorage, RedisStorage

from console.door.sealing import mark
from models.errors import TooOften

HOUR, DAY = 3600, 86_400
FREE_TRIES = 3  # a mistyped password costs nothing
FIRST_WAIT_S, LONGEST_WAIT_S = 1, 900  # doubling with each failure
STRANGER_WAIT_S = 300  # the longest for a browser that never was this account's: its neighbour may be who guesses
IN_A_ROW = 100  # wrong ones at one account (NIST SP 800-63B), from wherever: then strangers are slowed, never refused
SLOW_S = 5
ADDRESS_WRONG, NETWORK_WRONG = 60, 600  # within the hour, at whichever accounts: then one after the other
PACE_S, CODE_PACE_S = 10, 60
PATIENT_S = 20  # so long a request is held; whoever's turn comes later is asked to come back
NEW_SCREENS = 200  # walls that an address may announce in an hour
SLOTS = 2**14
TIMEOUT_S, AWAY_S = 0.5, 5  # of Redis; and how long it is not asked again

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Where:
    """Where somebody comes from. A household has more IPv6 addresses than anybody can count: /64 is one, /56 a network."""

    address: str
    network: str

    @classmethod
    def of(cls, host: str) -> "Where":
        try:
            ip = ip_address(host)
        except ValueError:
            return cls(host, host)
        ip = (ip.ipv4_mapped or ip) if ip.version == 6 else ip
        if ip.version == 4:
            return cls(str(ip), str(IPv4Network((int(ip), 24), strict=False)))
        return cls(*(str(IPv6Network((int(ip), bits), strict=False)) for bits in (64, 56)))


@dataclass
class Try:
    """One look at a password that is allowed. `right`: nothing stands against the account; `void`: it was never looked at."""

    limits: "Limits"
    own: str
    account: str
    places: tuple[str, str]

    async def right(self) -> None:
        for slot in (self.own, _pause(self.own), self.account):
            await self.limits.forget(slot)
        for slot in self.places:
            await self.limits.count(slot, HOUR, -1)

    async def void(self) -> None:
        await self.limits.forget(_pause(self.own))
        for slot in (self.own, self.account, *self.places):
            await self.limits.count(slot, HOUR, -1)


@dataclass
class Limits:
    """One for each process. `url` of the Redis that all share, if there is one; `key`: the server's own."""

    key: bytes
    url: str = ""
    _away_until: float = 0.0

    def __post_init__(self) -> None:
        self._memory = MemoryStorage()
        self._house = mark(self.key, "limits", "")[:8]  # two installations on one Redis count for themselves
        self._shared = _redis(self.url) if self.url else None

    async def close(self) -> None:
        if self._shared:
            with suppress(Exception):
                await self._shared.bridge.get_connection().aclose()

    async def guess(self, login: str, where: Where, device: str = "") -> Try:
        """May this password be looked at now? Waits, or raises TooOften.

        `device`: a browser, or a session, that is this account's: no other's tries matter to it, only its own.
        """
        own = self._slot("own", login, device) if device else self._slot("stranger", login, where.address)
        places = self._slot("address", where.address), self._slot("network", where.network)
        tried = Try(self, own, self._slot("account", login), places)
        await self._not_paused(own)
        in_a_row = await self._over(tried.account, IN_A_ROW, DAY)
        here, around = [await self._over(*limit) for limit in zip(places, (ADDRESS_WRONG, NETWORK_WRONG), strict=True)]
        if not device:
            if in_a_row:
                await sleep(SLOW_S)
            if here:
                await self._turn(places[0], PACE_S)
            if around:
                await self._turn(places[1], PACE_S)
        await self._once(own, LONGEST_WAIT_S if device else STRANGER_WAIT_S)
        return tried

    async def code(self, where: Where, known: bool) -> None:
        """May a code be sent? Beyond the limit of an address, or of a network, one a minute; not for a known browser."""
        if known:
            return
        for kind, place, most in (("code", where.address, ADDRESS_WRONG), ("codes", where.network, NETWORK_WRONG)):
            if await self._over(slot := self._slot(kind, place), most):
                await self._turn(slot, CODE_PACE_S)

    async def code_was_right(self, where: Where) -> None:
        """Whoever reads what was sent is no stranger's joke: it does not count."""
        for slot in (self._slot("code", where.address), self._slot("codes", where.network)):
            if await self._ask("get", slot) > 0:
                await self.count(slot, HOUR, -1)

    async def within(self, kind: str, who: str, most: int, seconds: int = HOUR, amount: int = 1) -> None:
        """Counts, and raises TooOften beyond `most`."""
        if left := await self._over(self._slot(kind, who), most, seconds, amount):
            raise TooOften(left)

    async def count(self, slot: str, seconds: int, amount: int = 1) -> int:
        return int(await self._ask("incr", slot, seconds, amount))

    async def forget(self, slot: str) -> None:
        await self._ask("clear", slot)

    async def _once(self, own: str, longest: int) -> None:
        """Three are free, then each waits for twice as long. Noted before the password is looked at: of a hundred
        that come together one is."""
        await self._not_paused(own)
        times = await self.count(own, HOUR)
        if times >= FREE_TRIES:
            wait = min(FIRST_WAIT_S * 2 ** (times - FREE_TRIES), longest)
            if await self.count(_pause(own), wait) > 1 and times > FREE_TRIES:
                raise TooOften(await self._left(_pause(own), longest) or 1)

    async def _not_paused(self, own: str) -> None:
        if await self._ask("get", _pause(own)) and (left := await self._left(_pause(own), LONGEST_WAIT_S)):
            raise TooOften(left)

    async def _turn(self, slot: str, pace: int) -> None:
        """One after the other, `pace` seconds apart, whichever process asks: as many turns as a request can be held
        for, then none until they are over."""
        turn, span = f"turn:{slot}", pace * (PATIENT_S // pace + 1)
        number = await self.count(turn, span)
        left = await self._left(turn, span)
        wait = (number - 1) * pace - max(0, span - left)
        if number > span // pace:
            raise TooOften(max(1, left))
        await sleep(wait)

    async def _over(self, slot: str, most: int, seconds: int = HOUR, amount: int = 1) -> int:
        """Counts; beyond `most`, the seconds until it is counted anew."""
        return await self._left(slot, seconds) if await self.count(slot, seconds, amount) > most else 0

    async def _left(self, slot: str, longest: int) -> int:
        """Seconds, 1 at least. More than it can be are none: the clock was wrong then, and was put right."""
        left = int(await self._ask("get_expiry", slot) - time.time()) + 1
        if left > longest + 1:
            await self.forget(slot)
            return 0
        return max(1, left)

    async def _ask(self, method: str, *arguments: Any) -> Any:
        if self._shared and time.monotonic() >= self._away_until:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    answer = await getattr(self._shared, method)(*arguments)
                if self._away_until:
                    log.warning("limits are counted together again")
                    self._away_until = 0.0
                return answer
            except Exception as error:
                if not self._away_until:
                    log.warning("each process counts its limits alone: %s", error)
                self._away_until = time.monotonic() + AWAY_S
        return await getattr(self._memory, method)(*arguments)

    def _slot(self, kind: str, *who: str) -> str:
        return f"{kind}:{self._house}:{int(mark(self.key, kind, *who)[:12], 16) % SLOTS}"


def _pause(slot: str) -> str:
    return f"pause:{slot}"


def _redis(url: str) -> Any:
    url = url.replace("unix://", "redis+unix://") if url.startswith("unix://") else url
    return RedisStorage(
        f"async+{url}", implementation="redispy", key_prefix="siaga:limits",
        socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S,
    )  # fmt: skip
