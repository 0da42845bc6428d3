"""The letter of staff pages as a PDF takes it: two weights, each a file of its own, cut from the one that browsers load."""

from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from console.settings import HERE

FILE = HERE / "static" / "vendor" / "roboto.woff2"  # brought by ./run.sh, as its package-lock.json has it
WEIGHTS = {"": 400, "B": 600}
# It has neither, and browsers take them from another letter. Corners, of 2048 to the letter's height.
SIGNS = {
    "→": (1900, [(150, 620), (150, 780), (1300, 780), (1300, 1050), (1780, 700), (1300, 350), (1300, 620)]),
    "▲": (1500, [(120, 100), (750, 1350), (1380, 100)]),
}
UNUSED = ("GDEF", "GPOS", "GSUB")  # kerning and ligatures, half of the time that cutting takes
LACKING = "\ufffd"


class Letter(NamedTuple):
    """`files`: by style, as fpdf names them."""

    files: dict[str, bytes]
    known: frozenset[str]


@cache
def letter() -> Letter:
    """Made with the first sheet; the libraries are loaded then, not with the server."""
    files, known = {}, frozenset[str]()
    for style, weight in WEIGHTS.items():
        font = _cut(weight)
        known = frozenset(map(chr, font.getBestCmap()))
        file = BytesIO()
        font.save(file)
        files[style] = file.getvalue()
    return Letter(files, known)


def _cut(weight: int) -> Any:
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(FILE, recalcTimestamp=False)
    for table in UNUSED:
        del font[table]
    instantiateVariableFont(font, {"wght": weight}, inplace=True)
    for sign, (width, corners) in SIGNS.items():
        _draw(font, sign, width, corners)
    font.flavor = None
    return font


def _draw(font: Any, sign: str, width: int, corners: list[tuple[int, int]]) -> None:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen, name = TTGlyphPen(None), f"uni{ord(sign):04X}"
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = (width, min(x for x, _ in corners))
    for table in font["cmap"].tables:
        table.cmap[ord(sign)] = name
