"""What one photographs from two steps away, by the phone's own light."""

from random import Random

from console.demo.photos.night import HEIGHT, LED, SIGNS, WALLS, WIDTH, Night, dim, mix


def burglary(night: Night, rng: Random) -> None:
    """A shop's roller door, forced; seen by the phone's own light."""
    wall = dim(rng.choice(WALLS), 1.5)
    night.image.paste(wall, (0, 0, WIDTH, HEIGHT))
    night.horizon = HEIGHT * 0.8
    steel = rng.choice([(150, 154, 158), (96, 122, 150), (150, 130, 96)])
    left, right, floor = WIDTH * 0.16, WIDTH * 0.86, HEIGHT * 0.8
    high, way, bend = rng.uniform(0.3, 0.42) * HEIGHT, rng.choice((-1, 1)), rng.uniform(0.25, 0.4)
    xs = [left + (right - left) * i / 24 for i in range(25)]
    share = [min(1.0, max(0.0, (i / 24 if way > 0 else 1 - i / 24) - bend) / (1 - bend)) for i in range(25)]
    lift = [high * t**1.3 + rng.uniform(4, 9) for t in share]  # torn up on one side
    night.pen.rectangle((left, 0, right, floor), (9, 9, 11))
    for _ in range(9):  # shelves inside, ransacked
        x, y = rng.uniform(left + 40, right - 90), floor - rng.uniform(4, high * 0.8)
        night.pen.rectangle((x, y, x + rng.uniform(20, 60), y + rng.uniform(6, 24)), dim(rng.choice(SIGNS), 0.26))
    slats = int(floor / 22)
    for slat in range(slats):
        parts = ((slat + part) / slats for part in (0, 0.72, 1))
        upper, groove, lower = ([floor * down - up * down**3 for up in lift] for down in parts)
        for top, low, tone in ((upper, lower, 0.92), (groove, lower, 0.6), (upper, [y + 3 for y in upper], 1.15)):
            night.pen.polygon([*zip(xs, top, strict=True), *reversed([*zip(xs, low, strict=True)])], dim(steel, tone))
    night.pen.line([*zip(xs, lower, strict=True)], dim(steel, 1.3), 7, joint="curve")
    middle = WIDTH / 2 + way * WIDTH * 0.14
    for x in (left, right):
        night.pen.rectangle((x - 14, 0, x + 14, floor), dim(steel, 0.5))
    night.pen.rectangle((0, floor, WIDTH, HEIGHT), (118, 110, 100))
    for x in range(-600, WIDTH + 600, 120):
        night.pen.line(
            (WIDTH / 2 + (x - WIDTH / 2) * 0.8, floor, WIDTH / 2 + (x - WIDTH / 2) * 1.7, HEIGHT), (88, 82, 76), 3
        )
    night.pen.line((0, floor + 50, WIDTH, floor + 50), (88, 82, 76), 3)
    for _ in range(46):  # glass
        x, y, r = middle + rng.gauss(0, 190), floor + rng.uniform(6, 130), rng.uniform(3, 15)
        night.pen.polygon(
            [(x + rng.uniform(-r, r), y + rng.uniform(-r, r) * 0.5) for _ in range(3)],
            rng.choice([(206, 224, 226), (150, 172, 176), (236, 244, 244)]),
        )
    x, y = middle + 170, floor + 60
    night.pen.rounded_rectangle((x, y, x + 38, y + 28), 5, (190, 160, 70))
    night.pen.arc((x + 4, y - 26, x + 32, y + 14), 150, 340, (200, 202, 206), 6)
    night.soil()
    night.flash((middle, HEIGHT * 0.56), WIDTH * 0.62)
    night.glow((middle - 90, HEIGHT * 0.3), 90, LED, 0.2)


def parcel(night: Night, rng: Random) -> None:
    """A bag that nobody owns, before a shop."""
    night.horizon = HEIGHT * 0.3
    night.image.paste((74, 70, 64), (0, 0, WIDTH, HEIGHT))
    night.pen.rectangle((0, 0, WIDTH, night.horizon), (96, 92, 84))
    for row in range(12):
        y = night.horizon + 8 * (1.42**row)
        night.pen.line((0, y, WIDTH, y), (50, 47, 43), 3)
    for column in range(-20, 21):
        night.pen.line((WIDTH / 2 + column * 46, night.horizon, WIDTH / 2 + column * 240, HEIGHT), (50, 47, 43), 3)
    x, y = WIDTH * rng.uniform(0.4, 0.58), HEIGHT * 0.66
    bag = rng.choice([(44, 46, 52), (70, 58, 40), (38, 52, 72)])
    night.pen.ellipse((x - 190, y - 30, x + 190, y + 34), (26, 24, 22))
    night.pen.arc((x - 80, y - 270, x + 80, y - 90), 175, 365, dim(bag, 0.7), 14)
    night.pen.rounded_rectangle((x - 160, y - 200, x + 160, y + 8), 44, bag)
    night.pen.rounded_rectangle((x - 150, y - 192, x + 30, y - 130), 30, mix(bag, LED, 0.16))
    night.pen.rounded_rectangle((x - 100, y - 110, x + 100, y - 8), 22, dim(bag, 0.75))
    for low in (-120, -188):
        night.pen.line((x - 140, y + low, x + 140, y + low), mix(bag, LED, 0.4), 3)
    night.soil()
    night.flash((x, y - 90), WIDTH * 0.58)
