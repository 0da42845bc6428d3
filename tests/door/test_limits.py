"""Limits at the door: whoever guesses waits, nobody else does; counted together, hashed and bounded."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis

from console.door import limits as patience
from console.door import passwords
from console.door.limits import (
    ADDRESS_WRONG,
    CODE_PACE_S,
    FREE_TRIES,
    IN_A_ROW,
    NETWORK_WRONG,
    PACE_S,
    PATIENT_S,
    SLOW_S,
    Limits,
    Where,
)
from console.web.door import knock
from models.errors import TooOften
from tests.support.town import PASSWORD, Town, Visitor

HOME = Where.of("36.68.1.7")
NEIGHBOUR = Where.of("36.68.1.8")  # another address of the same network
Act = Callable[[Limits], Awaitable[None]]


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    """Where it is counted."""
    return request.getfixturevalue("redis_url") if request.param == "redis" else ""


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each was held; nobody is."""
    held: list[int] = []

    async def sleep(seconds: float) -> None:
        if seconds > 0:
            held.append(round(seconds))

    monkeypatch.setattr(patience, "sleep", sleep)
    monkeypatch.setattr(patience, "FIRST_WAIT_S", 100)  # outlasts the slowest machine
    return held


def run(act: Act, url: str) -> None:
    async def main() -> None:
        limits = Limits(secrets.token_bytes(16), url)
        await act(limits)
        await limits.close()

    with ThreadPoolExecutor(1) as thread:  # the browser's driver has a loop of its own in this one
        thread.submit(asyncio.run, main()).result()


async def refused(limits: Limits, *who: object) -> int:
    with pytest.raises(TooOften) as error:
        await limits.guess(*who)  # type: ignore[arg-type]
    return error.value.seconds


