"""Pushes: who is told of what, that it says nothing, that it leaves once, and where this server lets itself be sent."""

import asyncio
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import Session, select
from starlette.testclient import TestClient

from console.app import create_app
from console.bell import Bell
from console.outbox import sender as outbox_sender
from console.outbox.push import KEY_FILE, Push, allowed, key_of
from console.outbox.sender import SENDERS
from console.settings import Settings
from models.errors import WrongMoment, WrongValue
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.telling import NEWS_A_DAY_EACH
from models.people.browsers import MOST_BROWSERS, PushSubscription, browsers_of, leave_browser, subscribe, unsubscribe
from models.people.officers import Officer
from models.record import outbox
from models.record.outbox import NEWS, PUSH, Parcel
from models.time import as_of, now
from models.viewer import Viewer
from tests.support.house import wait_until
from tests.support.law import Law
from tests.support.push_service import Browser, PushService, push_service, url_safe
from tests.support.town import OPERATOR, Town, Visitor, ref_of, town_of

CANARY = "KENARI-7731"
SAYS = "Ada kabar baru"


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as service:
        yield service


class Sender:
    """A process's sender of pushes, one batch at a time."""

    def __init__(self, law: Law, folder: Path, hosts: str = "127.0.0.1"):
        async def read(function: Callable[..., Any], *arguments: Any) -> Any:
            return law.read(function, *arguments)

        self.channel = Push(Settings(data_dir=folder, push_hosts=hosts))
        self._sender = outbox_sender.Sender(read, law.writer, Bell(), self.channel)

    def deliver(self) -> int:
        """In a thread: the browser tests' driver has a loop of its own in this one."""

        async def act() -> int:
            with ThreadPoolExecutor(SENDERS) as pool:
                return await self._sender.deliver(self.channel, pool)

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, act()).result(30)


@pytest.fixture
def sender(law: Law, tmp_path: Path) -> Sender:
    return Sender(law, tmp_path)


def phone_of(law: Law, who: Viewer, service: PushService) -> Browser:
    phone = service.browser()
    law.run(lambda session: subscribe(session, who, *phone.keys) and None)
    return phone


def parcels(law: Law, kind: str = PUSH) -> list[Parcel]:
    return law.read(lambda session: list(session.exec(select(Parcel).where(Parcel.kind == kind).order_by(Parcel.id))))


def refs(law: Law) -> list[str]:
    return law.read(lambda session: list(session.exec(select(Complaint.ref).order_by(Complaint.id))))


def endpoint_of(law: Law, parcel: Parcel) -> str:
    return law.read(lambda session: session.get_one(PushSubscription, int(parcel.to)).endpoint)


def send_all(law: Law, sender: Sender) -> None:
    while sender.deliver():
        pass


def hurry(law: Law) -> None:
    """The pauses are over."""
    law.run(lambda s: [setattr(row, "next_at", now()) for row in s.exec(select(Parcel))] and None)


def test_a_step_reaches_the_reporters_phone(law: Law, sender: Sender, service: PushService) -> None:
    phone = phone_of(law, law.ann, service)
    law.take(law.file(), "claim", law.hendra)
    assert sender.deliver() == 1
    (ref,) = refs(law)
    assert phone.heard == [{"ref": ref, "text": SAYS}]
    (push,) = phone.pushes
    assert push.signer == sender.channel.public_key
    assert push.headers["urgency"] == "high" and 3500 < int(push.headers["ttl"]) <= 3600
    assert sender.deliver() == 0 and len(phone.pushes) == 1
    (parcel,) = parcels(law)
    assert (parcel.state, parcel.payload) == ("sent", {})


