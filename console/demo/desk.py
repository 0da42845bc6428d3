"""What the drill's officers do about each card: taken at once or left a while, sent, arrived, closed; fires are joined."""

from dataclasses import dataclass
from random import Random
from typing import Any

from console.demo.scenes import Scene, ending
from console.demo.visitor import Cards
from console.ground.points import Place, rough_distance_m
from models.city.seed.facts import load

TAKEN_SHARE = 0.5  # of what the drill itself reported: the rest is left to whoever watches
TAKEN_SECONDS, LEFT_SECONDS, LEFT_P1_SECONDS = (20.0, 75.0), (480.0, 840.0), (180.0, 300.0)
SAME_FIRE_M = 400.0


@dataclass(frozen=True)
class Act:
    """What an officer will do about a card, and after how long."""

    after: float
    step: str
    given: dict[str, Any]
    fallback: str = ""  # a reason that is given when the law asks for one


class Desk:
    """Decides what the drill's officers do about each card; the same for the same seed and the same cards."""

    def __init__(self, seed: int, officers: set[int]):
        self._seed, self.officers = seed, officers
        self._base = {category.code: category.personnel for category in load().categories}
        # What the drill itself reported: its officers know a prank when they read one.
        self.filed: dict[Place, Scene] = {}

    def state(self, id: int, card: dict[str, str], cards: Cards) -> tuple[str, ...]:
        """What a decision rests on: when it changes, there is a new one."""
        leader = self._leader(id, card, cards)
        of_leader = (str(leader), cards[leader]["data-officer"]) if leader else ()
        return card["data-status"], card["data-officer"], str(silent(card)), *of_leader

    def decide(self, id: int, card: dict[str, str], cards: Cards) -> Act | None:
        """None: leave it alone, for it is somebody else's."""
        status, holder = card["data-status"], int(card["data-officer"] or 0)
        rng = Random(f"{self._seed} {id} {status} {card['data-officer']}")
        leader = self._leader(id, card, cards)
        if status == "new" and not leader:
            return self._take(card, rng)
        if status != "new" and holder not in self.officers:
            return Act(rng.uniform(*LEFT_SECONDS), "reclaim", {}) if silent(card) else None
        if leader and status in ("new", "claimed"):
            ours = int(cards[leader]["data-officer"] or 0) in self.officers
            return Act(rng.uniform(60, 300), "merge", {"into": leader}) if ours else None
        match status:
            case "claimed":
                return self._send(card, rng)
            case "dispatched":
                return Act(rng.uniform(150, 420), "arrive", {})
            case "on_scene":
                return Act(rng.uniform(240, 720), "resolve", ending(int(card["data-priority"]), rng))
        return None

    def _take(self, card: dict[str, str], rng: Random) -> Act:
        here = spot(card)
        scene = self.filed.get(here) if here else None
        left = LEFT_P1_SECONDS if card["data-priority"] == "1" else LEFT_SECONDS
        # What stood there before we came is for whoever watches first.
        after = rng.uniform(*(TAKEN_SECONDS if scene and rng.random() < TAKEN_SHARE else left))
        if scene and scene.prank:
            return Act(after, "dismiss", {"reason": "prank"})
        return Act(after, "claim", {})

    def _leader(self, id: int, card: dict[str, str], cards: Cards) -> int | None:
        """The first report of the same fire, when this one came later."""
        here = spot(card)
        if card["data-category"] != "KEBAKARAN" or here is None:
            return None
        fires = ((other, its) for other, its in cards.items() if other < id and its["data-category"] == "KEBAKARAN")
        placed = ((other, at) for other, its in fires if (at := spot(its)))
        return min((other for other, at in placed if rough_distance_m(here, at) < SAME_FIRE_M), default=None)

    def _send(self, card: dict[str, str], rng: Random) -> Act:
        personnel = min(8, self._base.get(card["data-category"], 2))
        if personnel == 0 or rng.random() < 0.15 or spot(card) is None:  # to nowhere nobody is sent
            return Act(rng.uniform(90, 300), "resolve", {"outcome": "handled", "note": "Diarahkan lewat pesan."})
        return Act(
            rng.uniform(30, 90), "dispatch", {"personnel": [personnel]}, "Semua yang terdekat sedang di lapangan."
        )


def silent(card: dict[str, str]) -> bool:
    return "card--silent" in card.get("class", "")


def spot(card: dict[str, str]) -> Place | None:
    """None while nobody knows where it is."""
    return Place(float(card["data-lat"]), float(card["data-lon"])) if "data-lat" in card else None
