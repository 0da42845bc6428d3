"""Who and what is on the street: people, cars, motorbikes, smoke, fire, and water to stand in."""

from collections.abc import Callable
from random import Random
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from console.demo.photos.night import (
    FLAME,
    FOCUS,
    HEIGHT,
    LED,
    PAINTS,
    RED,
    SHIRTS,
    SMALL,
    WIDTH,
    Colour,
    Night,
    Point,
    dim,
    mix,
)


def person(
    night: Night,
    rng: Random,
    x: float,
    z: float,
    *,
    arm: str = "down",
    stick: bool = False,
    turn: float = 0.0,
    stride: float | None = None,
    tone: float = 0.55,
) -> None:
    """Somebody seen from behind, lit from one side; an arm is down, up or out, `turn` is how far they lean."""
    tall = rng.uniform(1.55, 1.76) * FOCUS / z
    stride = rng.uniform(0.02, 0.09) if stride is None else stride
    sprite = figure(rng, tall * 2, arm, stick, turn, stride).reduce(2)  # drawn twice as large: smooth edges
    solid = sprite.getchannel("A")
    shade = Image.linear_gradient("L").point([int((255 - level * 0.6) * tone) for level in range(256)])
    lit = ImageChops.multiply(sprite.convert("RGB"), Image.merge("RGB", [shade.resize(sprite.size)] * 3))
    edge = ImageChops.subtract(solid, ImageChops.offset(solid, max(1, int(tall / 110)), 1))
    lit.paste(mix(night.lamp, (60, 50, 44), 0.35), mask=edge.point([level // 2 for level in range(256)]))
    if tall > 200:  # nearer than a phone can focus while it looks at the street
        lit, solid = lit.filter(ImageFilter.GaussianBlur(1)), solid.filter(ImageFilter.GaussianBlur(1))
    shadow(night, x, z, 0.6)
    foot_x, foot_y = night.at(x, 0, z)
    night.image.paste(lit, (int(foot_x - sprite.width / 2), int(foot_y - sprite.height * 0.99)), solid)


def figure(rng: Random, tall: float, arm: str, stick: bool, turn: float, stride: float) -> Image.Image:
    """A body of that many pixels on a clear sheet, its feet at the bottom of the middle."""
    sheet = Image.new("RGBA", (int(tall * 1.3), int(tall * 1.35)))
    pen = ImageDraw.Draw(sheet)
    shirt, trousers = rng.choice(SHIRTS), rng.choice([(44, 48, 62), (70, 64, 58), (36, 36, 42)])
    skin, hair = (122, 86, 64), rng.choice([(26, 22, 22), (34, 28, 26), (70, 66, 64)])
    raised = rng.choice((-1, 1))

    def spot(side: float, up: float) -> Point:
        return sheet.width / 2 + (side + turn * up) * tall, sheet.height - (up + 0.02) * tall

    def limb(colour: Colour, thick: float, *points: Point) -> None:
        pen.line([spot(*point) for point in points], colour, max(2, int(thick * tall)), joint="curve")
        for side, up in points:
            ball(colour, side, up, thick / 2)

    def ball(colour: Colour, side: float, up: float, r: float, high: float = 1.0) -> None:
        cx, cy = spot(side, up)
        pen.ellipse((cx - r * tall, cy - r * tall * high, cx + r * tall, cy + r * tall * high), colour)

    for way in (-1, 1):
        limb((24, 24, 26), 0.05, (way * (0.05 + stride), 0.03), (way * (0.075 + stride), 0.02))
        limb(trousers, 0.095, (way * 0.045, 0.5), (way * (0.05 + stride * 0.6), 0.27), (way * (0.05 + stride), 0.06))
    limb(skin, 0.055, (0, 0.83), (0, 0.87))
    outline = [
        (-0.085, 0.46),
        (-0.095, 0.6),
        (-0.125, 0.79),
        (-0.05, 0.835),
        (0.05, 0.835),
        (0.125, 0.79),
        (0.095, 0.6),
    ]
    pen.polygon([spot(*point) for point in [*outline, (0.085, 0.46)]], shirt)
    for way in (-1, 1):
        out, up = {"down": (0.03, 0.44), "up": (0.16, 1.08), "out": (0.3, 0.7)}[arm if way == raised else "down"]
        elbow, hand = (way * (0.14 + out * 0.6), 0.87 if up > 0.9 else 0.62), (way * (0.125 + out), up)
        limb(skin, 0.042, elbow, hand)
        limb(shirt, 0.068, (way * 0.108, 0.782), (way * (0.12 + out * 0.3), (0.782 + elbow[1]) / 2))
        limb(skin, 0.046, (way * (0.12 + out * 0.3), (0.76 + elbow[1]) / 2), elbow)
        ball(skin, *hand, 0.028)
        if stick and way == raised:
            limb((120, 104, 80), 0.02, hand, (hand[0] + way * 0.16, min(hand[1] + 0.34, 1.3)))
    ball(skin, 0, 0.9, 0.055, 1.2)
    ball(hair, 0, 0.92, 0.06, 1.15)
    return sheet


def shadow(night: Night, x: float, z: float, width_m: float) -> None:
    (cx, cy), half = night.at(x, 0, z), width_m * FOCUS / z / 2
    night.pen.ellipse((cx - half, cy - half * 0.16, cx + half, cy + half * 0.16), (12, 12, 14))


def car(night: Night, rng: Random, x: float, z: float, *, front: bool = False, angkot: bool = False) -> None:
    """A car from behind (red lights) or from the front (white ones)."""
    paint, high = ((196, 160, 30), 1.95) if angkot else (rng.choice(PAINTS), rng.uniform(1.42, 1.75))
    paint, metre = dim(paint, rng.uniform(0.42, 0.6)), FOCUS / z

    def box(left: float, low: float, right: float, top: float, colour: Colour, round_m: float = 0.06) -> None:
        (x0, y0), (x1, y1) = night.at(x + left, top, z), night.at(x + right, low, z)
        night.pen.rounded_rectangle((x0, y0, x1, y1), round_m * metre, colour)

    shadow(night, x, z, 2.3)
    for way in (-1, 1):
        box(way * 0.66 - 0.12, 0, way * 0.66 + 0.12, 0.5, (10, 10, 12))
    night.face(dim(paint, 0.8), *((x + side, up, z) for side, up in
               ((-0.84, 0.85), (-0.66, high), (0.66, high), (0.84, 0.85))))  # fmt: skip
    night.face((22, 26, 34), *((x + side, up, z) for side, up in
               ((-0.72, 0.92), (-0.58, high - 0.1), (0.58, high - 0.1), (0.72, 0.92))))  # fmt: skip
    night.face((52, 60, 74), *((x + side, up, z) for side, up in
               ((-0.6, 0.95), (-0.5, high - 0.14), (-0.2, high - 0.14), (-0.42, 0.95))))  # fmt: skip
    box(-0.88, 0.24, 0.88, 0.98, paint, 0.12)
    box(-0.88, 0.24, 0.88, 0.44, dim(paint, 0.6), 0.08)
    box(-0.24, 0.5, 0.24, 0.64, (26, 26, 28) if not front else (180, 180, 176), 0.02)
    for way in (-1, 1):
        spot = night.at(x + way * 0.68, 0.74, z)
        if front:
            night.bulb(spot, 0.09 * metre, LED, 9)
            night.glow(night.at(x + way * 0.68, 0, z * 0.8), 1.2 * metre, LED, 0.5, 0.3)
        else:
            box(way * 0.68 - 0.13, 0.68, way * 0.68 + 0.13, 0.82, (255, 70, 50), 0.03)
            night.glow(spot, 0.55 * metre, RED, 0.8)
            night.glow(night.at(x + way * 0.68, -0.25, z), 0.7 * metre, RED, 0.3, 0.6)


def motorbike(night: Night, rng: Random, x: float, z: float, riders: int = 1, *, front: bool = False) -> None:
    """A motorbike in line with the street, from behind or coming."""
    metre = FOCUS / z
    shadow(night, x, z, 0.9)

    def part(side: float, low: float, half: float, top: float, colour: Colour, round_m: float = 0.1) -> None:
        (x0, y0), (x1, y1) = night.at(x + side - half, top, z), night.at(x + side + half, low, z)
        night.pen.rounded_rectangle((x0, y0, x1, y1), round_m * metre, colour)

    paint, shirt, helmet = rng.choice(PAINTS), rng.choice(SHIRTS), rng.choice(PAINTS)
    part(0, 0, 0.07, 0.6, (12, 12, 14))
    part(0, 0.42, 0.19, 0.86, dim(paint, 0.5))
    for way in (-1, 1):
        part(way * 0.36, 0.96, 0.1, 1.02, (20, 20, 22), 0.02)  # handlebar
        part(way * 0.36, 1.06, 0.06, 1.2, (40, 44, 50), 0.03)  # mirror
    for number in range(riders):
        up = 0.06 * number
        tone = 0.5 + 0.1 * number
        for way in (-1, 1):
            part(way * 0.2, 0.34, 0.085, 0.86, (22, 22, 28))
            part(way * 0.29, 0.92, 0.075, 1.3 + up, dim(shirt, tone * 0.85), 0.07)
        part(0, 0.76, 0.25, 1.4 + up, dim(shirt, tone), 0.12)
        part(0, 1.36 + up, 0.135, 1.68 + up, dim(helmet, tone + 0.1), 0.13)
        part(-0.05, 1.56 + up, 0.05, 1.64 + up, dim(night.lamp, 0.5), 0.04)
        shirt, helmet = rng.choice(SHIRTS), rng.choice(PAINTS)
    if front:
        night.bulb(night.at(x, 0.88, z), 0.075 * metre, LED, 11)
        night.glow(night.at(x, 0, z * 0.8), 1.1 * metre, LED, 0.5, 0.3)
    else:
        part(0, 0.66, 0.1, 0.74, (255, 60, 44), 0.03)
        night.glow(night.at(x, 0.7, z), 0.42 * metre, RED, 0.9)
        night.glow(night.at(x, -0.2, z), 0.5 * metre, RED, 0.35, 0.7)


def bike_across(night: Night, rng: Random, x: float, z: float, tilt: float = 0.0) -> None:
    """A motorbike seen from its side: parked, pushed, or (tilt in degrees) lying on the road."""
    metre, paint = FOCUS / z, dim(rng.choice(PAINTS[1:]), 0.6)
    unit = 100  # drawn at 100 pixels a metre, then scaled
    sprite = Image.new("RGBA", (230, 130))
    pen = ImageDraw.Draw(sprite)
    for centre in (48, 178):
        pen.ellipse((centre - 29, 66, centre + 29, 124), (14, 14, 16, 255))
        pen.ellipse((centre - 18, 77, centre + 18, 113), (58, 58, 62, 255))
        pen.ellipse((centre - 5, 90, centre + 5, 100), (20, 20, 22, 255))
    pen.line([(178, 95), (160, 40), (150, 24)], (70, 70, 76, 255), 7)
    pen.polygon([(20, 52), (36, 42), (116, 46), (138, 62), (160, 38), (170, 52), (150, 96), (84, 98), (60, 74)],
                (*paint, 255))  # fmt: skip
    pen.polygon([(84, 98), (150, 96), (138, 108), (92, 110)], (36, 36, 40, 255))
    pen.polygon([(22, 46), (40, 34), (112, 38), (120, 47), (36, 50)], (18, 18, 22, 255))
    pen.polygon([(38, 58), (100, 60), (88, 66), (44, 64)], (*mix(paint, night.lamp, 0.45), 255))
    pen.line([(138, 22), (160, 26)], (24, 24, 26, 255), 6)
    pen.ellipse((156, 34, 174, 50), (*dim(LED, 0.6), 255))
    pen.rectangle((16, 48, 24, 56), (150, 30, 24, 255))
    if rng.random() < 0.5:
        sprite = ImageOps.mirror(sprite)
    if tilt:
        sprite = sprite.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
        sprite = sprite.resize((sprite.width, int(sprite.height * 0.62)))
    size = (max(1, int(sprite.width * metre / unit)), max(1, int(sprite.height * metre / unit)))
    sprite = sprite.resize(size, Image.Resampling.BILINEAR)
    shadow(night, x, z, 2.1)
    cx, cy = night.at(x, 0, z)
    night.image.paste(sprite, (int(cx - size[0] / 2), int(cy - size[1] + 0.05 * metre)), sprite)


def crowd(night: Night, rng: Random, count: int, xs: tuple[float, float], zs: tuple[float, float], **how: Any) -> None:
    """People at random places, the far ones first."""
    arms = how.pop("arms", ("down", "down", "out"))
    for z in sorted((rng.uniform(*zs) for _ in range(count)), reverse=True):
        person(night, rng, rng.uniform(*xs), z, arm=rng.choice(arms), **how)


def puff(night: Night, spots: list[tuple[float, float, float]], colour: Colour, thick: float) -> None:
    """Smoke: soft balls (x, y, radius in pixels), each letting some of what is behind shine through."""
    veil = Image.new("L", night.wide.size)
    for x, y, r in spots:
        ball = Image.new("L", veil.size)
        ImageDraw.Draw(ball).ellipse([v / SMALL for v in (x - r, y - r, x + r, y + r)], int(255 * thick))
        veil = ImageChops.screen(veil, ball)
    veil = veil.filter(ImageFilter.GaussianBlur(5)).resize(night.image.size, Image.Resampling.BILINEAR)
    night.image.paste(colour, (0, 0), veil)


def flames(night: Night, rng: Random, spot: Point, width: float, height: float) -> None:
    """Fire standing on a spot, sizes in pixels: red and large below, yellow and small on top of it."""
    left, top = int(spot[0] - width * 1.1), int(spot[1] - height * 1.25)
    size = (int(width * 2.2), int(height * 1.5))
    layer = Image.new("RGB", (size[0] // 2, size[1] // 2))
    pen = ImageDraw.Draw(layer)
    tongues = [
        (rng.gauss(0, 0.26), rng.uniform(0.45, 1), rng.uniform(-0.2, 0.2), rng.gauss(0, 0.05)) for _ in range(16)
    ]
    for reach, colour, thin in ((1, (170, 34, 6), 1), (0.8, (235, 90, 14), 0.75), (0.58, (255, 170, 50), 0.5),
                                (0.36, (255, 236, 170), 0.3)):  # fmt: skip
        for side, high, drift, foot in tongues:
            tall = height * high * reach * max(0.3, 1 - abs(side) * 1.2)
            for t in (step / 15 for step in range(16)):
                x = spot[0] - left + width * (side + drift * t * t + rng.gauss(0, 0.012))
                y = spot[1] - top - tall * t + height * foot
                r = width * 0.13 * thin * (1 - t) ** 0.8 * (0.6 + high * 0.5) + 1
                pen.ellipse([v / 2 for v in (x - r, y - r * 1.5, x + r, y + r * 1.2)], colour)
    fire = layer.filter(ImageFilter.GaussianBlur(3)).resize(size, Image.Resampling.BILINEAR)
    there = night.image.crop((left, top, left + size[0], top + size[1]))
    night.image.paste(ImageChops.screen(there, fire), (left, top))
    night.glow((spot[0], spot[1] - height * 0.35), max(width, height) * 1.2, FLAME, 0.4)
    night.glow((spot[0], spot[1] - height * 0.3), width * 0.5, (255, 170, 80), 0.4)
    for _ in range(40):
        x, y = spot[0] + rng.gauss(0, width * 0.6), spot[1] - height * rng.uniform(0.3, 1.7)
        night.pen.ellipse((x, y, x + rng.choice((1, 2, 3)), y + 2), (255, 200, 110))


def wade(night: Night, z: float, deep: float, draw: Callable[[], None]) -> None:
    """Draws something `deep` metres lower, and the water again over what is under it."""
    y = int(night.at(0, 0, z)[1])
    water = night.image.crop((0, y, WIDTH, HEIGHT))
    night.sunk = deep
    draw()
    night.sunk = 0.0
    night.image.paste(water, (0, y))
