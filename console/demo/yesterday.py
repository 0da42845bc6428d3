"""The two full days before the evening, seven to seven: what the paper of yesterday tells, and what it is compared with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from console.demo.before import BLOCKED
from console.demo.past import over
from console.demo.people import KNOWN_CITIZENS
from console.demo.scenes import Scene, Where, scenes
from console.demo.story import Beat, Story
from models.reading.periods import Period, period
from models.time import as_of

DAYS = (34, 41)  # how many were filed on each; the later last
BY_HOUR = (3, 3, 2, 2, 2, 3, 2, 2, 3, 3, 3, 4, 6, 7, 7, 6, 5, 4, 3, 2, 2, 1, 1, 1)  # from seven on: how likely
LATEST = timedelta(minutes=40)  # before now: whatever is told here is over by then
PAWAS, WHY = "ratna", "Dua laporan datang bersamaan, yang lain didahulukan."
FIRE_AT = timedelta(hours=14, minutes=10)  # after seven
FIRE = "Rumah papan terbakar, api merambat ke dinding tetangga. Penghuni sudah keluar semua."
WRITTEN = timedelta(hours=23, minutes=40)  # after seven: before the paper is due
STOOD_OUT = """Kebakaran rumah papan di Kota Matsum II pukul 21.10, tidak ada korban jiwa.
Jl. A.R. Hakim ditutup 40 menit untuk mobil pemadam, arus dialihkan Lantas."""


def last_day(start: datetime) -> Period:
    with as_of(start):
        return period("day")


def days_before(rng: Random, start: datetime) -> Iterator[Story]:
    day, drawn = last_day(start), scenes(rng)
    for of, count in zip((day.before, day), DAYS, strict=True):
        for n, after in enumerate(sorted(_moments(rng, count))):
            at = min(of.begins + timedelta(seconds=after), start - LATEST)
            reporter = rng.randrange(KNOWN_CITIZENS, min(BLOCKED))
            yield _explained(over(f"{of.on} {n}", (start - at).total_seconds(), next(drawn), reporter, rng))
    yield _fire(rng, start - (day.begins + FIRE_AT))


def _moments(rng: Random, count: int) -> Iterator[float]:
    for hour in rng.choices(range(24), BY_HOUR, k=count):
        yield 3600 * (hour + rng.random())


def _explained(story: Story) -> Story:
    """Whoever came late to a P1 is asked why; the supervisor writes it down when all is over."""
    claim, last = story.beats[0], story.beats[-1]
    if claim.step != "claim" or claim.after <= 60 or last.step != "resolve":
        return story
    return replace(story, beats=(*story.beats, Beat(last.after + 30, PAWAS, "explain", {"reason": WHY})))


def _fire(rng: Random, ago: timedelta) -> Story:
    scene = Scene("KEBAKARAN", FIRE, Where.at("Kota Matsum II", "Jl. Puri, gang papan", rng))
    beats = (
        Beat(28, "maruli", "claim"),
        Beat(66, "maruli", "dispatch", {"n": 8, "modifier": ["fire"]}),
        Beat(72, "maruli", "refer", {"agency": "DAMKARMAT", "tier": "full", "note": "Masuk dari Jl. A.R. Hakim."}),
        Beat(160, "damkarmat", "accept", {"note": "Dua unit meluncur."}),
        Beat(410, "maruli", "arrive"),
        Beat(2900, "damkarmat", "finish", {"note": "Api padam, pendinginan selesai."}),
        Beat(3100, "maruli", "resolve", {"outcome": "handled", "note": "Tidak ada korban jiwa."}),
    )
    return Story("the fire of yesterday", ago.total_seconds(), scene, 22, beats)
