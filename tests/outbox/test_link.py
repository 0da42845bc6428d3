"""A referral by its link, for a partner where nobody signs in: sent, read without a trace, answered once, over when it is over."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from console.bell import Bell
from console.door.sealing import seal
from console.door.viewer import hash_of, new_secret
from console.outbox.messages import Message
from console.outbox.sender import Sender
from console.pages.diary import diary
from console.settings import Settings
from models.administration.partners import close_agency, line_agency
from models.administration.people import enlist, retire
from models.city.agency import Agency
from models.city.category import RESTRICTED
from models.errors import NotAllowed, NotFound, NotYours, WrongMoment
from models.incidents.incident import Incident
from models.incidents.linking import Secret, Stands, answer_by_link, linked
from models.incidents.referral import SIGHT_HOURS, TIERS, Referral
from models.record.event import Event, Look
from models.record.outbox import Parcel
from models.time import as_of, now
from tests.support.asking import Asker
from tests.support.gateway import Gateway, gateway
from tests.support.house import Running
from tests.support.law import KEY, Law
from tests.support.serving import Cast
from tests.web.test_agency import attach

PHONE, SHOWN = "+6281244445555", "0812 •••• 5555"


def bpbd(law: Law) -> int:
    return law.read(lambda session: session.exec(select(Agency.id).where(Agency.code == "BPBD")).one())


def reachable(law: Law) -> int:
    law.run(line_agency, law.dewi, bpbd(law), seal(KEY, {"phone": PHONE}), SHOWN)
    return bpbd(law)


def referred(law: Law, tier: str = "full", category: str = "KEBAKARAN", agency: int | None = None) -> Incident:
    words = {"words": "kenari-kata dua orang", "landmark": "kenari-patokan"}
    incident = law.take(law.file(law.ann, category, **words), "claim", law.hendra)
    return law.take(incident, "refer", law.hendra, agency=agency or reachable(law), tier=tier, note="kenari-catatan")


def linked_to(law: Law, incident: Incident) -> str:
    """The secret of a new link."""
    secret, hash = new_secret()
    law.take(incident, "link", law.hendra, secret=lambda: Secret(hash, seal(KEY, {"secret": secret})))
    return secret


def stands(law: Law, secret: str, hours: float = 0) -> Stands:
    def look(session: Session) -> Stands:
        with as_of(now() + timedelta(hours=hours)):
            return linked(session, hash_of(secret))[0]

    return law.read(look)


def lines(law: Law, incident: Incident, steps: tuple[str, ...]) -> list[str]:
    told = law.read(lambda session: diary(session, session.get_one(Incident, incident.id), law.ratna))
    return [line.words for line in reversed(told) if line.step in steps]


def leave(law: Law, message: Message) -> None:
    class Writes:
        async def run(self, function: Any, *arguments: Any) -> Any:
            return await asyncio.to_thread(law.run, function, *arguments)

    async def deliver() -> None:
        with ThreadPoolExecutor(1) as pool:
            while await Sender(None, Writes(), Bell(), message).deliver(message, pool):  # type: ignore[arg-type]
                pass

    asyncio.run(deliver())


@dataclass
class Post:
    gateway: Gateway
    message: Message

    def heard(self) -> list[str]:
        """What went to the partner's number."""
        said = [self.gateway.heard.get() for _ in range(self.gateway.heard.qsize())]
        return [one["message"] for one in said if one["to"] == PHONE]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with gateway() as one:
        settings = Settings(data_dir=tmp_path, secret_key=KEY.decode(), notify=one.url)
        yield Post(one, Message(settings))


# What is sent


def test_a_link_is_sent_and_the_diary_says_so_once_it_was(law: Law, post: Post) -> None:
    incident = referred(law)
    secret = linked_to(law, incident)
    steps = ("link", "linked")
    assert lines(law, incident, steps) == [
        f"Aipda Hendra Siregar meminta tautan dikirim ke Badan Penanggulangan Bencana Daerah, {SHOWN}"
    ]
    leave(law, post.message)
    (words,) = post.heard()
    assert words.endswith(f"/r/{secret}") and "kenari" not in words and "Kebakaran" not in words and len(secret) >= 43
    assert lines(law, incident, steps)[1:] == [f"Tautan terkirim ke Badan Penanggulangan Bencana Daerah, {SHOWN}"]
    kept = law.read(lambda s: [str(row.body) for row in s.exec(select(Event))] + [str(p.payload) for p in s.exec(select(Parcel))])  # fmt: skip
    assert not [one for one in kept if secret in one or PHONE in one or PHONE[-8:] in one]


