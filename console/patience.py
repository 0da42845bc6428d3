"""Limits at the door. Kept in memory: a restart forgets them, and a broken limiter must not shut anybody out."""

import time
from dataclasses import dataclass, field

FIRST_WAIT_S, LONGEST_WAIT_S = 1, 900  # doubling with each failure
FREE_TRIES = 3  # a mistyped password costs nothing
SIGN_UPS, SIGN_UP_SECONDS = 200, 3600  # from one address: a carrier's NAT holds thousands
MOST_WATCHED = 50_000


class TooSoon(Exception):
    """Come back in so many seconds."""

    def __init__(self, seconds: int):
        self.seconds = seconds


@dataclass
class Patience:
    """Makes whoever fails wait, by login and address together: an outsider cannot lock an officer out."""

    failed: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)

    def check(self, who: tuple[str, str]) -> None:
        _, until = self.failed.get(who, (0, 0.0))
        if (left := until - time.monotonic()) > 0:
            raise TooSoon(int(left) + 1)

    def note(self, who: tuple[str, str]) -> None:
        if len(self.failed) >= MOST_WATCHED:
            self.failed.clear()
        times = self.failed.get(who, (0, 0.0))[0] + 1
        wait = min(FIRST_WAIT_S * 2 ** (times - FREE_TRIES), LONGEST_WAIT_S) if times >= FREE_TRIES else 0
        self.failed[who] = times, time.monotonic() + wait

    def forget(self, who: tuple[str, str]) -> None:
        self.failed.pop(who, None)


@dataclass
class Crowd:
    """Counts sign-ups of an address within the hour."""

    seen: dict[str, list[float]] = field(default_factory=dict)

    def enter(self, address: str) -> None:
        now = time.monotonic()
        if len(self.seen) >= MOST_WATCHED:
            self.seen.clear()
        recent = [at for at in self.seen.get(address, []) if at > now - SIGN_UP_SECONDS]
        if len(recent) >= SIGN_UPS:
            raise TooSoon(int(recent[0] + SIGN_UP_SECONDS - now) + 1)
        self.seen[address] = [*recent, now]
