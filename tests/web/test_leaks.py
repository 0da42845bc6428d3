"""Canaries: a word of its own in every private field, then every byte that each of us is sent is searched for all of them.

Pages, sockets, the log and Redis. Silence is proved by a sentinel: what was filed last has arrived everywhere.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import text, true
from sqlmodel import Session, col, select
from starlette.routing import Route

import models.incidents.sight
import models.reading.board
from console.app import sitemap
from console.live import look
from models.errors import WrongValue
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.strikes import appeal
from models.people.citizens import Citizen
from models.people.machines import Key
from models.people.sessions import SignIn
from models.reading.finding import search
from models.record.database import writing_engine
from models.time import now
from models.viewer import Viewer
from tests.support.house import wait_until
from tests.support.law import Law
from tests.support.serving import Cast, audience, browser, cast_of, in_thread, report

# s: is sent it; -: never; .: may be. hendra holds `plain`, ratna `women`; `police` is about officers; `plain` is referred
# to damkar in full and to bnpt by its presence; zed's complaint is merged into `plain`.
TABLE = """
canary                   rina zed hendra dinda ratna sari dewi damkar bnpt wall nobody log redis
plain words              s    -   s      s     s     s    -    s      -    -    -      -   -
plain landmark           .    .   s      s     s     s    -    s      -    -    -      -   -
plain place              s    -   .      .     .     .    -    .      -    -    -      -   -
plain note               -    -   s      s     s     s    -    -      -    -    -      -   -
plain question           s    -   s      s     s     s    -    -      -    -    -      -   -
plain answer             s    -   s      s     s     s    -    -      -    -    -      -   -
plain evidence           s    -   .      .     .     .    -    -      -    -    -      -   -
plain first              .    -   s      s     s     s    -    -      -    -    -      -   -
plain surname            .    -   -      -     -     -    -    -      -    -    -      -   -
plain phone              .    -   -      -     -     -    -    -      -    -    -      -   -
merged words             -    s   s      s     s     s    -    .      -    -    -      -   -
women words              -    -   s      s     s     s    -    -      -    -    -      -   -
women first              -    -   -      -     s     s    -    -      -    -    -      -   -
women surname            -    -   -      -     -     -    -    -      -    -    -      -   -
women phone              -    -   -      -     -     -    -    -      -    -    -      -   -
women landmark           -    -   s      s     s     s    -    -      -    -    -      -   -
police words             -    -   -      -     -     s    -    -      -    -    -      -   -
police landmark          -    -   -      -     -     s    -    -      -    -    -      -   -
police first             -    -   -      -     -     s    -    -      -    -    -      -   -
police note              -    -   -      -     -     s    -    -      -    -    -      -   -
police number            -    -   -      -     -     s    -    -      -    -    -      -   -
rated words              s    -   s      s     s     s    -    -      -    -    -      -   -
appeal words             -    -   -      -     -     s    -    -      -    -    -      -   -
appeal first             -    -   -      -     -     -    -    -      -    -    -      -   -
appeal phone             -    -   -      -     -     -    -    -      -    -    -      -   -
intake words             -    -   s      s     s     s    -    -      -    -    -      -   -
intake external          -    -   .      .     .     .    -    -      -    -    -      -   -
intake surname           -    -   -      -     -     -    -    -      -    -    -      -   -
intake phone             -    -   -      -     -     -    -    -      -    -    -      -   -
draft words              -    -   -      -     -     -    -    -      -    -    -      -   -
failed words             -    -   -      -     -     -    -    -      -    -    -      -   -
cookies                  -    -   -      -     -     -    -    -      -    -    -      -   -
hashes                   -    -   -      -     -     -    -    -      -    -    -      -   -
"""
HEAD, *LINES = (line.split() for line in TABLE.strip().splitlines())
EARS = HEAD[1:]
EXPECTED = {" ".join(line[: -len(EARS)]): dict(zip(EARS, line[-len(EARS) :], strict=True)) for line in LINES}
SCREENS = ("rina", "zed", "hendra", "dinda", "ratna", "sari", "damkar", "bnpt", "wall")


@dataclass
class Night:
    """What was filed, with a canary in each field: `canaries` by what they stand for."""

    cast: Cast
    canaries: dict[str, list[str]] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)

    def plant(self) -> None:
        """Everybody who reports, and what they say."""
        cast = self.cast
        self.rina = self._citizen("rina", "plain")
        lies = self._citizen("sekar", "women"), self._citizen("tegar", "police")
        plain = self._file(self.rina, "CURAS_BEGAL", "plain", place=self._word("plain place"))
        cast.run(self._attach, plain.id)
        cast.take(plain, "claim", cast.hendra)
        cast.take(plain, "note", cast.hendra, words=self._word("plain note"))
        cast.take(plain, "ask", cast.hendra, words=self._word("plain question"))
        cast.take(plain, "reply", self.rina, words=self._word("plain answer"))
        cast.take(plain, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="full")
        cast.take(plain, "refer", cast.hendra, agency=cast.bnpt.agency_id, tier="presence")
        women = self._file(lies[0], "KDRT_PPA", "women")
        cast.take(women, "claim", cast.ratna)
        police = self._file(lies[1], "OKNUM", "police")
        cast.take(police, "note", cast.sari, words=self._word("police note"))
        self.canaries["police number"] = [police.number]
        merged = cast.file(cast.zed, words=self._word("merged words"))
        cast.take(merged, "merge", cast.hendra, into=plain.id)
        rated = cast.take(cast.file(self.rina), "dismiss", cast.hendra, reason="empty")
        cast.take(rated, "rate", self.rina, stars=2, words=self._word("rated words"))
        blocked = self._citizen("joko", "appeal")
        cast.run(lambda session: setattr(session.get_one(Citizen, blocked.id), "blocked_at", now()))
        cast.run(appeal, blocked, self._word("appeal words"))
        self._intake()
        self.canaries["cookies"] = [cookie.partition("=")[2] for cookie in cast.cookies.values()]
        self.canaries["hashes"] = [viewer for viewer in cast.read(_hashes)]
        self.ids = [plain.id, women.id, police.id, merged.id, rated.id, *self.ids]

    def _word(self, name: str) -> str:
        word = f"Kenari{name.title().replace(' ', '')}"
        self.canaries[name] = [word]
        return word

    def _citizen(self, name: str, prefix: str) -> Viewer:
        phone = f"81277{len(self.canaries):03}888{len(name)}"
        self.canaries[f"{prefix} phone"] = [phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}"]
        names = self._word(f"{prefix} first"), self._word(f"{prefix} surname")

        def add(session: Session) -> Viewer:
            row = Citizen(phone=f"+62{phone}", name=" ".join(names), password="-")
            session.add(row)
            session.flush()
            return row.viewer

        viewer = self.cast.run(add)
        self.cast.people[name] = viewer
        self.cast.cookies[name] = f"siaga={self.cast.sign_in(viewer, f'secret of {name}')}"
        return viewer

    def _file(self, by: Viewer, category: str, name: str, **more: Any) -> Incident:
        words, landmark = self._word(f"{name} words"), self._word(f"{name} landmark")
        return self.cast.file(by, category, words=words, landmark=landmark, **more)

    def _attach(self, session: Session, id: int) -> None:
        complaint = session.exec(select(Complaint).where(Complaint.home_id == id)).one()
        name = f"{self._word('plain evidence')}.jpg"
        session.add(
            Evidence(
                complaint_id=complaint.id,
                kind="photo",
                name=name,
                mime="image/jpeg",
                size=1,
                sha256="0" * 64,
                state="ready",
            )
        )

    def _intake(self) -> None:
        def add(session: Session) -> Viewer:
            key = Key(name="app", hash="hash of a key")
            session.add(key)
            session.flush()
            return key.viewer

        self.canaries["intake phone"] = ["81299990000"]
        more = {
            "source": "intake", "external_id": self._word("intake external"), "caller_phone": "+6281299990000",
            "caller_name": f"Usman {self._word('intake surname')}",
        }  # fmt: skip
        self.ids.append(self.cast.file(self.cast.run(add), words=self._word("intake words"), **more).id)


def _hashes(session: Session) -> list[str]:
    return list(session.exec(select(SignIn.hash)))


@dataclass
class Wiretap:
    """Everything that Redis is told, from now on."""

    url: str
    heard: list[str] = field(default_factory=list)

    def __enter__(self) -> "Wiretap":
        self._client = redis.Redis.from_url(self.url)
        self._monitor = self._client.monitor().__enter__()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        with redis.Redis.from_url(self.url) as other:
            other.set("the end of the tap", 1)
        self._thread.join(10)
        self._monitor.connection.disconnect()
        self._client.close()

    def _listen(self) -> None:
        for said in self._monitor.listen():
            self.heard.append(str(said["command"]))
            if "the end of the tap" in self.heard[-1]:
                return


def urls(night: Night, searches: bool) -> Iterator[str]:
    """Every page there is, with every number and reference of the night, and a search for every canary."""
    refs, keys = night.cast.read(_refs), night.cast.read(lambda s: list(s.exec(select(Evidence.key))))
    values = {"ref": refs, "key": keys, "code": ["OKNUM"], "priority": ["1"], "token": ["nonsense"]}
    for route in sitemap():
        if not isinstance(route, Route) or "GET" not in (route.methods or ()):
            continue
        path = route.path.replace(":int", "")
        name = path.partition("{")[2].partition("}")[0]
        ids = night.ids if path.startswith("/incidents") else [1, 2]
        yield from (path.format(**{name: value}) for value in values.get(name, ids)) if name else [path]
    if searches:
        yield from (f"/incidents?q={words[0]}" for words in night.canaries.values() if words)


def _refs(session: Session) -> list[str]:
    return list(session.exec(select(Complaint.ref).order_by(col(Complaint.id))))


def overheard(night: Night, server: Any, who: str) -> str:
    """All that GET tells this person, whole pages and parts of them."""
    with browser(server, night.cast.cookies.get(who, "")) as client:
        said = []
        for url in urls(
            night, searches=who in ("hendra", "sari")
        ):  # whoever may not search may not search for anything
            for headers in ({}, {"hx-request": "true"}) if url.startswith("/incidents/") else ({},):
                answer = client.get(url, headers=headers)
                asked = url.rpartition("q=")[2] if "?q=" in url else ""
                shown = answer.text.replace(asked, "") if asked else answer.text  # its own question comes back
                said.append(f"{answer.headers}{shown}")
        return "\n".join(said)


def leaks(night: Night, said: dict[str, str]) -> list[str]:
    """What somebody was sent and should not have been, and the other way round."""
    wrong = []
    for name, expected in EXPECTED.items():
        for who in said:
            told = any(word in said[who] for word in night.canaries[name])
            if (expected[who] == "-" and told) or (expected[who] == "s" and not told):
                wrong.append(f"{who} {'is' if told else 'is not'} told: {name}")
    return wrong


@pytest.fixture
def stage(sqlite_url: str, redis_url: str, tmp_path: Path) -> Iterator[Callable[[], tuple[Night, Any]]]:
    with ExitStack() as stack:
        cast = stack.enter_context(cast_of(sqlite_url, redis_url))
        server = stack.enter_context(in_thread(cast, tmp_path, redis_url))
        yield lambda: (Night(cast), server)


def fail_loudly(night: Night, server: Any) -> None:
    """The database refuses a complaint: the log must say so without the complaint."""
    engine = writing_engine(night.cast.url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER broken BEFORE INSERT ON complaint BEGIN SELECT RAISE(FAIL, 'a broken disk'); END")
        )
    with browser(server, night.cast.cookies["rina"]) as rina:
        assert rina.post("/complaints", data=report(night._word("failed words"))).status_code == 503
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER broken"))
    engine.dispose()


def test_nobody_is_sent_what_is_not_theirs(
    stage: Callable[[], tuple[Night, Any]], redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("console", "models", "uvicorn.error"):
        caplog.set_level(logging.INFO, logger=name)
    with Wiretap(redis_url) as tap, ExitStack() as stack:
        night, server = stage()
        screens: dict[str, Any] = {}
        names = tuple(name for name in SCREENS if name != "rina")
        listeners = stack.enter_context(audience(night.cast, server, names))
        night.plant()
        listeners |= stack.enter_context(audience(night.cast, server, ("rina",)))
        with browser(server) as nobody:
            nobody.post("/complaints", data=report(night._word("draft words")))
        fail_loudly(night, server)
        last = sentinels(night)
        for name, listener in listeners.items():
            assert listener.screen
            listener.screen.until(lambda board, name=name: last[name] in board.cards)
            screens[name] = "\n".join(listener.screen.heard)
        newest = str(night.cast.rings[-1]["seq"])
        wait_until(lambda: any(newest in told for told in tap.heard))
        said = {
            who: overheard(night, server, who) + screens.get(who, "") for who in EARS if who not in ("log", "redis")
        }
    assert "a broken disk" in caplog.text
    said |= {"log": caplog.text, "redis": "\n".join(tap.heard)}
    assert "siaga:events" in said["redis"]
    assert leaks(night, said) == []


def sentinels(night: Night) -> dict[str, str]:
    """The last that each of them hears: name → id of the card."""
    cast = night.cast
    own = {name: cast.file(cast.people[name]) for name in ("rina", "zed")}
    refs = {
        name: cast.read(lambda s, id=incident.id: s.get_one(Incident, id).complaints[0].ref)
        for name, incident in own.items()
    }
    last = cast.take(own["zed"], "claim", cast.sari)
    for liaison in (cast.damkar, cast.bnpt):
        cast.take(last, "refer", cast.sari, agency=liaison.agency_id, tier="summary")
    return {name: f"incident-{last.id}" for name in SCREENS} | {name: f"complaint-{ref}" for name, ref in refs.items()}


def test_with_the_filter_of_pages_off_the_canaries_sing(
    stage: Callable[[], tuple[Night, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    night, server = stage()
    night.plant()
    night.canaries |= {"draft words": [], "failed words": []}
    assert leaks(night, {"hendra": overheard(night, server, "hendra")}) == []
    for module in (models.reading.board, models.incidents.sight):
        monkeypatch.setattr(module, "visible_to", lambda audience: true())
    told = leaks(night, {"hendra": overheard(night, server, "hendra")})
    assert {f"hendra is told: police {what}" for what in ("words", "landmark", "number")} <= set(told)


@pytest.mark.parametrize("who", ["hendra", "wall"])
def test_with_the_filter_of_pushes_off_the_canaries_sing(
    stage: Callable[[], tuple[Night, Any]], who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    night, server = stage()
    with audience(night.cast, server, (who,)) as listeners:
        monkeypatch.setattr(look, "seen_by", lambda incident, audience: True)
        night.plant()
        last = sentinels(night)[who]
        screen = listeners[who].screen
        assert screen
        screen.until(lambda board: last in board.cards)
        assert screen.said(f"incident-{night.ids[2]}")


@pytest.mark.parametrize("turned", [False, True])
def test_a_complaint_about_officers_is_never_merged_into_what_they_read(
    stage: Callable[[], tuple[Night, Any]], turned: bool
) -> None:
    night, _ = stage()
    pair = [night.cast.file(category="OKNUM"), night.cast.file()]
    one, other = reversed(pair) if turned else pair
    with pytest.raises(WrongValue, match="petugas"):
        night.cast.take(one, "merge", night.cast.sari, into=other.id)


def test_a_partner_hears_nothing_of_what_it_declined(stage: Callable[[], tuple[Night, Any]]) -> None:
    """Not even that something goes on there."""
    night, server = stage()
    cast = night.cast
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="summary")
    cast.take(incident, "decline", cast.damkar, note="bukan kami")
    with audience(cast, server, ("damkar",)) as listeners:
        cast.take(incident, "note", cast.hendra, words="lanjut sendiri")
        cast.take(incident, "reprioritise", cast.hendra, priority=2, reason="reda")
        last = _referred(cast)
        screen = listeners["damkar"].screen
        assert screen
        screen.until(lambda board: last in board.cards)
        assert not screen.said(f"incident-{incident.id}")


def _referred(cast: Cast) -> str:
    """The sentinel: a new incident that is referred to damkar."""
    incident = cast.take(cast.file(), "claim", cast.hendra)
    cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="summary")
    return f"incident-{incident.id}"


def test_a_number_finds_only_what_the_seeker_may_know_the_reporter_of(law: Law) -> None:
    """Else the search box would say who called about violence at home."""
    for category in ("CURAS_BEGAL", "KDRT_PPA", "OKNUM"):
        law.take(law.file(category=category), "claim", law.sari if category == "OKNUM" else law.ratna)

    def found(viewer: Viewer, q: str) -> set[str]:
        return {incident.category_code for incident in law.read(search, viewer, q)}

    for q in ("0812 0000 4471", "+62 812-0000-4471", "81200004471"):
        assert found(law.hendra, q) == {"CURAS_BEGAL"}  # holds none of them
        assert found(law.ratna, q) == {"CURAS_BEGAL", "KDRT_PPA"}
        assert found(law.sari, q) == {"CURAS_BEGAL", "KDRT_PPA", "OKNUM"}
        for stranger in (law.dewi, law.damkar, law.zed):
            assert found(stranger, q) == set()
    for q in ("Ann", "Siregar"):
        assert found(law.hendra, q) == found(law.sari, q) == set()  # names are not looked for at all
