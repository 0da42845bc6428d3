"""Borders as a page gets them: each once, in steps of a hundred-thousandth of a degree; a ring is a list of borders."""

from console.ground import rings
from console.ground.outlines import Area, Border
from console.ground.rings import Plane

STEPS = 100_000
COARSE_KM = 0.15  # a neighbour's far border is a backdrop


class Borders:
    def __init__(self) -> None:
        self.drawn: list[list[int]] = []  # lat, lon, then what each corner is on from the one before
        self._numbers: dict[int, int] = {}

    def of(self, area: Area, *, coarse: bool = False) -> list[list[int]]:
        """Its rings: the number of each border in turn, ~number for one that is walked backwards (as in TopoJSON)."""
        return [
            [~n if back else n for border, back in ring for n in (self._number(border, coarse),)] for ring in area.sides
        ]

    def _number(self, border: Border, coarse: bool) -> int:
        """What was drawn finely before stays so: two neighbours must not draw their border twice."""
        if id(border) not in self._numbers:
            self._numbers[id(border)] = len(self.drawn)
            self.drawn.append(_steps(_coarser(border) if coarse else border))
        return self._numbers[id(border)]


def _steps(border: Border) -> list[int]:
    out: list[int] = []
    before = (0, 0)
    for corner in border:
        at = round(corner[0] * STEPS), round(corner[1] * STEPS)
        out += (at[0] - before[0], at[1] - before[1])
        before = at
    return out


def _coarser(border: Border) -> Border:
    """Without the corners that stray less than COARSE_KM from the line between those that stay (Douglas and Peucker)."""
    plane = Plane(*border[0])
    flat = [plane.km(*corner) for corner in border]
    stay, spans = {0, len(border) - 1}, [(0, len(border) - 1)]
    while spans:
        start, end = spans.pop()
        far = max(range(start + 1, end), key=lambda n: rings.off(flat[n], flat[start], flat[end]), default=None)
        if far is not None and rings.off(flat[far], flat[start], flat[end]) > COARSE_KM:
            stay.add(far)
            spans += [(start, far), (far, end)]
    return tuple(border[n] for n in sorted(stay))