def test_merged_reporters_are_all_told_and_a_question_only_its_own(
    law: Law, sender: Sender, service: PushService
) -> None:
    anns, zeds = phone_of(law, law.ann, service), phone_of(law, law.zed, service)
    first, second = law.file(law.ann), law.file(law.zed)
    law.take(first, "claim", law.hendra)
    law.take(second, "merge", law.hendra, into=first.id)
    send_all(law, sender)
    mine, theirs = refs(law)
    assert [said["ref"] for said in anns.heard] == [mine] and zeds.heard == []
    law.send(first, law.hendra, (None, 2))
    send_all(law, sender)
    assert anns.heard[-1]["ref"] == mine and zeds.heard[-1]["ref"] == theirs  # each of their own: never of the other
    complaints = law.read(lambda s: list(s.exec(select(Complaint).order_by(Complaint.id))))
    law.take(first, "ask", law.hendra, words="Aman?", complaint=complaints[1].id)
    send_all(law, sender)
    assert len(anns.heard) == 2 and len(zeds.heard) == 2


def test_whoever_acts_is_not_told_and_an_exercise_tells_nobody(law: Law) -> None:
    for who in (law.ann, law.zed):
        law.run(lambda s, who=who: subscribe(s, who, f"https://fcm.googleapis.com/{who.id}", "p", "a") and None)
    first, second = law.file(law.ann), law.file(law.zed)
    law.take(second, "merge", law.hendra, into=first.id)
    law.take(first, "claim", law.hendra)
    law.take(first, "resolve", law.hendra, outcome="handled")
    law.run(lambda s: [s.delete(row) for row in s.exec(select(Parcel))] and None)  # else it takes the place of one
    law.take(first, "reopen", law.ann, reason="belum")
    anns, zeds = (f"https://fcm.googleapis.com/{who.id}" for who in (law.ann, law.zed))
    assert [endpoint_of(law, parcel) for parcel in parcels(law)] == [zeds] != [anns]
    drill = law.file(law.ann, exercise=True)
    count = len(parcels(law))
    law.take(drill, "claim", law.hendra)
    law.take(drill, "dismiss", law.hendra, reason="empty")
    assert len(parcels(law)) == count and parcels(law, NEWS) == []


def test_a_refused_step_tells_nobody(law: Law) -> None:
    law.run(lambda session: subscribe(session, law.ann, "https://fcm.googleapis.com/a", "p", "a") and None)
    incident = law.file()
    with pytest.raises(WrongMoment):
        law.take(incident, "resolve", law.hendra, outcome="handled")
    assert parcels(law) == []


def test_a_push_holds_no_word_of_the_complaint(law: Law, sender: Sender, service: PushService) -> None:
    phone = phone_of(law, law.ann, service)
    incident = law.file(words=CANARY, landmark=CANARY, place=CANARY, category="KDRT_PPA")
    rows: list[str] = []
    closing = {"outcome": "handled", "note": CANARY, "told": CANARY}
    for step, given in (("claim", {}), ("ask", {"words": CANARY}), ("resolve", closing)):
        law.take(incident, step, law.hendra, **given)
        rows += [f"{parcel.to} {parcel.topic} {parcel.payload}" for parcel in parcels(law)]
        send_all(law, sender)
    (ref,) = refs(law)
    assert phone.heard == [{"ref": ref, "text": SAYS}] * 3
    assert len(rows) == 6 and CANARY not in str(rows) and "KDRT" not in str(rows)
    assert ref not in str([push.headers for push in phone.pushes]), "the push service reads the headers"
    assert len({push.headers["topic"] for push in phone.pushes}) == 1


