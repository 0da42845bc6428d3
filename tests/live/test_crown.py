"""The crown: a screen that only listened shows what a page loaded afresh shows, for every kind of viewer.

Hundreds of random steps by many people, refused ones among them, while screens listen, drop off and come back. And
the proof that the test sees: with a guard turned off it fails.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from console.ground.points import distance_m
from console.live import look
from models.city.site import Site
from models.errors import Refusal
from models.incidents.closing import DISMISSALS, OUTCOMES, commands
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.incident import Incident
from models.incidents.linking import Secret
from models.incidents.sight import WHOLE, seen_by
from models.viewer import CLOCK, Viewer
from models.workflow import EFFECTS, STEPS
from tests.support.house import Running
from tests.support.law import PLACES
from tests.support.screen import Board, Card, TestScreen
from tests.support.serving import LISTENING, Cast, Listener, audience, cast_of, in_thread

CATEGORIES = ("CURAS_BEGAL", "KEBAKARAN", "KDRT_PPA", "LAKA", "OKNUM")
STEPS_TAKEN = 300


@dataclass
class Life:
    """What an evening is made of: one random step after the other."""

    cast: Cast
    dice: random.Random
    ids: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        if len(self.ids) < 8 or self.dice.random() < 0.08:
            by = self.dice.choice((self.cast.ann, self.cast.zed, self.cast.ratna))
            nowhere = self.dice.random() < 0.25
            self.ids.append(self.cast.file(by, self.dice.choice(CATEGORIES), at=self._point(), nowhere=nowhere).id)
            self.done["file"] += 1
            return
        incident = self.cast.read(_whole, self.dice.choice(self.ids))
        name, by = self._next(incident)
        try:
            self.cast.take(incident, name, by, **self._given(name, incident))
            self.done[name] += 1
        except Refusal:
            self.refused[name] += 1

    def _next(self, incident: Incident) -> tuple[str, Viewer]:
        """Four times in five a step that somebody may take now, the one that was done least; else nonsense."""
        people = [*self.cast.people.values(), CLOCK]
        fit = self.cast.read(_fit, incident.id, people)
        if not fit or self.dice.random() > 0.8:
            return self.dice.choice(sorted(EFFECTS)), self.dice.choice(people)
        return min(self.dice.choices(fit, k=12), key=lambda one: self.done[one[0]])

    def _given(self, name: str, incident: Incident) -> dict[str, Any]:
        dice = self.dice
        match name:
            case "dispatch" | "reinforce":
                return {
                    "sent": [(None, dice.randint(0, 4))],
                    "metres": distance_m,
                    "reason": dice.choice(("", "perlu")),
                }
            case "clear":
                return {"dispatch": self.cast.read(_out, incident.id)}
            case "resolve":
                return {"outcome": dice.choice((*OUTCOMES, "nonsense"))}
            case "dismiss":
                return {"reason": dice.choice(DISMISSALS)}
            case "forward":
                return {"command": self.cast.read(commands)[0].id, "reason": dice.choice(("", "ke sana"))}
            case "link":
                return {"secret": lambda: Secret(f"{dice.random()}", "sealed")}
            case "merge":
                return {"into": dice.choice(self.ids)}
            case "refer":
                agency = dice.choice((self.cast.damkar, self.cast.bnpt)).agency_id
                return {"agency": agency, "tier": dice.choice(("presence", "summary", "full"))}
            case "assign" | "reassign":
                return {
                    "officer": dice.choice((self.cast.hendra, self.cast.dinda, self.cast.dewi)).id,
                    "reason": "beban",
                    "sure": True,
                }
            case "shelve":
                return {"minutes": dice.choice((15, 30, 60)), "note": "dekat"}
            case "reprioritise":
                return {"priority": dice.randint(0, 4), "reason": "dinilai"}
            case "recategorise":
                return {"category": dice.choice(CATEGORIES), "reason": "salah"}
            case "locate":
                return {
                    "site": Site.unknown("entah")
                    if dice.random() < 0.2
                    else PLACES.site(*self._point(), precision="device")
                }
            case "relocate":
                return {"site": PLACES.site(*self._point(), precision="pin", landmark="pasar"), "reason": "geser"}
            case "ask" | "reply" | "note":
                return {"words": "halo"}
            case "accept" | "decline" | "finish":
                return {"note": "catatan"}
            case "release" | "take_over" | "recall" | "reopen" | "preserve" | "unpreserve":
                return {"reason": dice.choice(("", "alasan", "alasan"))}
        return {}

    def _point(self) -> tuple[float, float]:
        return 3.55 + self.dice.random() / 20, 98.64 + self.dice.random() / 20

    def sentinels(self) -> dict[str, str]:
        """The last thing each of them gets to hear of: name → id of the card."""
        cast = self.cast
        complaints = {who: cast.file(cast.people[who]) for who in ("ann", "zed")}
        refs = {name: cast.read(_ref, incident.id) for name, incident in complaints.items()}
        last = cast.take(complaints["zed"], "claim", cast.sari)
        for liaison in (cast.damkar, cast.bnpt):
            cast.take(last, "refer", cast.sari, agency=liaison.agency_id, tier="summary")
        refs["guest"] = cast.read(_of_the_guest, cast.guest.id)
        everyone = {name: f"incident-{last.id}" for name in LISTENING}
        return everyone | {name: f"complaint-{ref}" for name, ref in refs.items()}


def _whole(session: Any, id: int) -> Incident:
    return session.exec(select(Incident).where(Incident.id == id).options(*WHOLE)).one()


def _fit(session: Any, id: int, people: list[Viewer]) -> list[tuple[str, Viewer]]:
    incident = _whole(session, id)
    return [(step, by) for by in people if seen_by(incident, by.audience) for step in sorted(incident.may(by))]


def _out(session: Any, id: int) -> int | None:
    out = select(Dispatch.id).where(Dispatch.incident_id == id, col(Dispatch.cleared_at).is_(None))
    return session.exec(out).first()


def _of_the_guest(session: Any, id: int) -> str:
    return session.exec(select(Complaint.ref).where(Complaint.citizen_id == id)).one()


def _ref(session: Any, id: int) -> str:
    return session.get_one(Incident, id).complaints[0].ref


@contextmanager
def theatre(url: str, redis_url: str, folder: Path) -> Iterator[tuple[Cast, Running]]:
    with cast_of(url, redis_url) as cast:
        cast.press()  # the guest's one complaint
        with in_thread(cast, folder, redis_url) as server:
            yield cast, server


@pytest.mark.parametrize("seed", [1])
def test_every_screen_that_only_listened_equals_its_page(
    database_url: str, redis_url: str, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    with theatre(database_url, redis_url, tmp_path) as (cast, server):
        life = Life(cast, dice, [cast.pressed.id])
        for _ in range(20):
            life.step()  # pages do not start empty
        with audience(cast, server) as listeners:
            away: set[str] = set()
            for n in range(STEPS_TAKEN):
                life.step()
                if n % 10 == 0:
                    for name, listener in listeners.items():
                        listener.drain() if name not in away else None
                if n % 25 == 0:
                    away = _come_and_go(listeners, away, dice)
            for name in away:
                listeners[name].come_back()
            last = life.sentinels()
            assert [name for name, one in listeners.items() if not one.settles(last[name])] == []
        assert len(life.done) > 24, set(STEPS) - set(life.done)  # nearly every step there is
        assert sum(life.refused.values()) > 30


def _come_and_go(listeners: dict[str, Listener], away: set[str], dice: random.Random) -> set[str]:
    for name in away:
        listeners[name].come_back()
    gone = set(dice.sample(sorted(listeners), 2)) - away
    for name in gone:
        listeners[name].drain()
        listeners[name].drop()
    return gone


Seen = Callable[[int], object]  # waits until the screen has shown this event


def evening(cast: Cast, server: Running, name: str, act: Callable[[Seen], None]) -> bool:
    """Something happens while one of them listens; does the screen then equal the page?"""
    with audience(cast, server, (name,)) as listeners:
        act(lambda seq: heard_of(listeners[name], seq))
        last = Life(cast, random.Random(0)).sentinels()
        return listeners[name].settles(last[name], seconds=1)


def withdrawn(cast: Cast, seen: Seen) -> None:
    """An incident that everyone saw becomes one that few may see."""
    incident = cast.take(cast.file(), "claim", cast.ratna)
    incident = cast.take(incident, "refer", cast.ratna, agency=cast.damkar.agency_id, tier="full")
    seen(incident.seq)  # in one look with what follows, no screen would ever have had the card
    cast.take(incident, "decline", cast.damkar, note="bukan kami")
    cast.take(incident, "recategorise", cast.sari, category="OKNUM", reason="tentang petugas")


@pytest.fixture
def stage(sqlite_url: str, redis_url: str, tmp_path: Path) -> Iterator[tuple[Cast, Running]]:
    with theatre(sqlite_url, redis_url, tmp_path) as stage:
        yield stage


@pytest.mark.parametrize("name", ["hendra", "wall", "damkar"])
def test_what_is_withdrawn_leaves_the_screen(stage: tuple[Cast, Running], name: str) -> None:
    cast, server = stage
    assert evening(cast, server, name, lambda seen: withdrawn(cast, seen))


@pytest.mark.parametrize("name", ["hendra", "wall", "damkar"])
def test_with_the_visibility_filter_off_it_fails(
    stage: tuple[Cast, Running], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, server = stage
    monkeypatch.setattr(look, "seen_by", lambda incident, audience: True)
    monkeypatch.setattr(look, "card", _card_for_anybody)
    assert not evening(cast, server, name, lambda seen: withdrawn(cast, seen))


@pytest.mark.parametrize("filtered", [True, False])
def test_a_guest_hears_of_their_own_alone_and_with_the_filter_off_it_fails(
    stage: tuple[Cast, Running], monkeypatch: pytest.MonkeyPatch, filtered: bool
) -> None:
    cast, server = stage
    if not filtered:
        monkeypatch.setattr(look, "seen_by", lambda incident, audience: True)
        monkeypatch.setattr(look, "card", _card_for_anybody)

    def beside(seen: Seen) -> None:
        withdrawn(cast, lambda _: None)
        seen(cast.take(cast.pressed, "claim", cast.hendra).seq)

    assert evening(cast, server, "guest", beside) is filtered


def _card_for_anybody(incident: Incident, audience: Any, render: Any) -> list[str]:
    return [f'<li id="incident-{incident.id}" data-seq="{incident.seq}"></li>']


@pytest.mark.parametrize("name", ["hendra", "wall", "damkar"])
def test_with_removals_off_it_fails(stage: tuple[Cast, Running], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cast, server = stage
    of = look.Cards.of
    monkeypatch.setattr(look.Cards, "of", lambda *args: [one for one in of(*args) if "data-gone" not in one])
    assert not evening(cast, server, name, lambda seen: withdrawn(cast, seen))


def late(cast: Cast, server: Running) -> bool:
    """Every message comes once more, in any order: is the screen still right?"""
    with audience(cast, server, ("hendra",)) as listeners:
        incident = cast.take(cast.file(), "claim", cast.ratna)
        for step, given in (("release", {"reason": "x"}), ("claim", {}), ("resolve", {"outcome": "handled"})):
            cast.take(incident, step, cast.ratna, **given)
            hendra = heard_of(listeners["hendra"], cast.incident(incident.id).seq)
        last = Life(cast, random.Random(0)).sentinels()["hendra"]
        assert listeners["hendra"].settles(last)
        heard = [text for text in hendra.heard if text.startswith("<") and "#board" in text]
        random.Random(0).shuffle(heard)
        for text in heard:
            hendra.board.apply(text)
        return listeners["hendra"].settles(last, seconds=0)


def heard_of(listener: Listener, seq: int) -> TestScreen:
    screen = listener.screen
    assert screen
    screen.until(lambda _: f'data-seq="{seq}"' in "".join(screen.heard[-1:]))
    return screen


def test_messages_that_come_late_or_twice_change_nothing(stage: tuple[Cast, Running]) -> None:
    assert late(*stage)


def test_without_the_look_at_data_seq_it_fails(stage: tuple[Cast, Running], monkeypatch: pytest.MonkeyPatch) -> None:
    def believe(self: Board, card: Card) -> None:
        self.cards.pop(card.id, None)
        if "data-gone" not in card.attributes:
            self.cards[card.id] = card

    monkeypatch.setattr(Board, "_place", believe)
    assert not late(*stage)
