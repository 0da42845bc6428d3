"""Passwords: argon2id in a pool of two threads, so that a crowd at the door cannot take the machine.

Whoever is unknown costs as much as whoever is known: a dummy is hashed, and the answer is the same.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import N_, TooOften, WrongValue
from models.incidents.complaint import CROCKFORD

CITIZEN_LEAST, STAFF_LEAST, LONGEST = 8, 15, 256  # characters (docs/trust.md#web)
FIRST_GROUPS = 4  # of four letters: 80 bits
WAITING = 20  # beyond these the next one is asked to come back; who is known here has as many places again
CROWDED_SECONDS = 2
FIRST_TRIED = """
12345678 123456789 1234567890 11111111 88888888 00000000 password password1 passw0rd qwertyui qwerty123
iloveyou sayangku sayang123 indonesia bismillah rahasia1 rahasia123 bhayangkara medan123 polisi110
"""
COMMON = frozenset(FIRST_TRIED.split())

HASHER = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$ToXpFszg5F+6PDVvuM+9Zw$GdSOJg6bJn4A3CUr6q7GluEcaJPn3sGX7WLIKVWmu14"  # of a password that nobody kept; as dear as any
_pool = ThreadPoolExecutor(2, "password")
_inside = 0

T = TypeVar("T")


class Crowded(TooOften):
    """Too many are being checked already."""

    def __init__(self) -> None:
        super().__init__(CROWDED_SECONDS)


async def hashed(password: str) -> str:
    return await _in_turn(HASHER.hash, password)


async def fits(password: str, stored: str | None, known: bool = False) -> bool:
    """Is it the password of this hash? None, for nobody, takes as long and never fits. `known`: a crowd of strangers
    does not stand before this one.
    """
    return await _in_turn(_fits, password, stored or DUMMY, known=known) and stored is not None


def judge(password: str, *known: str, least: int = CITIZEN_LEAST) -> None:
    """Raises WrongValue for one that is too short, too long, or the first that anybody would try."""
    if len(password) < least:
        raise WrongValue("password", N_("Paling sedikit {least} huruf atau angka."), least=least)
    if len(password) > LONGEST:
        raise WrongValue("password", N_("Paling banyak {most} huruf."), most=LONGEST)
    if password.casefold() in COMMON | {word.casefold() for word in known} or len(set(password)) < 3:
        raise WrongValue("password", N_("Terlalu mudah ditebak."))


def first_password() -> str:
    """Shown once, read aloud without a slip: 7K3F-92QD-4MXT-P0VW."""
    groups = ("".join(secrets.choice(CROCKFORD) for _ in range(4)) for _ in range(FIRST_GROUPS))
    return "-".join(groups)


def _fits(password: str, stored: str) -> bool:
    try:
        return HASHER.verify(stored, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


async def _in_turn(function: Callable[..., T], *arguments: str, known: bool = False) -> T:
    global _inside
    if _inside >= WAITING * (2 if known else 1):
        raise Crowded()
    _inside += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, function, *arguments)
    finally:
        _inside -= 1
