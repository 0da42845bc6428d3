"""Scenes: what people of Medan report on an evening, and where, drawn from the words of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from console.demo.words import CALM, CLOSING, FIRE, PLACES, PRANKS, WEIGHTS, WORDS
from models.city.seed.facts import Village, load

PRANK_SHARE = 0.05
SPREAD_DEGREES = 0.0012  # about 130 m around a village's centre: inside nearly all of them


@dataclass(frozen=True)
class Where:
    """A spot near the middle of a village, and what people there would call it. Not `told`: these words are all that
    was sent of it, and no gazetteer knows them."""

    lat: float
    lon: float
    village: str
    landmark: str
    told: bool = True

    @classmethod
    def at(cls, village: str, landmark: str, rng: Random) -> "Where":
        centre = _villages()[village]
        lat, lon = (
            round(degrees + rng.uniform(-SPREAD_DEGREES, SPREAD_DEGREES), 6) for degrees in (centre.lat, centre.lon)
        )
        return cls(lat, lon, village, landmark)


@dataclass(frozen=True)
class Scene:
    category: str
    words: str
    where: Where
    prank: bool = False


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def scenes(rng: Random) -> Iterator[Scene]:
    """An endless evening. No words come twice before all of their category have come."""
    places = _shuffled(lines(PLACES), rng)
    words = {category: _shuffled(lines(text), rng) for category, text in WORDS.items()}
    pranks = _shuffled(list(PRANKS), rng)
    while True:
        category = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        village, landmark = next(places).split(" | ")
        prank = rng.random() < PRANK_SHARE
        yield Scene(category, next(pranks if prank else words[category]), Where.at(village, landmark, rng), prank)


def fire(rng: Random) -> list[Scene]:
    """Twelve people about one fire: other words, other places to stand, one incident."""
    centre = Where.at("Kota Matsum II", "", rng)
    stands = ("Jl. Puri, gang Bersama", "Jl. A.R. Hakim, dari jembatan", "Jl. Puri, belakang mesjid", "Jl. Ismailiyah")
    return [
        Scene(
            "KEBAKARAN",
            words,
            Where(
                centre.lat + rng.uniform(-0.001, 0.001),
                centre.lon + rng.uniform(-0.001, 0.001),
                centre.village,
                rng.choice(stands),
            ),
        )
        for words in lines(FIRE)
    ]


def ending(priority: int, rng: Random) -> dict[str, str]:
    """How it came out: outcome and note, as `resolve` takes them."""
    outcome, note = rng.choice(lines(CLOSING if priority < 3 else CALM)).split(" | ")
    return {"outcome": outcome, "note": note}


def _shuffled(things: list[str], rng: Random) -> Iterator[str]:
    while True:
        rng.shuffle(things)
        yield from things


@cache
def _villages() -> dict[str, Village]:
    return {village.name: village for village in load().villages}
