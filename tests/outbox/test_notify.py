"""Messages leave by the operator's gateway: once when it works, again when it does not, never longer than they are worth."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from console.app import create_app
from console.bell import Bell
from console.door.sealing import seal, unseal
from console.operator.checks import check
from console.outbox.messages import Message
from console.outbox.sender import SENDERS, Sender
from console.settings import Settings, WrongSettings
from models.record.event import record
from models.record.outbox import Parcel, State, put
from models.time import now
from models.viewer import CLOCK
from tests.support.gateway import Gateway, gateway
from tests.support.house import wait_until
from tests.support.patience import PATIENCE_SECONDS
from tests.support.town import OPERATOR, TOKEN, Town

ANN = "+6281200004471"
Start = Callable[..., Town]


@pytest.fixture
def post() -> Iterator[Gateway]:
    with gateway() as post:
        yield post


@pytest.fixture
def town_at(tmp_path: Path, database_url: str, redis_url: str, post: Gateway) -> Iterator[Start]:
    """A town whose messages leave through our gateway."""
    with ExitStack() as stack:

        def start(**more: object) -> Town:
            settings = Settings(
                data_dir=tmp_path / "data", database_url=database_url, redis_url=redis_url,
                **({"notify": post.url, "metrics_token": TOKEN} | more),
            )  # fmt: skip
            client = TestClient(create_app(settings), base_url="http://127.0.0.1:8000", follow_redirects=False)
            return Town(stack.enter_context(client))

        yield start


def parcels(town: Town) -> list[Parcel]:
    return town.read(lambda session: list(session.exec(select(Parcel).order_by(Parcel.id))))


def settled(town: Town, state: State) -> bool:
    return all(parcel.state == state for parcel in parcels(town))


def hurry(town: Town) -> None:
    """What waits for its next attempt need not wait any longer."""

    def due(session: Session) -> None:
        for parcel in session.exec(select(Parcel).where(Parcel.state == State.WAITING)):
            parcel.next_at = now()

    happens(town, due)


def happens(town: Town, act: Callable[[Session], None]) -> None:
    """As in the law, an event goes with it: for that the bell rings."""

    def acts(session: Session) -> None:
        act(session)
        record(session, "prove_code", CLOCK)

    town.write(acts)


def test_a_code_reaches_the_phone_that_asked_and_opens_the_door(town_at: Start, post: Gateway) -> None:
    town = town_at()
    town.anyone.post("/sign-in", data={"login": "0812 0000 4471"})
    said = post.next()
    assert said["to"] == ANN
    code = said["message"].split()[0]
    assert said["message"].strip().endswith(f"@127.0.0.1 #{code}")  # the phone may fill it in, on this site alone
    assert "Jangan berikan" in said["message"]
    assert town.anyone.post("/sign-in/code", data={"code": code}).headers["location"] == "/"
    wait_until(lambda: settled(town, State.SENT))
    (parcel,) = parcels(town)
    assert parcel.payload == {} and post.heard.empty()


def test_a_gateway_that_fails_is_asked_again(town_at: Start, post: Gateway) -> None:
    town = town_at()
    post.answers += [500, 503]
    town.anyone.post("/sign-up", data={"phone": "0812 7777 8888"})
    first = post.next()
    wait_until(lambda: parcels(town)[0].fault == "refused")
    hurry(town)
    post.next()
    wait_until(lambda: parcels(town)[0].attempts == 2)
    wait_until(lambda: parcels(town)[0].next_at > now())
    hurry(town)
    assert post.next()["message"] == first["message"]
    wait_until(lambda: settled(town, State.SENT))
    assert parcels(town)[0].attempts == 3


def test_a_gateway_that_hangs_holds_nobody_up(town_at: Start, post: Gateway) -> None:
    town = town_at()
    post.hold.clear()
    town.anyone.post("/sign-up", data={"phone": "0812 7777 8888"})
    post.next()
    assert town.anyone.get("/sign-in/code").status_code == 200
    wait_until(lambda: parcels(town)[0].fault != "")  # given up after its second, not ours
    assert parcels(town)[0].state == State.WAITING


def test_a_code_overtakes_the_news_and_none_waits_for_a_thread_while_its_time_runs(
    town_at: Start, post: Gateway
) -> None:
    town = town_at()
    post.hold.clear()

    def news(session: Session) -> None:
        for n in range(5 * SENDERS):
            put(session, "news", f"+62812000{n:05}", {"text": "kabar", "locale": "id"}, life=timedelta(hours=1))

    happens(town, news)
    for _ in range(SENDERS):
        assert "kabar" in post.next()["message"]
    assert sum(parcel.attempts for parcel in parcels(town)) == SENDERS
    town.anyone.post("/sign-up", data={"phone": "0812 7777 8888"})
    post.hold.set()
    assert "kode masuk" in post.next()["message"]


@pytest.mark.parametrize("turns", range(4))
def test_a_stop_is_heard_also_when_a_message_comes_at_that_moment(turns: int) -> None:
    """Else a server that was asked to end would send on for ever."""

    async def nothing_waits(*_: object) -> None:
        return None

    async def act() -> bool:
        bell = Bell()
        working = asyncio.create_task(Sender(nothing_waits, Mock(), bell, Message(Settings())).run())
        await _turns(5)  # it rests by now
        bell.ring()
        await _turns(turns)
        working.cancel()
        ended, _ = await asyncio.wait([working], timeout=PATIENCE_SECONDS)
        return bool(ended)

    with ThreadPoolExecutor(1) as thread:  # in this one the browser's driver keeps a loop
        assert thread.submit(asyncio.run, act()).result(2 * PATIENCE_SECONDS)


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_what_is_too_late_is_not_sent(town_at: Start, post: Gateway) -> None:
    town = town_at()

    def old(session: Session) -> None:
        put(session, "code", ANN, {"sealed": "", "locale": "id"}, life=timedelta(0))

    happens(town, old)
    wait_until(lambda: settled(town, State.EXPIRED))
    assert post.heard.empty()


def test_news_say_that_there_are_news_and_not_which(town_at: Start, post: Gateway) -> None:
    town = town_at()
    town.ann.file(description="Kenari kata", place="Kenari tempat")
    ref = town.complaints()[0].ref
    town.act(ref, "claim", town.hendra)
    said = post.next()
    assert said["to"] == ANN and said["message"] == "Siaga: Ada kabar baru. http://127.0.0.1:8000/complaints"


def test_the_operator_sees_counts_and_reasons_and_never_a_number(
    town_at: Start, post: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    town = town_at()
    post.answers += [500]
    with caplog.at_level(logging.DEBUG):
        town.anyone.post("/sign-up", data={"phone": "0812 7777 8888"})
        code = post.next()["message"].split()[0]
        wait_until(lambda: parcels(town)[0].fault == "refused")
    for told in (town.dewi.get("/admin/messages").text, caplog.text):
        assert "81277778888" not in told and code not in told
    page = town.dewi.get("/admin/messages").text
    assert "gerbang menolak" in page
    rows = ("Alarm ke telepon petugas", "Kode masuk", "Tautan rujukan", "Kabar ke nomor telepon", "Alarm ke browser pengawas", "Kabar ke browser")  # fmt: skip
    assert [row for row in rows if f'<th scope="row">{row}</th>' not in page] == []  # every kind that leaves
    assert 'siaga_outbox{kind="code",state="waiting"} 1.0' in town.anyone.get("/metrics", headers=OPERATOR).text
    assert town.hendra.get("/admin/messages").status_code == 403


def test_the_channel_of_development_is_the_log(town_at: Start, post: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    town = town_at(notify="log")
    town.anyone.post("/sign-in", data={"login": "0812 0000 4471"})
    wait_until(lambda: "kode masuk Siaga" in caplog.text)
    assert "0812 •••• 4471" in caplog.text and ANN not in caplog.text and post.heard.empty()


def test_a_channel_that_does_not_say_where_the_number_goes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="phone"):
        check(Settings(data_dir=tmp_path, notify="json://127.0.0.1/sms"))
    check(Settings(data_dir=tmp_path, notify="json://127.0.0.1/sms?:to={phone}"))


def test_a_seal_is_ours_for_its_time_and_for_nobody_else() -> None:
    sealed = seal(b"ours", {"code": "123456"})
    assert unseal(b"ours", sealed, 60) == {"code": "123456"} and "123456" not in sealed
    assert unseal(b"theirs", sealed, 60) is None
    assert unseal(b"ours", sealed, -1) is None
    assert unseal(b"ours", "nonsense ☃", 60) is None
