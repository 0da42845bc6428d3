"""What happened: a drawing for each kind of incident."""

from collections.abc import Callable
from random import Random

from PIL import ImageFilter

from console.demo.photos.closeups import burglary, parcel
from console.demo.photos.night import FLAME, FLUORESCENT, FOCUS, RED, Night, dim, mix
from console.demo.photos.street import street
from console.demo.photos.things import bike_across, car, crowd, flames, motorbike, person, puff, wade


def quiet(night: Night, rng: Random) -> None:
    street(night, rng)
    car(night, rng, 2.4, rng.uniform(14, 22))
    crowd(night, rng, 3, (-5, -3), (9, 20))
    motorbike(night, rng, rng.uniform(0.4, 1.6), rng.uniform(7, 10))


def fire(night: Night, rng: Random) -> None:
    """One house of the row burns; people stand and look."""
    street(night, rng, wet=0.2)
    side, z = rng.choice((-1, 1)), rng.uniform(19, 24)
    metre = FOCUS / z
    x, y = night.at(side * 6.2, 4.6, z)
    drift = rng.uniform(-0.5, 0.5)
    column = [
        (x + metre * (step * drift + rng.gauss(0, 0.5)), y - metre * (1 + step * 0.8), metre * (1 + step * 0.24))
        for step in range(11)
    ]
    puff(night, column, (66, 50, 44), 0.5)
    flames(night, rng, (x, y), metre * 3.6, metre * 5)
    flames(night, rng, night.at(side * 6.8, 0.1, z - 1), metre * 2.4, metre * 2.8)
    night.glow(night.at(side * 3, 0, z - 2), metre * 6, FLAME, 0.5, 0.25)
    night.settle()
    night.mirror(0.3)
    night.lamp = FLAME
    crowd(night, rng, 5, (-3.5, 3.5), (12, 17), arms=("down", "out", "up"), tone=0.4)
    crowd(night, rng, 4, (-2.4, 2.4), (4.6, 7), arms=("down", "down", "up"), tone=0.26)


def flood(night: Night, rng: Random) -> None:
    """Brown water from wall to wall."""
    street(night, rng, wet=0.75, ripple=7)
    deep = rng.uniform(0.4, 0.6)
    wade(night, 17, deep, lambda: car(night, rng, -2.6, 17))
    for z in sorted((rng.uniform(5.5, 15) for _ in range(6)), reverse=True):
        x, arm = rng.uniform(-3.6, 3.6), rng.choice(("down", "out"))
        wade(night, z, deep, lambda x=x, z=z, arm=arm: person(night, rng, x, z, arm=arm))  # type: ignore[misc]
    for _ in range(26):  # waves and what floats on them
        z = rng.uniform(2.6, 20)
        (x, y), long = night.at(rng.uniform(-5, 5), 0, z), rng.uniform(40, 240) / z * 3
        night.pen.line((x, y, x + long, y + 1), mix((92, 80, 62), night.lamp, rng.uniform(0, 0.4)), 1)
    night.pen.rounded_rectangle((*night.at(1.2, 0.22, 6), *night.at(1.7, 0, 6)), 6, (150, 40, 40))


def fallen_tree(night: Night, rng: Random) -> None:
    street(night, rng)
    car(night, rng, 2.2, 17, front=True)
    z = rng.uniform(8, 10)
    metre = FOCUS / z
    night.settle()
    night.pen.line(
        [night.at(-7, 1.1, z), night.at(-2, 0.7, z), night.at(2.6, 0.4, z)],
        (44, 34, 26),
        int(metre * 0.55),
        joint="curve",
    )
    night.pen.line(
        [night.at(-7, 1.3, z), night.at(-2, 0.85, z), night.at(2.6, 0.55, z)],
        (78, 62, 46),
        int(metre * 0.14),
        joint="curve",
    )
    for _ in range(14):
        foot, tip = night.at(rng.uniform(0, 2.6), 0.5, z), night.at(rng.gauss(2, 1.4), rng.uniform(0, 2), z)
        night.pen.line((foot, tip), (40, 32, 26), max(2, int(metre * 0.06)))
    for _ in range(1100):
        x, y = night.at(rng.gauss(1.9, 1.2), abs(rng.gauss(0.45, 0.6)), z + rng.uniform(-0.6, 0.5))
        r = metre * rng.uniform(0.03, 0.1)
        leaf = mix((10, 20, 12), (50, 70, 40), rng.random() ** 2.5)
        night.pen.ellipse((x - r, y - r * 0.5, x + r, y + r * 0.5), leaf)
    crowd(night, rng, 3, (-3.4, -1), (5.5, 7), arms=("down", "out", "up"))