def test_several_steps_before_it_leaves_are_one_push(law: Law, sender: Sender, service: PushService) -> None:
    phone = phone_of(law, law.ann, service)
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    law.send(incident, law.hendra, (None, 2))
    assert sender.deliver() == 1 and len(phone.heard) == 1
    law.take(incident, "arrive", law.hendra)  # after it left: news again
    assert sender.deliver() == 1 and len(phone.heard) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_browser_that_is_gone_is_forgotten(law: Law, sender: Sender, service: PushService, status: int) -> None:
    phone = phone_of(law, law.ann, service)
    phone.answers.append((status, {}))
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    sender.deliver()
    (gone,) = law.read(lambda session: list(session.exec(select(PushSubscription))))
    assert gone.gone_at and (gone.p256dh, gone.auth) == ("", "")
    assert [(parcel.state, parcel.fault) for parcel in parcels(law)] == [("failed", str(status))]
    law.send(incident, law.hendra, (None, 2))
    assert sender.deliver() == 0 and len(phone.pushes) == 1
    assert [parcel.to for parcel in parcels(law, NEWS)] == ["+6281200004471"]  # from now on by phone
    with pytest.raises(WrongValue):  # its page subscribes anew, which gives it another endpoint
        law.run(lambda session: subscribe(session, law.ann, *phone.keys) and None)


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [(429, {"Retry-After": "120"}, 120), (503, {}, 30), (500, {"Retry-After": "junk"}, 30)],
)
def test_a_busy_service_is_asked_again_later(
    law: Law, sender: Sender, service: PushService, status: int, headers: dict[str, str], pause: int
) -> None:
    phone = phone_of(law, law.ann, service)
    phone.answers += [(status, headers), (status, headers)]
    law.take(law.file(), "claim", law.hendra)
    assert sender.deliver() == 1 and sender.deliver() == 0
    (parcel,) = parcels(law)
    assert parcel.state == "waiting" and pause - 5 < (parcel.next_at - now()).total_seconds() <= pause
    for _ in range(2):
        hurry(law)
        sender.deliver()
    assert len(phone.pushes) == 3 and len(phone.heard) == 1
    assert parcels(law)[0].state == "sent"


def test_a_service_that_never_gets_well_is_given_up(law: Law, sender: Sender, service: PushService) -> None:
    phone = phone_of(law, law.ann, service)
    phone.answers += [(500, {})] * 20
    law.take(law.file(), "claim", law.hendra)
    for _ in range(outbox.MOST_ATTEMPTS + 2):
        hurry(law)
        sender.deliver()
    assert len(phone.pushes) == outbox.MOST_ATTEMPTS and parcels(law)[0].state == "failed"


def test_old_news_is_no_news(law: Law, sender: Sender, service: PushService) -> None:
    phone = phone_of(law, law.ann, service)
    incident = law.file()

    def claim_long_ago(session: Session) -> None:
        with as_of(now() - timedelta(hours=2)):
            session.get_one(Incident, incident.id).take("claim", law.hendra)

    law.run(claim_long_ago)
    assert sender.deliver() == 0 and phone.pushes == []
    assert [parcel.state for parcel in parcels(law)] == ["expired"]


def test_a_redirect_is_not_followed(law: Law, sender: Sender, service: PushService) -> None:
    phone = phone_of(law, law.ann, service)
    phone.answers += [(307, {"Location": f"{service.http}/elsewhere"}), (303, {"Location": "/elsewhere"})]
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    sender.deliver()
    law.send(incident, law.hendra, (None, 2))
    sender.deliver()
    assert len(phone.pushes) == 2 and "elsewhere" not in service.called
    assert [parcel.fault for parcel in parcels(law)] == ["307", "303"]


def test_no_line_is_tried_again(law: Law, sender: Sender) -> None:
    phone = Browser("http://127.0.0.1:9/push")  # nobody listens at discard
    law.run(lambda session: subscribe(session, law.ann, *phone.keys) and None)
    law.take(law.file(), "claim", law.hendra)
    sender.deliver()
    assert [(parcel.state, parcel.fault) for parcel in parcels(law)] == [("waiting", "ConnectionError")]


