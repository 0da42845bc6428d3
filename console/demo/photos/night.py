"""The canvas: what a phone sees at night, measured in metres from where it is held.

x goes to the right, y up, z away; the phone is held at 1.5 m. Light lies on layers of its own.
"""

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

PHOTO = (1280, 960)
WIDTH, HEIGHT = 960, 720  # drawn smaller and enlarged: as soft as a cheap phone at night
EYE_M = 1.5
FOCUS = 830  # pixels that one metre takes at one metre
SMALL = 4  # light is drawn at a quarter of the size: it is blurred anyway

Colour = tuple[int, int, int]
Point = tuple[float, float]

SODIUM, LED, FLUORESCENT = (255, 176, 84), (226, 236, 255), (214, 255, 236)
RED, FLAME = (255, 40, 26), (255, 120, 30)
SIGNS = [(214, 44, 48), (28, 120, 200), (240, 190, 40), (30, 150, 90), (235, 235, 230), (226, 110, 30)]
SHIRTS = [(78, 80, 92), (116, 60, 58), (62, 74, 66), (136, 132, 124), (48, 50, 58), (134, 116, 80), (76, 88, 112)]
PAINTS = [(34, 36, 42), (150, 26, 30), (190, 192, 196), (30, 56, 110), (84, 86, 92), (28, 90, 60)]
WALLS = [(92, 86, 78), (76, 84, 82), (98, 80, 64), (70, 72, 84), (96, 94, 88), (82, 66, 62)]