def test_without_a_gateway_the_diary_says_that_it_failed(law: Law, tmp_path: Path) -> None:
    incident = referred(law)
    linked_to(law, incident)
    leave(law, Message(Settings(data_dir=tmp_path, secret_key=KEY.decode(), public_url="https://siaga.example")))
    assert lines(law, incident, ("linked",)) == [
        f"Tautan ke Badan Penanggulangan Bencana Daerah, {SHOWN} gagal, saluran pesan belum diatur"
    ]


@pytest.mark.parametrize("what", ["closed", "newer", "about officers"])
def test_what_opens_nothing_any_more_does_not_leave(law: Law, post: Post, what: str) -> None:
    incident = referred(law)
    first = linked_to(law, incident)
    if what == "closed":
        law.run(close_agency, law.dewi, bpbd(law), "tutup")
    elif what == "about officers":
        law.take(incident, "recategorise", law.hendra, category=RESTRICTED, reason="x")
    else:
        post.gateway.answers.append(500)  # the first was tried already, and waits for another try
        leave(law, post.message)
        post.heard()
        newer = linked_to(law, incident)
        law.run(lambda session: [setattr(one, "next_at", now()) for one in session.exec(select(Parcel))] and None)
    leave(law, post.message)
    heard = post.heard()
    assert not [words for words in heard if first in words]
    assert len(heard) == (1 if what == "newer" else 0)
    if what == "newer":
        assert newer in heard[0]
        assert stands(law, first) is Stands.REPLACED


def test_to_whom_there_is_no_link(law: Law) -> None:
    """A partner with somebody who signs in, or without a number; what was answered; what is about officers."""

    def refused(incident: Incident, words: str, by: Any = None) -> None:
        with pytest.raises(WrongMoment, match=words):
            law.take(incident, "link", by or law.sari, secret=lambda: Secret("x", "x"))

    incident = referred(law, agency=bpbd(law))
    refused(incident, "tanpa penghubung")
    reachable(law)
    with pytest.raises(NotYours):
        law.take(incident, "link", law.ratna, secret=lambda: Secret("x", "x"))
    with pytest.raises(NotAllowed):
        law.run(lambda s: s.get_one(Incident, incident.id).take("link", law.ann, secret=lambda: Secret("x", "x")))
    secret = linked_to(law, incident)
    given: Any = {"login": "posko", "name": "Posko", "role": "liaison", "password": "-", "agency_id": bpbd(law)}
    one = law.run(lambda session: enlist(session, law.dewi, **given))
    refused(incident, "tanpa penghubung")
    law.run(retire, law.dewi, one.id)
    law.run(answer_by_link, hash_of(secret), "accept", "")
    refused(incident, "sudah dijawab")
    about = law.take(law.file(law.zed, RESTRICTED), "claim", law.sari)
    law.take(about, "refer", law.sari, agency=bpbd(law), tier="summary", reason="x")
    refused(about, "tentang petugas")


# What it opens, and until when


@pytest.mark.parametrize("step", ["accept", "decline"])
def test_it_is_answered_once_and_nobody_is_named(law: Law, step: str) -> None:
    incident = referred(law)
    secret = linked_to(law, incident)
    law.run(answer_by_link, hash_of(secret), step, "dua mobil")
    assert stands(law, secret) is Stands.ANSWERED
    word = "menerima" if step == "accept" else "menolak"
    assert lines(law, incident, (step,)) == [
        f"Dijawab lewat tautan, tidak diketahui oleh siapa: Badan Penanggulangan Bencana Daerah {word} rujukan: dua mobil"
    ]
    for other in ("accept", "decline"):
        with pytest.raises(WrongMoment, match="sudah dijawab"):
            law.run(answer_by_link, hash_of(secret), other, "lagi")
    told = law.read(lambda s: s.exec(select(Event).where(Event.incident_id == incident.id, Event.step == step)).all())
    assert [(event.by_role, event.by_id) for event in told] == [("liaison", None)]


def test_of_two_at_once_one_counts(law: Law) -> None:
    incident = referred(law)
    secret = linked_to(law, incident)
    pressed = [
        law.writer.submit(answer_by_link, hash_of(secret), step, "x") for step in ("accept", "decline", "accept")
    ]
    ends = [one.exception(30) for one in pressed]
    assert [type(end) for end in ends if end] == [WrongMoment, WrongMoment] and ends.count(None) == 1
    assert len(lines(law, incident, ("accept", "decline"))) == 1


