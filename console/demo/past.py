"""What is over: a claim, mostly a dispatch and an arrival, an end; times as a good shift would have them."""

from collections.abc import Iterator
from random import Random

from console.demo.people import STAFF
from console.demo.scenes import Scene, ending, lines
from console.demo.story import REPORTER, Beat, Story
from console.demo.words import QUESTIONS, REPLIES, THANKS
from models.city.seed.facts import load
from models.roles import Role

READ_SECONDS = 40
DUTY_LOGINS = tuple(login for login, _, _, role, _ in STAFF if role == Role.OFFICER)


def over(name: str, ago: float, scene: Scene, reporter: int, rng: Random) -> Story:
    """Within 40 minutes of its filing."""
    kind = next(one for one in load().categories if one.code == scene.category)
    by = rng.choice(DUTY_LOGINS)
    at = rng.uniform(12, 75) * kind.priority
    beats = [Beat(at, by, "claim")]
    if rng.random() < 0.3:
        beats.append(Beat(at := at + rng.uniform(15, 50), by, "ask", {"words": rng.choice(lines(QUESTIONS))}))
        beats.append(Beat(at := at + rng.uniform(20, 80), REPORTER, "reply", {"words": rng.choice(lines(REPLIES))}))
    beats += _prank(at, by, rng) if scene.prank else _handled(at, by, kind.priority, kind.personnel, rng)
    photos = (f"{scene.category}-1",) if rng.random() < 0.4 and kind.priority < 4 and not scene.prank else ()
    return Story(name, ago, scene, reporter, tuple(beats), photos)


def _prank(at: float, by: str, rng: Random) -> list[Beat]:
    return [Beat(at + rng.uniform(20, 60), by, "dismiss", {"reason": "prank", "note": "Tidak ada kejadian."})]


def _handled(at: float, by: str, urgency: int, base: int, rng: Random) -> list[Beat]:
    if base == 0 or rng.random() < 0.12:  # nobody needs to drive there
        if base and rng.random() < 0.5:
            return [Beat(at + rng.uniform(60, 300), by, "dismiss", {"reason": rng.choice(("empty", "not_police"))})]
        return [
            Beat(at + rng.uniform(120, 600), by, "resolve", {"outcome": "handled", "note": "Diarahkan lewat pesan."})
        ]
    sent = at + rng.uniform(20, 70) * urgency
    arrived = sent + rng.uniform(220, 620) * (1 if urgency == 1 else 1.6)
    left = max(arrived + 60, min(arrived + rng.uniform(420, 1500), 2100))  # even the last of them is over by now
    return [
        Beat(sent, by, "dispatch", {"n": max(1, base + rng.choice((-1, 0, 0, 0, 1))) if base < 9 else 5}),
        Beat(arrived, by, "arrive"),
        Beat(left, by, "resolve", ending(urgency, rng)),
        *_rated(left, by, rng),
    ]


def _rated(at: float, by: str, rng: Random) -> Iterator[Beat]:
    """Every second reporter says how it was, and whoever closed it reads that."""
    if rng.random() < 0.5:
        stars, words = rng.choice(lines(THANKS)).split(" | ")
        said = at + rng.uniform(40, 240)
        yield Beat(said, REPORTER, "rate", {"stars": int(stars), "words": words})
        yield Beat(said + READ_SECONDS, by, "hear_out")