class Night:
    """A canvas, the light that falls on it, and the pen that draws in metres."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lamp: Colour = rng.choice([SODIUM, SODIUM, LED])
        self.middle, self.horizon = rng.uniform(0.38, 0.62) * WIDTH, rng.uniform(0.5, 0.58) * HEIGHT
        self.image = Image.new("RGB", (WIDTH, HEIGHT))
        self.pen = ImageDraw.Draw(self.image)
        self.wide = Image.new("RGB", (WIDTH // SMALL, HEIGHT // SMALL))
        self.tight = self.wide.copy()
        self.sunk = 0.0  # metres that what is drawn now stands in water
        self.noise = Image.frombytes("L", (WIDTH, HEIGHT), rng.randbytes(WIDTH * HEIGHT))

    def at(self, x: float, y: float, z: float) -> Point:
        return self.middle + FOCUS * x / z, self.horizon + FOCUS * (EYE_M - y + self.sunk) / z

    def face(self, colour: Colour, *corners: tuple[float, float, float]) -> None:
        self.pen.polygon([self.at(*corner) for corner in corners], colour)

    def side(self, colour: Colour, x: float, low: float, high: float, near: float, far: float) -> None:
        """A piece of a wall that runs along the street."""
        self.face(colour, (x, low, near), (x, high, near), (x, high, far), (x, low, far))

    def glow(self, spot: Point, radius: float, colour: Colour, strength: float = 1.0, flat: float = 1.0) -> None:
        """Light around a spot, `radius` in pixels; flat < 1 lies on the ground."""
        x, y = spot[0] / SMALL, spot[1] / SMALL
        for layer, size, share in ((self.wide, radius, 0.5), (self.tight, radius / 3, 0.9)):
            r = max(size / SMALL, 0.8)
            left, top = max(int(x - r), 0), max(int(y - r * flat), 0)
            right, bottom = min(int(x + r) + 2, layer.width), min(int(y + r * flat) + 2, layer.height)
            if left < right and top < bottom:
                shine = Image.new("RGB", (right - left, bottom - top))
                oval = (x - r - left, y - r * flat - top, x + r - left, y + r * flat - top)
                ImageDraw.Draw(shine).ellipse(oval, dim(colour, strength * share))
                there = layer.crop((left, top, right, bottom))
                layer.paste(ImageChops.screen(there, shine), (left, top))

    def bulb(self, spot: Point, radius: float, colour: Colour, glow: float = 8.0) -> None:
        """A lamp one looks into: nearly white in the middle."""
        x, y = spot
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), mix(colour, (255, 255, 255), 0.7))
        self.glow(spot, radius * glow, colour)

    def soil(self) -> None:
        """Stains on every wall and patches on every road: stretched noise over what is drawn so far."""
        top = int(self.horizon)
        for box, cells, depth in (((0, 0, WIDTH, top), (90, 120), 1.1), ((0, top, WIDTH, HEIGHT), (110, 190), 1.3)):
            size = (box[2] - box[0], box[3] - box[1])
            stains = self.noise.resize(cells, Image.Resampling.BOX).resize(size, Image.Resampling.BILINEAR)
            stains = stains.point([max(0, min(255, int(215 + depth * (level - 128)))) for level in range(256)])
            self.image.paste(ImageChops.multiply(self.image.crop(box), Image.merge("RGB", [stains] * 3)), box[:2])

    def mirror(self, strength: float, ripple: float = 0.0) -> None:
        """The lights above the horizon, again on the wet ground below it."""
        top = int(self.horizon)
        depth = HEIGHT - top
        sky = self.image.crop((0, max(top - depth, 0), WIDTH, top)).resize((WIDTH // 2, depth // 2))
        wet = ImageOps.flip(sky).filter(ImageFilter.BoxBlur((3, 12) if not ripple else (1, 3)))
        wet = wet.point([int(level * min(1.0, level / 130) * strength) for level in range(256)] * 3)
        wet = wet.resize((WIDTH, depth), Image.Resampling.BILINEAR)
        if ripple:
            rows = [(0, y, WIDTH, min(y + 4, depth)) for y in range(0, depth, 4)]
            moved = [(row, slid(row, self.rng.gauss(0, ripple * (0.15 + row[1] / depth)))) for row in rows]
            wet = wet.transform(wet.size, Image.Transform.MESH, moved, Image.Resampling.BILINEAR)
        ground = self.image.crop((0, top, WIDTH, HEIGHT))
        self.image.paste(ImageChops.screen(ground, wet), (0, top))

    def settle(self) -> None:
        """Lets the light fall: on what is drawn so far, not on what comes after."""
        wide = self.wide.filter(ImageFilter.GaussianBlur(11))
        light = ImageChops.screen(wide, self.tight.filter(ImageFilter.GaussianBlur(2)))
        light = light.resize(self.image.size, Image.Resampling.BILINEAR)
        self.image.paste(ImageChops.screen(self.image, light))
        for layer in (self.wide, self.tight):
            layer.paste((0, 0, 0), (0, 0, *layer.size))

    def flash(self, spot: Point, reach: float) -> None:
        """The phone's own light: bright where it points, dark towards the corners."""
        fall = Image.radial_gradient("L").resize((int(reach * 2), int(reach * 2)))
        cone = Image.new("L", self.image.size, 255)
        cone.paste(fall, (int(spot[0] - reach), int(spot[1] - reach)))
        cone = cone.point([int(255 * max(0.14, 1 - (level / 255) ** 1.8)) for level in range(256)])
        self.image.paste(ImageChops.multiply(self.image, Image.merge("RGB", [cone] * 3)))

    def developed(self) -> Image.Image:
        """As it comes out of the phone: held a little crooked, enlarged, with the grain of a night shot."""
        self.settle()
        grain = self.noise.point([128 + (level - 128) // 7 for level in range(256)])
        colours = Image.merge("RGB", [ImageChops.offset(grain, shift, shift) for shift in (0, 211, 467)])
        picture = ImageChops.add(self.image, colours, 1, -128)
        picture = picture.point([int(255 * (level / 255) ** 0.86) for level in range(256)] * 3)
        picture = picture.rotate(self.rng.uniform(-1.8, 1.8), Image.Resampling.BILINEAR)
        return picture.resize(PHOTO, Image.Resampling.BILINEAR, box=(20, 15, WIDTH - 20, HEIGHT - 15))


def dim(colour: Colour, share: float) -> Colour:
    red, green, blue = (min(255, int(part * share)) for part in colour)
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (int(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def slid(box: tuple[int, int, int, int], by: float) -> tuple[float, ...]:
    left, top, right, bottom = box
    return left + by, top, left + by, bottom, right + by, bottom, right + by, top
