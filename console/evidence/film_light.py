"""More light and more colours than a screen has, brought down to it as an eye would: a table of colours for one film.

FFmpeg's own perceptual table takes eight seconds of work, for the poster and for the copy again; this one takes a
quarter of a second. Its greys are FFmpeg's, and a colour keeps its hue.
"""

import math
from bisect import bisect
from collections.abc import Callable, Iterator

PQ, HLG = 16, 18  # a frame's color_trc (ISO 23091-2): brighter than a screen can be
SIDE = 25  # colours along each edge; between them is reckoned
STEP = 0.05
# What each grey of the signal, from 0 in steps, becomes of 255. Another transfer has the light of a screen already.
GREYS = {
    HLG: (0, 12, 24, 36, 49, 62, 74, 85, 96, 106, 115, 125, 136, 147, 159, 173, 187, 203, 219, 236, 253),
    PQ: (0, 7, 13, 21, 30, 41, 53, 68, 86, 106, 125, 144, 162, 178, 193, 206, 218, 229, 238, 247, 255),
}
GAMMA = 2.4
# ITU-R BT.2020 to BT.709, of light; and how bright each of its colours is.
NARROWED = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))
BRIGHT = (0.2627, 0.6780, 0.0593)
FINE = 4096

Colour = tuple[float, float, float]


def table(transfer: int) -> str:
    """As a .cube file: red goes up first."""
    levels = [n / (SIDE - 1) for n in range(SIDE)]
    light = {level: light_of(level, transfer) for level in levels}
    grey = _greys(transfer)
    rows = (
        "{:.5f} {:.5f} {:.5f}".format(*_shown((light[red], light[green], light[blue]), grey))
        for blue in levels
        for green in levels
        for red in levels
    )
    return "\n".join((f"LUT_3D_SIZE {SIDE}", *rows, ""))


def light_of(signal: float, transfer: int) -> float:
    """1 is the brightest there is (ITU-R BT.2100)."""
    if transfer == PQ:
        power = signal ** (1 / 78.84375)
        return float((max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125))
    if transfer == HLG:
        return signal**2 / 3 if signal <= 0.5 else (math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return float(signal**GAMMA)


def _greys(transfer: int) -> Callable[[float], float]:
    """From light of the film to light of a screen."""
    signals = [n / FINE for n in range(FINE + 1)]
    lights = [light_of(signal, transfer) for signal in signals]
    becomes = [_grey(signal, transfer) ** GAMMA for signal in signals]
    return lambda light: becomes[min(bisect(lights, light), FINE)]


def _grey(signal: float, transfer: int) -> float:
    if transfer not in GREYS:
        return signal
    greys = GREYS[transfer]
    below = min(int(signal / STEP), len(greys) - 2)
    part = signal / STEP - below
    return (greys[below] * (1 - part) + greys[below + 1] * part) / 255


def _shown(light: Colour, grey: Callable[[float], float]) -> Iterator[float]:
    bright = sum(part * one for part, one in zip(BRIGHT, light, strict=True))
    if not bright:
        return iter((0.0, 0.0, 0.0))
    target = grey(bright)
    colour = [sum(a * b for a, b in zip(row, light, strict=True)) * target / bright for row in NARROWED]
    over = max(1.0, *colour)
    keeps = 1 - (over - 1) / (over - target) / 2 if over > 1 else 1.0  # too bright: half way to white, as a flame goes
    return (min(1.0, max(0.0, target + keeps * (one - target))) ** (1 / GAMMA) for one in colour)