@pytest.mark.parametrize(
    "end", ["time", "resolved", "dismissed", "agency closed", "about officers", "merged", "forwarded"]
)
def test_it_is_over_when_the_referral_is(law: Law, end: str) -> None:
    incident = referred(law)
    secret = linked_to(law, incident)
    assert stands(law, secret) is Stands.OPEN and stands(law, secret, SIGHT_HOURS - 0.1) is Stands.OPEN
    match end:
        case "time":
            assert stands(law, secret, SIGHT_HOURS + 0.1) is Stands.OVER
            with as_of(now() + timedelta(hours=SIGHT_HOURS + 1)), pytest.raises(WrongMoment):
                law.read(answer_by_link, hash_of(secret), "accept", "")
            return
        case "resolved":
            law.take(incident, "resolve", law.hendra, outcome="handled")
        case "dismissed":
            law.take(incident, "dismiss", law.hendra, reason="empty")
        case "agency closed":
            law.run(close_agency, law.dewi, bpbd(law), "tutup")
        case "about officers":
            law.take(incident, "recategorise", law.hendra, category=RESTRICTED, reason="x")
        case "merged":
            law.take(incident, "merge", law.hendra, into=law.file(law.zed, "KEBAKARAN").id)
        case "forwarded":
            beside = law.read(lambda s: s.exec(select(Agency.id).where(Agency.code == "POLRES_BINJAI")).one())
            law.take(incident, "forward", law.hendra, command=beside, reason="x")
    assert stands(law, secret) is Stands.OVER
    with pytest.raises(WrongMoment, match="berakhir"):
        law.run(answer_by_link, hash_of(secret), "accept", "")
    assert lines(law, incident, ("accept",)) == []


def test_no_other_secret_opens_anything(law: Law) -> None:
    """Not even the empty one, which every referral without a link has as its hash."""
    linked_to(law, referred(law))
    referred(law)
    for guess in ("", "x", new_secret()[0]):
        with pytest.raises(NotFound):
            law.read(linked, hash_of(guess))
    with pytest.raises(NotFound):
        law.read(linked, "")


# At the door


def rows(cast: Cast) -> tuple[int, ...]:
    def count(session: Session) -> tuple[int, ...]:
        tables = (Event, Look, Parcel)
        newest = session.exec(select(func.max(col(Referral.version)))).one() or 0
        return (*(session.exec(select(func.count()).select_from(table)).one() for table in tables), newest)

    return cast.read(count)


@pytest.mark.parametrize("tier", TIERS)
def test_the_page_shows_what_the_level_allows_and_reading_leaves_no_trace(
    cast: Cast, server: Running, tier: str
) -> None:
    incident = referred(cast, tier)
    key = attach(cast, incident)
    secret = linked_to(cast, incident)
    before = rows(cast)
    stranger = Asker(server)
    for locale in ("id", "en"):
        page = stranger.get(f"/r/{secret}", headers={"accept-language": locale})
        assert page.status_code == 200 and f'lang="{locale}"' in page.text
        assert page.headers["cache-control"] == "no-store" and page.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in page.headers
        assert not re.findall(f'(?:href|src)="[^"]*{secret}', page.text)
        assert ("kenari-kata" in page.text) == (tier == "full")
        assert ("kenari-patokan" in page.text) == (incident.number in page.text) == (tier != "presence")
        assert "kenari-catatan" in page.text and "Babura" in page.text
        for hidden in ("Ann", "4471", key, "/evidence/", "Hendra"):
            assert hidden not in page.text, hidden
    head = stranger._ask("HEAD", f"/r/{secret}")
    assert (head.status_code, head.text) == (200, "") and rows(cast) == before
    assert cast.read(lambda s: linked(s, hash_of(secret))[0]) is Stands.OPEN