def disaster(night: Night, rng: Random) -> None:
    rng.choice((flood, flood, fallen_tree))(night, rng)


def brawl(night: Night, rng: Random) -> None:
    """Two groups, sticks, a flare."""
    street(night, rng)
    motorbike(night, rng, -3.4, 24, 2, front=True)
    motorbike(night, rng, 3.2, 26, 2, front=True)
    flare = night.at(rng.uniform(-2, 2), 0.4, 19)
    puff(
        night,
        [(flare[0] + rng.gauss(0, 60), flare[1] - rng.uniform(0, 120), rng.uniform(30, 60)) for _ in range(7)],
        (120, 44, 38),
        0.3,
    )
    night.bulb(flare, 5, RED, 26)
    night.settle()
    crowd(night, rng, 14, (-4.6, 4.6), (13, 24), arms=("up", "up", "out"), stick=True)
    crowd(night, rng, 6, (-4.4, 4.4), (6.5, 10), arms=("up", "out"), stick=True, tone=0.45)


def robbery(night: Night, rng: Random) -> None:
    """Two on one motorbike make off; somebody runs after them."""
    street(night, rng)
    car(night, rng, -2.6, 26, front=True)
    motorbike(night, rng, rng.uniform(0.2, 1.6), rng.uniform(6.2, 7.6), 2)
    night.settle()
    side = night.image.filter(ImageFilter.BoxBlur((3, 0)))  # the phone followed in a hurry
    night.image.paste(side)
    person(night, rng, -1.9, 5.4, arm="out", turn=0.1, stride=0.15)


def theft(night: Night, rng: Random) -> None:
    """Parked motorbikes, and one that is being pushed away."""
    street(night, rng)
    for z in (19, 16.5, 14, 12):
        bike_across(night, rng, 4.6, z)
    car(night, rng, -2.8, 21)
    x, z = rng.uniform(-1.6, 0.6), rng.uniform(6.4, 7.4)
    person(night, rng, x - 0.75, z + 0.2, arm="out", turn=0.06, stride=0.13)
    bike_across(night, rng, x, z)
    person(night, rng, x + 1.3, z + 0.6, arm="down", stride=0.1)


def crash(night: Night, rng: Random) -> None:
    """A motorbike lies before a car that stands across; people have come running."""
    street(night, rng)
    motorbike(night, rng, 3.6, 20, front=True)
    crowd(night, rng, 4, (-4.5, 4.5), (12, 16), arms=("down", "out"))
    car(night, rng, rng.uniform(-1.6, -0.8), 9.5, front=True)
    night.settle()
    z = rng.uniform(5.6, 6.4)
    for _ in range(60):
        x, y = night.at(rng.gauss(0.6, 1.1), 0, rng.uniform(4.6, 8.5))
        night.pen.rectangle(
            (x, y, x + rng.randint(1, 5), y + rng.randint(1, 3)),
            rng.choice([(190, 190, 186), (140, 30, 26), (80, 84, 88)]),
        )
    bike_across(night, rng, 0.9, z, tilt=rng.choice((-16, 14, 20)))
    x, y = night.at(-0.9, 0.24, z - 0.8)
    r = FOCUS / z * 0.15
    night.pen.chord((x - r, y - r, x + r, y + r * 1.2), 170, 370, (170, 36, 34))
    night.pen.ellipse((x - r * 0.6, y - r * 0.75, x - r * 0.1, y - r * 0.35), (240, 170, 150))
    crowd(night, rng, 2, (1.9, 3.3), (6.5, 8), arms=("out", "down"))


def race(night: Night, rng: Random) -> None:
    """Motorbikes abreast, coming; the pavement full of those who watch."""
    street(night, rng)
    for side in (-1, 1):
        crowd(night, rng, 9, (side * 3.9, side * 5.4), (9, 30), arms=("down", "up", "out"))
    for z in sorted((rng.uniform(8, 24) for _ in range(8)), reverse=True):
        motorbike(night, rng, rng.uniform(-2.9, 2.9), z, rng.choice((1, 1, 2)), front=True)
    night.settle()
    motorbike(night, rng, rng.uniform(-1.4, 1.4), 6)