def test_two_processes_never_send_one_twice(law: Law, service: PushService, tmp_path: Path) -> None:
    phone = phone_of(law, law.ann, service)
    senders = [Sender(law, tmp_path), Sender(law, tmp_path)]
    assert senders[0].channel.public_key == senders[1].channel.public_key
    for _ in range(12):
        law.take(law.file(), "claim", law.hendra)
    start = threading.Barrier(2)

    def work(sender: Sender) -> None:
        start.wait()
        send_all(law, sender)

    threads = [threading.Thread(target=work, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said["ref"] for said in phone.heard) == sorted(refs(law))
    assert {parcel.state for parcel in parcels(law)} == {"sent"}


def test_a_dead_senders_lease_runs_out_and_then_counts_no_more(law: Law) -> None:
    law.run(lambda s: outbox.put(s, "kind", "x", {"a": 1}, life=timedelta(hours=1)))
    (first,) = law.run(outbox.lease, "kind", 10)
    assert law.run(outbox.lease, "kind", 10) == []
    hurry(law)
    (second,) = law.run(outbox.lease, "kind", 10)
    law.run(outbox.failed, first, "late")  # the first was only slow: its lease is another's now
    assert parcels(law, "kind")[0].state == "waiting"
    law.run(outbox.sent, first)  # but what it did send is sent
    law.run(outbox.later, second, "x")
    assert parcels(law, "kind")[0].state == "sent"
    law.run(lambda s: [setattr(row, "until", now() - timedelta(days=8)) for row in s.exec(select(Parcel))] and None)
    law.run(outbox.forget_parcels)
    assert parcels(law, "kind") == []


def test_without_push_it_goes_by_phone_and_only_what_is_worth_it(law: Law) -> None:
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    law.take(incident, "note", law.hendra, words=CANARY)
    (news,) = parcels(law, NEWS)
    (ref,) = refs(law)
    assert news.to == "+6281200004471" and news.payload == {"ref": ref, "text": SAYS, "locale": "id"}
    law.take(incident, "ask", law.hendra, words=CANARY)
    (news,) = parcels(law, NEWS)  # what waits says now that somebody asks, and not what
    assert news.payload == {"ref": ref, "text": "Laporan Anda: ada pertanyaan petugas", "locale": "id"}
    assert parcels(law) == []


def test_a_shared_phone_gets_no_message_about_violence_at_home(law: Law) -> None:
    law.take(law.file(category="KDRT_PPA"), "claim", law.hendra)
    assert parcels(law, NEWS) == []


def test_messages_to_phones_have_a_budget(law: Law) -> None:
    for _ in range(NEWS_A_DAY_EACH + 2):
        law.take(law.file(), "claim", law.hendra)
    law.take(law.file(law.zed), "claim", law.hendra)
    told = [parcel.to for parcel in parcels(law, NEWS)]
    assert told == ["+6281200004471"] * NEWS_A_DAY_EACH + ["+6281300005582"]


def test_a_browser_belongs_to_one_reporter_and_they_have_few(law: Law) -> None:
    def keys(number: int) -> tuple[str, str, str]:
        return f"https://fcm.googleapis.com/{number}", "p", "a"

    for number in range(MOST_BROWSERS + 3):
        law.run(lambda s, number=number: subscribe(s, law.ann, *keys(number)) and None)
    assert len(law.read(browsers_of, law.ann)) == MOST_BROWSERS
    newest = keys(MOST_BROWSERS + 2)
    law.run(lambda s: subscribe(s, law.zed, *newest) and None)
    assert [row.endpoint for row in law.read(browsers_of, law.zed)] == [newest[0]]
    assert newest[0] not in {row.endpoint for row in law.read(browsers_of, law.ann)}
    law.run(unsubscribe, law.ann, newest[0])  # no longer hers to end
    assert len(law.read(browsers_of, law.zed)) == 1
    law.run(unsubscribe, law.ann)
    assert law.read(browsers_of, law.ann) == [] and law.read(browsers_of, law.hendra) == []


@pytest.mark.parametrize("how", ["moved", "ended and begun"])
def test_news_that_wait_never_reach_whoever_has_the_browser_next(
    law: Law, sender: Sender, service: PushService, how: str
) -> None:
    """SQLite gives the number of a row that is gone to the next one."""
    phone = phone_of(law, law.ann, service)
    law.take(law.file(), "claim", law.hendra)
    if how != "moved":
        law.run(unsubscribe, law.ann)
    law.run(lambda session: subscribe(session, law.zed, *phone.keys) and None)
    law.take(law.file(by=law.zed), "claim", law.hendra)
    send_all(law, sender)
    assert [said["ref"] for said in phone.heard] == [refs(law)[1]]


def test_signing_out_ends_it(law: Law) -> None:
    ann = Viewer(law.ann.role, law.ann.id, session="hash of a session")
    law.run(lambda s: subscribe(s, ann, "https://fcm.googleapis.com/a", "p", "a") and None)
    law.run(leave_browser, "hash of another")
    assert law.read(browsers_of, ann)
    law.run(leave_browser, "hash of a session")
    assert law.read(browsers_of, ann) == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://updates-autopush.push.services.mozilla.com:443/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA",
        "https://push.polri.example/UP?token=1",
        "http://127.0.0.1:20000/wpush/v2/a",
    ],
)
def test_known_push_services_are_called(endpoint: str) -> None:
    assert allowed(endpoint, ("push.polri.example", "127.0.0.1"))


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/a",
        "http://push.polri.example/a",
        "ftp://fcm.googleapis.com/a",
        "https://fcm.googleapis.com:8443/a",
        "https://fcm.googleapis.com.evil.example/a",
        "https://evil.example/fcm.googleapis.com",
        "https://evilpush.services.mozilla.com/a",
        "https://push.services.mozilla.com.evil.example/",
        "https://user@fcm.googleapis.com/a",
        "https://fcm.googleapis.com@evil.example/a",
        "https://fcm.googleapis.com\\@evil.example/a",
        "https://evil.example\\.notify.windows.com/a",
        "https://fcm.googleapis.com\n.evil.example/a",
        "https://fcm.googleapiѕ.com/a",
        "https://fcm.googleapis.com./a",
        "https://127.0.0.1%2f.notify.windows.com/a",
        "https://evil.example .notify.windows.com/a",
        "https://evil.example;.notify.windows.com/a",
        "https://evil.example,.notify.windows.com/a",
        "https://evil.example#.notify.windows.com/a",
        "https://evil.example?.notify.windows.com/a",
        "https://[::1].notify.windows.com/a",
        "https://fcm.googleapis.com:443@evil.example/a",
        "https://fcm.googleapis.com:65536/a",
        "https://@fcm.googleapis.com/a",
        " https://fcm.googleapis.com/a",
        "https://xn--fcm-googleapis-x.com/a",
        "https://printer.local/a",
        "https://0x7f.1/a",
        "https://0177.0.0.1/a",
        "https://127.0.0.1/a",
        "http://localhost:6379/a",
        "http://[::1]:8000/a",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/a",
        "https://2130706433/a",
        "https://192.168.1.1:443/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://fcm.googleapis.com:junk/a",
        "https:///a",
        "//fcm.googleapis.com/a",
        "fcm.googleapis.com",
        "",
    ],
)
def test_nothing_else_is(endpoint: str) -> None:
    assert not allowed(endpoint, ("push.polri.example",))


