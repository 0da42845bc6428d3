"""The weeks before the evening: pranks, and what three of them cost. Without them no strike has a reason to show."""

from collections.abc import Iterator
from random import Random

from console.demo.scenes import Scene, Where
from console.demo.story import REPORTER, Beat, Story
from console.demo.words import PRANKS

HOUR, DAY = 3600, 86_400
BLOCKED = (38, 39)  # citizens by their place in the list; nobody who is given a sign-in
PRANKSTERS = {  # how many days ago each of them tried
    8: (20,),
    15: (26, 9),
    34: (33, 12, 0.036),  # the third waits for a second officer
    38: (44, 31, 17),
    39: (40, 22, 6),
}
PLEADER, PLEA_AGO = 39, 2 * HOUR
PLEA = "Yang menekan anak saya, umur enam tahun. HP sudah saya kunci. Tolong dibuka pak, saya perlu untuk lapor."
VILLAGES = ("Babura", "Helvetia Tengah", "Tanjungsari", "Amplas")
OFFICERS = ("maruli", "yusuf", "kevin")


def before(rng: Random) -> Iterator[Story]:
    for who, days in PRANKSTERS.items():
        for nth, (ago, by) in enumerate(zip(days, OFFICERS, strict=False), start=1):
            scene = Scene("KERIBUTAN", rng.choice(PRANKS), Where.at(rng.choice(VILLAGES), "", rng), prank=True)
            begun = ago * DAY + (rng.uniform(0, 14 * HOUR) if ago > 1 else 0)
            beats = [
                Beat(rng.uniform(60, 200), by, "claim"),
                Beat(rng.uniform(240, 600), by, "dismiss", {"reason": "prank", "note": "Tidak ada kejadian."}),
            ]
            if nth == 3 and who in BLOCKED:
                beats.append(Beat(HOUR, "ratna", "confirm"))
            if nth == 3 and who == PLEADER:
                beats.append(Beat(begun - PLEA_AGO, REPORTER, "appeal", {"words": PLEA}))
            yield Story(f"prank {who} {nth}", begun, scene, who, tuple(beats))