def stall(night: Night, rng: Random) -> None:
    """People around a food stall with a tarpaulin and one bright tube."""
    street(night, rng)
    x, z, tarp = rng.choice((-3.9, 3.9)), 10.0, rng.choice([(40, 84, 150), (170, 84, 30), (150, 36, 44)])
    night.face(dim(tarp, 0.45), (x - 1.9, 0, z + 1), (x - 1.9, 2.3, z + 1), (x + 1.9, 2.3, z + 1), (x + 1.9, 0, z + 1))
    night.face(
        dim(tarp, 0.85), (x - 2, 2.35, z - 0.9), (x - 2, 2.65, z + 1), (x + 2, 2.65, z + 1), (x + 2, 2.35, z - 0.9)
    )
    for way in (-1.9, 1.9):
        night.pen.line((night.at(x + way, 0, z - 0.9), night.at(x + way, 2.4, z - 0.9)), (90, 90, 90), 3)
    night.pen.line((night.at(x - 0.6, 2.2, z), night.at(x + 0.6, 2.2, z)), (250, 255, 250), 5)
    night.glow(night.at(x, 2.1, z), 150, FLUORESCENT, 0.8)
    night.glow(night.at(x, 0, z - 1), 230, FLUORESCENT, 0.5, 0.3)
    night.settle()
    night.face(
        (120, 116, 108),
        (x - 1.2, 0.8, z - 0.4),
        (x + 1.2, 0.8, z - 0.4),
        (x + 1.2, 0.75, z + 0.4),
        (x - 1.2, 0.75, z + 0.4),
    )
    night.face(
        (62, 50, 40),
        (x - 1.2, 0.05, z - 0.4),
        (x - 1.2, 0.76, z - 0.4),
        (x + 1.2, 0.76, z - 0.4),
        (x + 1.2, 0.05, z - 0.4),
    )
    crowd(night, rng, 6, (min(x, 0) - 0.4, max(x, 0) + 0.4), (7.5, 10), arms=("out", "down", "up"), tone=0.7)
    bike_across(night, rng, -x * 0.6, 9)


def fight(night: Night, rng: Random) -> None:
    street(night, rng)
    car(night, rng, 2.7, 22)
    middle, z = rng.uniform(-1.2, 1.2), 7.5
    crowd(night, rng, 4, (middle - 2, middle + 2), (9.5, 12), arms=("down", "up"))
    person(night, rng, middle - 0.55, z, arm="up", turn=0.12, stride=0.13)
    person(night, rng, middle + 0.5, z + 0.2, arm="out", turn=-0.14, stride=0.12)
    person(night, rng, middle + 1.5, z - 0.6, arm="out", turn=-0.08)


def rally(night: Night, rng: Random) -> None:
    """Banners above heads."""
    street(night, rng)
    for z in (22, 17, 13):
        crowd(night, rng, 9, (-4.8, 4.8), (z, z + 4), arms=("up", "down", "out"))
        for _ in range(3):
            x, cloth = rng.uniform(-4, 3.4), rng.choice([(230, 228, 220), (190, 30, 34), (230, 228, 220)])
            wide = rng.uniform(0.8, 2.2)
            night.pen.line((night.at(x, 0.8, z), night.at(x, 2.8, z)), (70, 60, 50), 2)
            night.face(dim(cloth, 0.7), (x, 2.1, z), (x, 2.8, z), (x + wide, 2.8, z), (x + wide, 2.1, z))
            for line in range(2):
                at = x + 0.1
                while at < x + wide - 0.25:
                    step = rng.uniform(0.08, 0.22)
                    night.face((40, 40, 44), (at, 2.24 + line * 0.26, z), (at, 2.4 + line * 0.26, z),
                               (at + step, 2.4 + line * 0.26, z), (at + step, 2.24 + line * 0.26, z))  # fmt: skip
                    at += step + 0.06
    crowd(night, rng, 7, (-3.6, 3.6), (5.5, 9), arms=("up", "down"), tone=0.4)


def jam(night: Night, rng: Random) -> None:
    street(night, rng)
    for z in (34, 27, 21, 16, 11.5):
        for x in (-2.9, -0.4, 2.3):
            if rng.random() < 0.85:
                car(night, rng, x + rng.uniform(-0.2, 0.2), z + rng.uniform(-1, 1), angkot=rng.random() < 0.3)
        motorbike(night, rng, rng.choice((-1.65, 1.0, 3.9)), z - 1.5)
    motorbike(night, rng, 0.9, 6.4, 2)


SCENES: dict[str, Callable[[Night, Random], None]] = {
    "KEBAKARAN": fire, "BENCANA": disaster, "TAWURAN": brawl, "CURAS": robbery, "CURANMOR": theft, "CURAT": burglary,
    "LAKA": crash, "BALAP": race, "ANIAYA": fight, "DARURAT": fight, "KERIBUTAN": stall, "JUDI": stall,
    "PERAS": stall, "NARKOBA": stall, "UNRAS": rally, "MACET": jam, "BOM": parcel, "BARANG": parcel,
}  # fmt: skip