def test_a_setting_that_no_longer_names_a_host_ends_its_pushes(law: Law, service: PushService, tmp_path: Path) -> None:
    phone = phone_of(law, law.ann, service)
    law.take(law.file(), "claim", law.hendra)
    Sender(law, tmp_path, hosts="").deliver()
    assert phone.pushes == [] and parcels(law)[0].fault == "host"


def test_the_key_is_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        keys = {key.private_numbers().private_value for key in pool.map(key_of, [tmp_path] * 8)}
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


@pytest.fixture
def town(tmp_path: Path, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setenv("SIAGA_PUSH_HOSTS", "127.0.0.1")
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        yield town


def browsers(town: Town) -> list[PushSubscription]:
    return town.read(lambda session: list(session.exec(select(PushSubscription))))


def test_from_yes_to_the_phone_through_the_whole_app(town: Town, service: PushService) -> None:
    phone, agent = (
        service.browser(),
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/150 Mobile Safari/537.36",
    )
    ref = ref_of(town.ann.file())
    key = town.ann.get("/push/key").json()["key"]
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), urlsafe_b64decode(key + "="))
    told = town.ann.post("/push/subscriptions", json=phone.subscription, headers={"user-agent": agent})
    assert told.status_code == 204
    assert [row.device for row in browsers(town)] == ["Chrome, Android"]
    town.act(ref, "claim", town.hendra)
    wait_until(lambda: phone.heard)
    assert phone.heard == [{"ref": ref, "text": SAYS}] and phone.pushes[0].signer == key
    wait_until(
        lambda: 'siaga_outbox{kind="push",state="sent"} 1.0' in town.anyone.get("/metrics", headers=OPERATOR).text
    )
    assert town.ann.post("/push/subscriptions/delete", json={"endpoint": phone.endpoint}).status_code == 303
    assert browsers(town) == []