def in_turn(slept: list[int]) -> bool:
    """Two were held: one for the next turn, one for the turn after it."""
    return [-(-seconds // PACE_S) for seconds in slept] == [1, 2]


def test_who_is_wrong_waits_twice_as_long_each_time_and_who_is_right_never_was(url: str) -> None:
    async def act(limits: Limits) -> None:
        for _ in range(FREE_TRIES):
            await limits.guess("hendra", HOME, "console")
        assert 90 < await refused(limits, "hendra", HOME, "console") <= 101
        await limits.forget(f"pause:{limits._slot('own', 'hendra', 'console')}")
        await limits.guess("hendra", HOME, "console")
        assert 190 < await refused(limits, "hendra", HOME, "console") <= 201
        await limits.guess("ratna", HOME, "console")
        await limits.forget(f"pause:{limits._slot('own', 'hendra', 'console')}")
        await (await limits.guess("hendra", HOME, "console")).right()
        for _ in range(FREE_TRIES):
            await limits.guess("hendra", HOME, "console")

    run(act, url)


def test_of_many_that_come_together_few_are_looked_at(url: str) -> None:
    async def act(limits: Limits) -> None:
        said = await asyncio.gather(*(limits.guess("hendra", HOME) for _ in range(50)), return_exceptions=True)
        assert sum(not isinstance(one, TooOften) for one in said) <= FREE_TRIES + 1

    run(act, url)


def test_many_passwords_at_one_name_from_many_addresses_slow_strangers_and_lock_nobody_out(
    url: str, slept: list[int]
) -> None:
    async def act(limits: Limits) -> None:
        for n in range(IN_A_ROW):
            await limits.guess("hendra", Where.of(f"41.{n}.0.1"))
        assert slept == []
        for n in range(100, 110):
            await limits.guess("hendra", Where.of(f"41.{n}.0.1"))
        assert slept == [SLOW_S] * 10
        await limits.guess("hendra", HOME, "console")  # where he was before, nobody else's tries matter
        await limits.guess("ratna", HOME)
        assert slept == [SLOW_S] * 10
        await (await limits.guess("hendra", HOME)).right()  # on a new one he is held, and comes in
        assert slept.pop() == SLOW_S
        await limits.guess("hendra", Where.of("41.200.0.1"))
        assert slept == [SLOW_S] * 10  # a hundred in a row, and this is the first

    run(act, url)


def test_one_password_over_many_names_is_slowed_at_its_own_address(url: str, slept: list[int]) -> None:
    async def act(limits: Limits) -> None:
        for n in range(ADDRESS_WRONG):
            await limits.guess(f"+6281{n:07}", HOME)
        await limits.guess("somebody", HOME)
        await limits.guess("hendra", HOME)
        await limits.guess("sari", HOME)
        assert in_turn(slept)
        assert await refused(limits, "dewi", HOME) >= 1
        await limits.guess("dewi", HOME, "their own browser")
        await limits.guess("dewi", NEIGHBOUR)  # the next address of the same carrier
        assert in_turn(slept)

    run(act, url)


def test_who_knows_the_password_costs_their_address_nothing(url: str, slept: list[int]) -> None:
    async def act(limits: Limits) -> None:
        for n in range(3 * ADDRESS_WRONG):  # a shift, or a carrier's thousands
            await (await limits.guess(f"+6281{n:07}", HOME)).right()
        for _ in range(3 * ADDRESS_WRONG):
            await limits.code(HOME, known=False)
            await limits.code_was_right(HOME)
        assert slept == []

    run(act, url)


def test_a_network_that_guesses_from_address_to_address_is_slowed(url: str, slept: list[int]) -> None:
    async def act(limits: Limits) -> None:
        for n in range(NETWORK_WRONG):
            await limits.guess(f"name {n}", Where.of(f"36.68.1.{n % 200}"))
        assert slept == []
        for n in range(3):
            await limits.guess(f"other {n}", Where.of(f"36.68.1.{n}"))
        assert in_turn(slept)
        await limits.guess("other", Where.of("36.68.2.1"))
        assert in_turn(slept)

    run(act, url)


def test_one_phone_asking_for_codes_slows_its_address_and_no_password(url: str, slept: list[int]) -> None:
    async def act(limits: Limits) -> None:
        for _ in range(ADDRESS_WRONG + 1):
            await limits.code(HOME, known=False)
        with pytest.raises(TooOften) as error:
            await limits.code(HOME, known=False)
        assert CODE_PACE_S - PATIENT_S <= error.value.seconds <= CODE_PACE_S + 1  # and not an hour
        await limits.code(HOME, known=True)
        await limits.code(NEIGHBOUR, known=False)
        await limits.guess("hendra", HOME)
        assert slept == []

    run(act, url)


def test_what_a_wrong_clock_counted_holds_nobody_once_it_is_put_right(url: str, slept: list[int]) -> None:
    async def act(limits: Limits) -> None:
        own, address = limits._slot("stranger", "hendra", HOME.address), limits._slot("address", HOME.address)
        for slot, times in (
            (patience._pause(own), 1),
            (address, ADDRESS_WRONG),
            (limits._slot("new", HOME.address), 9),
        ):
            await limits.count(slot, 2 * patience.HOUR, times)  # as after a step back by an hour
        await limits.guess("hendra", HOME)
        await limits.within("new", HOME.address, 5)
        assert slept == []

    run(act, url)


def test_processes_take_turns_together(redis_url: str, slept: list[int]) -> None:
    """Two of them, and who guesses would be looked at twice as often."""

    async def act(limits: Limits) -> None:
        other = Limits(limits.key, redis_url)
        await limits.count(limits._slot("address", HOME.address), patience.HOUR, ADDRESS_WRONG)
        for n, one in enumerate((limits, other, limits)):
            await one.guess(f"name {n}", HOME)
        assert in_turn(slept)
        for one in (limits, other):
            assert await refused(one, "another", HOME) <= 3 * PACE_S + 1
        await other.close()

    run(act, redis_url)


def test_processes_count_together(redis_url: str) -> None:
    async def act(limits: Limits) -> None:
        other = Limits(limits.key, redis_url)
        for one in (limits, other, limits):
            await one.guess("hendra", HOME)
        assert await refused(other, "hendra", HOME) > 0
        await other.close()

    run(act, redis_url)


def test_without_redis_each_counts_alone_and_nobody_is_shut_out(tmp_path: Path) -> None:
    async def act(limits: Limits) -> None:
        for _ in range(FREE_TRIES):
            await limits.guess("hendra", HOME)
        assert await refused(limits, "hendra", HOME) > 0
        await limits.guess("ratna", HOME)
        await limits.code(HOME, known=False)

    run(act, f"unix://{tmp_path}/nobody.sock")


def test_nothing_typed_is_kept_and_the_counters_cannot_grow(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "SLOTS", 8)

    async def act(limits: Limits) -> None:
        for n in range(300):
            await limits.count(limits._slot("stranger", f"kenari-{n}", f"10.0.0.{n}"), 60)
            await limits.count(limits._slot("address", f"10.0.0.{n}"), 60)
        assert len(limits._memory.storage) <= 16 >= len(limits._memory.expirations)
        for n in range(40):
            with suppress(TooOften):
                await limits._turn(limits._slot("address", f"{n}"), PACE_S)
        assert len(limits._memory.storage) <= 24 >= len(limits._memory.expirations)

    run(act, "")

    async def shared(limits: Limits) -> None:
        await limits.guess("kenari-nama", Where.of("203.0.113.77"), "kenari-peranti")

    run(shared, redis_url)
    with Redis.from_url(redis_url) as redis:
        keys = [key.decode() for key in redis.keys("siaga:limits*")]
    assert keys and all(re.fullmatch(r"siaga:limits:((pause|turn):)?[a-z]+:[0-9a-f]{8}:\d+", key) for key in keys)


@pytest.mark.parametrize(
    ("host", "address", "network"),
    [
        ("36.68.1.7", "36.68.1.7", "36.68.1.0/24"),
        ("::ffff:36.68.1.7", "36.68.1.7", "36.68.1.0/24"),
        ("2001:448a:10:2ff:1::9", "2001:448a:10:2ff::/64", "2001:448a:10:200::/56"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/56"),
        ("testclient", "testclient", "testclient"),
        ("", "", ""),
    ],
)
def test_a_household_is_one_address(host: str, address: str, network: str) -> None:
    assert Where.of(host) == Where(address, network)


def test_a_browser_that_was_let_in_once_is_held_up_by_no_stranger(town: Town) -> None:
    door = {"login": "hendra", "password": PASSWORD}
    his, other = Visitor(town.client), Visitor(town.client)
    assert his.post("/sign-in", data=door).status_code == 303 and "known" in his.cookies
    his.post("/sign-out")
    for _ in range(4):
        late = other.post("/sign-in", data=door | {"password": "not this one"})
    assert late.status_code == 429
    assert other.post("/sign-in", data=door).status_code == 429  # from where somebody guesses this very name
    assert his.post("/sign-in", data=door).status_code == 303
    stolen = Visitor(town.client, {"known": his.cookies["known"].partition(".")[0] + "." + "0" * 32})
    assert stolen.post("/sign-in", data=door).status_code == 429  # a name of its own making is no name
    assert "hendra" not in his.cookies["known"]


def test_a_crowd_of_strangers_does_not_stand_before_who_is_known(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, his = {"login": "hendra", "password": PASSWORD}, Visitor(sqlite_town.client)
    his.post("/sign-in", data=door)
    his.post("/sign-out")
    monkeypatch.setattr(passwords, "_inside", passwords.WAITING)
    for _ in range(5):  # nobody's fault: it does not count
        assert Visitor(sqlite_town.client).post("/sign-in", data=door).headers["retry-after"] == "2"
    assert his.post("/sign-in", data=door).status_code == 303


def test_one_browser_knows_a_whole_shift_and_no_more(sqlite_town: Town) -> None:
    desk = Visitor(sqlite_town.client)
    for login in ("hendra", "sari", "dewi", "hendra"):
        assert desk.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 303
        desk.post("/sign-out")
    assert desk.cookies["known"].count(".") == 3 <= knock.MOST_KNOWN


def test_neighbours_codes_never_refuse_a_right_password(sqlite_town: Town) -> None:
    limits, portal = sqlite_town.client.app_state["limits"], sqlite_town.client.portal
    assert portal
    for _ in range(ADDRESS_WRONG + 1):
        portal.call(limits.code, Where.of("testclient"), False)
    assert sqlite_town.anyone.post("/sign-in", data={"login": "0812 0000 5555"}).status_code == 429
    door = {"login": "0812 0000 4471", "password": PASSWORD}
    assert Visitor(sqlite_town.client).post("/sign-in", data=door).status_code == 303