def test_it_is_answered_without_a_script_and_says_only_that_to_the_next(cast: Cast, server: Running) -> None:
    incident = referred(cast)
    secret = linked_to(cast, incident)
    stranger = Asker(server)
    empty = stranger.post(f"/r/{secret}", data={"answer": "decline"})
    assert empty.status_code == 422 and "Tulis alasan menolak" in empty.text and "kenari-kata" in empty.text
    for wrong in ({}, {"answer": "finish", "note": "x"}, {"answer": "claim"}):
        assert stranger.post(f"/r/{secret}", data=wrong).status_code == 422
    sent = stranger.post(f"/r/{secret}", data={"answer": "accept", "note": "dua mobil"})
    assert (
        sent.status_code == 303
        and "Jawaban atas rujukan ini sudah sampai." in stranger.get(sent.headers["location"]).text
    )
    for ask in (stranger.get, lambda url: Asker(server, cast.cookies["bnpt"]).get(url)):
        page = ask(f"/r/{secret}")
        assert page.status_code == 410 and "sudah dijawab" in page.text
        for hidden in ("kenari", "Babura", incident.number, "BPBD", "Bencana", "Kebakaran"):
            assert hidden not in page.text, hidden
    assert stranger.post(f"/r/{secret}", data={"answer": "decline", "note": "x"}).status_code == 303
    assert lines(cast, incident, ("accept", "decline")) == [
        "Dijawab lewat tautan, tidak diketahui oleh siapa: Badan Penanggulangan Bencana Daerah menerima rujukan: dua mobil"
    ]
    for nothing in ("x", "%00", "é", secret[:-1], secret + "x", secret.swapcase()):
        assert stranger.get(f"/r/{nothing}").status_code == 404, nothing


@pytest.mark.parametrize("newest", ["waits", "answered", "over"])
def test_a_link_that_was_replaced_says_so_and_whom_to_call_and_nothing_of_the_case(
    cast: Cast, server: Running, newest: str
) -> None:
    incident = referred(cast)
    old = [linked_to(cast, incident), linked_to(cast, incident)]
    secret = linked_to(cast, incident)
    if newest == "answered":
        cast.run(answer_by_link, hash_of(secret), "accept", "")
    if newest == "over":
        cast.take(incident, "resolve", cast.hendra, outcome="handled")
    stranger, told = Asker(server), len(lines(cast, incident, ("accept", "decline")))
    pages = [stranger.get(f"/r/{one}") for one in old]
    sent = stranger.post(f"/r/{old[0]}", data={"answer": "decline", "note": "kenari"})
    pages.append(stranger.get(sent.headers["location"]))
    for page in pages:
        assert page.status_code == 410 and "Tautan ini sudah diganti dengan yang lebih baru." in page.text
        assert "Telepon 110" in page.text and page.headers["cache-control"] == "no-store"
        for hidden in ("kenari", "Babura", incident.number, "BPBD", "Bencana", "Kebakaran", SHOWN[-4:], secret):
            assert hidden not in page.text, hidden
    assert "Jawaban yang baru Anda kirim tidak tersimpan." in pages[-1].text
    assert len(lines(cast, incident, ("accept", "decline"))) == told
    english = stranger.get(f"/r/{old[0]}", headers={"accept-language": "en"}).text
    assert "A newer link took the place of this one." in english
    assert cast.read(lambda s: linked(s, hash_of(secret))[0]) is not Stands.REPLACED
    assert stranger.get(f"/r/{new_secret()[0]}").status_code == 404  # what never was stays nothing


def test_whoever_asks_too_often_waits(cast: Cast, server: Running) -> None:
    from console.web.staff.link import AN_HOUR

    stranger = Asker(server)
    codes = [stranger.get(f"/r/guess-{n}").status_code for n in range(AN_HOUR + 1)]
    assert codes[0] == 404 and codes[-1] == 429


def test_an_officer_sends_it_by_a_press_and_an_administrator_keeps_the_number(cast: Cast, server: Running) -> None:
    dewi, hendra = (Asker(server, cast.cookies[name], part=True) for name in ("dewi", "hendra"))
    url = f"/admin/agencies/{bpbd(cast)}"
    assert dewi.post(f"{url}/line", data={"phone": "bukan"}).status_code == 422
    assert dewi.post(f"{url}/line", data={"phone": "0812 4444 5555"}).status_code == 204
    page = dewi.get(url).text
    assert SHOWN in page and "44445555" not in page
    incident = referred(cast, agency=bpbd(cast))
    panel = hendra.get(f"/incidents/{incident.id}").text
    assert f"Kirim tautan ke {SHOWN}" in panel
    (referral,) = re.findall(r'name="referral" value="(\d+)"', panel)[:1]
    assert hendra.post(f"/incidents/{incident.id}/link", data={"referral": referral}).status_code == 204
    assert f"Kirim tautan baru ke {SHOWN}" in hendra.get(f"/incidents/{incident.id}").text
    (kept,) = cast.read(lambda s: s.exec(select(Referral.link)).all())
    assert re.fullmatch("[0-9a-f]{64}", kept)