def test_with_a_lost_key_every_subscription_is_void_and_the_page_is_told(
    tmp_path: Path, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, service: PushService
) -> None:
    monkeypatch.setenv("SIAGA_PUSH_HOSTS", "127.0.0.1")
    phone = service.browser()
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        ann = town.ann.cookies
        assert town.ann.post("/push/subscriptions", json=phone.subscription).status_code == 204
    settings = Settings(data_dir=tmp_path / "data", database_url=sqlite_url, redis_url=redis_url)
    for lost in (False, True):
        if lost:
            (tmp_path / "data" / KEY_FILE).unlink()
        with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
            visitor = Visitor(client, dict(ann))
            if lost:
                wait_until(
                    lambda visitor=visitor: (
                        visitor.post("/push/subscriptions", json=phone.subscription).status_code == 422
                    )
                )
            else:
                assert visitor.post("/push/subscriptions", json=phone.subscription).status_code == 204


def test_the_form_of_the_account_ends_all_of_them(town: Town, service: PushService) -> None:
    for _ in range(2):
        town.ann.post("/push/subscriptions", json=service.browser().subscription)
    zeds = service.browser()
    town.zed.post("/push/subscriptions", json=zeds.subscription)
    answer = town.ann.post("/push/subscriptions/delete", data={"next": "/complaints"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/complaints")
    assert [row.endpoint for row in browsers(town)] == [zeds.endpoint]
    ended = town.client.request(
        "DELETE", "/push/subscriptions", json={"endpoint": zeds.endpoint},
        headers={"cookie": f"siaga={town.zed.cookies['siaga']}"},
    )  # fmt: skip
    assert ended.status_code == 204 and browsers(town) == []


def test_quiet_is_quiet(town: Town, service: PushService) -> None:
    ref = ref_of(town.ann.file())
    assert 'data-ask="yes"' in town.ann.get(f"/complaints/{ref}").text
    town.ann.post("/push/subscriptions", json=service.browser().subscription)
    town.ann.post("/quiet", data={"quiet": "yes"})
    assert browsers(town) == [] and 'data-ask="quiet"' in town.ann.get(f"/complaints/{ref}").text


def test_leaving_a_shared_phone_ends_its_pushes(town: Town, service: PushService) -> None:
    town.ann.post("/push/subscriptions", json=service.browser().subscription)
    assert browsers(town)
    town.ann.post("/sign-out")
    assert browsers(town) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://evil.example/a"},
        {"endpoint": "http://localhost:6379/"},
        {"endpoint": "https://fcm.googleapis.com/" + "a" * 2000},
        {"endpoint": ""},
        {"keys": {"p256dh": "AAAA", "auth": url_safe(bytes(16))}},
        {"keys": {"p256dh": url_safe(b"\x04" + bytes(64)), "auth": url_safe(bytes(16))}},
        {"keys": {"p256dh": "", "auth": ""}},
        {"keys": {}},
        {"keys": "no"},
    ],
)
def test_what_is_no_subscription_is_refused(town: Town, service: PushService, changed: dict[str, Any]) -> None:
    sent = service.browser().subscription | changed
    assert town.ann.post("/push/subscriptions", json=sent).status_code == 422
    short = service.browser()
    short.auth = bytes(15)
    assert town.ann.post("/push/subscriptions", json=short.subscription).status_code == 422
    assert browsers(town) == []


def test_only_reporters_are_pushed_to(town: Town, service: PushService) -> None:
    assert town.read(lambda s: s.get_one(Officer, town.hendra.id)).viewer.on_duty
    assert town.hendra.post("/push/subscriptions", json=service.browser().subscription).status_code == 403
    assert town.anyone.get("/push/key", headers={"accept": "application/json"}).status_code == 401
    script = town.anyone.get("/service-worker.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "worker-push.js" in script.text
