"""A street of shop houses, as most of Medan has them: sky, walls, signs, road, cables, lamps."""

from random import Random

from PIL import Image

from console.demo.photos.night import FLUORESCENT, HEIGHT, LED, SIGNS, SODIUM, WALLS, WIDTH, Night, dim, mix


def street(night: Night, rng: Random, *, wet: float = 0.25, lamps: bool = True, ripple: float = 0.0) -> None:
    """Sky, shop houses on both sides, road, cables and lamps."""
    sky(night, rng)
    for x in (-7.5, 7.5):
        houses(night, rng, x)
    ground(night, rng, water=ripple > 0)
    night.soil()
    cables(night, rng)
    if lamps:
        for z in (46, 30, 17, 9.5):
            street_lamp(night, -5.6 if z != 17 else 5.6, z)
    night.settle()
    night.mirror(wet, ripple)


def sky(night: Night, rng: Random) -> None:
    top, low = rng.choice([((6, 8, 20), (58, 42, 40)), ((8, 10, 26), (44, 44, 62)), ((10, 9, 16), (70, 48, 34))])
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        column.putpixel((0, y), mix(top, low, (y / 63) ** 2))
    night.image.paste(column.resize((WIDTH, int(night.horizon) + 2), Image.Resampling.BICUBIC))
    x = -60.0
    while x < WIDTH:  # the far city
        width, height = rng.uniform(30, 110), rng.uniform(20, 130)
        night.pen.rectangle((x, night.horizon - height, x + width, night.horizon), dim(low, rng.uniform(0.3, 0.6)))
        for _ in range(int(width * height / 500)):
            wx, wy = rng.uniform(x + 4, x + width - 6), night.horizon - rng.uniform(8, height - 4)
            night.pen.rectangle((wx, wy, wx + 3, wy + 3), dim(rng.choice([SODIUM, LED]), rng.uniform(0.3, 0.7)))
        x += width * rng.uniform(0.7, 1.3)


def houses(night: Night, rng: Random, x: float) -> None:
    """A row of ruko: shop below, home above, each its own colour, height and luck."""
    row = []
    z = 3.2
    while z < 70:
        row.append((z, z + rng.uniform(4.2, 5.2)))
        z = row[-1][1]
    for near, far in reversed(row):
        shade = max(0.22, 0.62 - near / 120)
        high, wall = rng.uniform(7.5, 11.5), dim(rng.choice(WALLS), shade)
        night.side(wall, x, 0, high, near, far)
        night.face(dim(wall, 0.6), (x, high, near), (x, high + 0.35, near), (x, high + 0.35, far), (x, high, far))
        night.side(dim(wall, 0.75), x, high - 0.5, high, near, far)
        inner = (far - near) * 0.1
        for floor in range(1, int((high - 1) // 3.2) + 1):
            for slot in range(2):
                a = near + inner + slot * (far - near) * 0.46
                lit = rng.random() < 0.3
                pane = (
                    dim(rng.choice([SODIUM, FLUORESCENT]), rng.uniform(0.45, 0.8)) if lit else dim((30, 34, 44), shade)
                )
                night.side(pane, x, floor * 3.2 + 0.9, floor * 3.2 + 2.3, a, a + (far - near) * 0.32)
                night.side(dim(wall, 0.5), x, floor * 3.2 + 1.55, floor * 3.2 + 1.62, a, a + (far - near) * 0.32)
        shop(night, rng, x, near, far, shade)


def shop(night: Night, rng: Random, x: float, near: float, far: float, shade: float) -> None:
    near, far = near + 0.3, far - 0.3
    if rng.random() < 0.4:  # open: light falls out
        light = rng.choice([FLUORESCENT, SODIUM, LED])
        night.side(dim(light, 0.8), x, 0, 2.7, near, far)
        for _ in range(7):
            a = rng.uniform(near, far - 0.4)
            low = rng.uniform(0, 1.6)
            night.side(dim(rng.choice(SIGNS), rng.uniform(0.3, 0.8)), x, low, low + rng.uniform(0.3, 0.9), a, a + 0.4)
        night.glow(night.at(x * 0.86, 0, (near + far) / 2), 1100 / near, light, 0.42, 0.3)
    else:
        steel = dim(rng.choice([(96, 100, 104), (70, 84, 96), (104, 92, 72)]), shade)
        night.side(steel, x, 0, 2.7, near, far)
        for slat in range(1, 12):
            night.side(dim(steel, 0.78), x, slat * 0.225, slat * 0.225 + 0.05, near, far)
    if rng.random() < 0.75:
        sign, lit = rng.choice(SIGNS), rng.random() < 0.55
        night.side(dim(sign, 0.95 if lit else shade * 0.7), x * 0.985, 2.85, 3.75, near, far)
        letter = (250, 250, 245) if sum(sign) < 520 else (40, 40, 60)
        a = near + 0.5
        while a < far - 0.6:  # letters one cannot read from here
            step = rng.uniform(0.18, 0.4)
            night.side(dim(letter, 0.9 if lit else shade), x * 0.983, 3.12, 3.5, a, a + step)
            a += step + 0.14
        if lit:
            night.glow(night.at(x, 3.3, (near + far) / 2), 680 / near, sign, 0.5)


def ground(night: Night, rng: Random, water: bool = False) -> None:
    top = int(night.horizon)
    near, far = ((44, 38, 30), (74, 62, 48)) if water else ((34, 34, 37), (60, 56, 54))
    column = Image.new("RGB", (1, 32))
    for y in range(32):
        column.putpixel((0, y), mix(far, near, (y / 31) ** 0.5))
    night.image.paste(column.resize((WIDTH, HEIGHT - top), Image.Resampling.BICUBIC), (0, top))
    if water:
        return
    for x in (-7.5, 7.5):
        night.face((62, 58, 54), (x, 0, 2), (x * 0.72, 0.0, 2), (x * 0.72, 0.0, 80), (x, 0, 80))
        night.face((104, 100, 92), (x * 0.72, 0, 2), (x * 0.7, 0, 2), (x * 0.7, 0, 80), (x * 0.72, 0, 80))
    z = 2.6 + rng.random()
    while z < 60:
        night.face((150, 148, 138), (-0.08, 0, z), (0.08, 0, z), (0.08, 0, z + 2), (-0.08, 0, z + 2))
        z += 4.5


def cables(night: Night, rng: Random) -> None:
    """No street of Medan without them."""
    for line in range(7):
        x, y = 5.9 + rng.uniform(-0.3, 0.3), 6.2 + line * 0.28
        points = []
        for z in range(3, 47):
            sag = 0.5 * (1 - (2 * ((z - 3) % 14) / 14 - 1) ** 2)
            points.append(night.at(x, y - sag, z))
        night.pen.line(points, (10, 10, 14), 2)
    for z in (45, 31, 17):
        (x, low), (_, high) = night.at(5.9, 0, z), night.at(5.9, 8.6, z)
        night.pen.line((x, low, x, high), (26, 25, 27), max(2, int(140 / z)))


def street_lamp(night: Night, x: float, z: float) -> None:
    foot, top, head = night.at(x, 0, z), night.at(x, 6.8, z), night.at(x * 0.72, 7.1, z)
    night.pen.line((foot, top, head), (32, 32, 34), max(2, int(80 / z)), joint="curve")
    night.bulb(head, max(2, 110 / z), night.lamp, 9)
    night.glow(night.at(x * 0.62, 0, z), 2500 / z, night.lamp, 0.55, 0.22)
