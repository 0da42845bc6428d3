"""Ink on one sheet of A4: words that are measured before they are set, lines and the signs of priorities. Points, from the top."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from console.pages.letters import LACKING, letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fpdf import FPDF

WIDTH, HEIGHT = 595.28, 841.89
INK, SOFT, PALE = 0x11, 0x55, 0xCC
LEADING = 1.25
DOTS = "…"
Colour = int | tuple[int, int, int]
RED, AMBER, BROWN, BLUE, WHITE = (179, 25, 15), (232, 178, 58), (107, 72, 0), (44, 79, 148), 255


class Pen:
    """`scale`: how large all letters and gaps are, of their usual size; `lacking`: of some letter we have no picture."""

    def __init__(self, pdf: "FPDF", scale: float):
        self.pdf, self.scale, self.lacking = pdf, scale, False
        self._known = letter().known

    def line_height(self, size: float) -> float:
        return size * self.scale * LEADING

    def width(self, words: str, size: float, bold: bool = False) -> float:
        self._face(size, bold)
        return self.pdf.get_string_width(self._had(words))

    def put(
        self, words: str, x: float, y: float, size: float,
        bold: bool = False, ink: Colour = INK, end: bool = False, middle: bool = False,
    ) -> float:  # fmt: skip
        """One line, its top at `y`, from `x` on (or up to it, or round it); how wide it is."""
        self._face(size, bold)
        said = self._had(words)
        wide = self.pdf.get_string_width(said)
        self._ink(ink)
        self.pdf.text(x - wide * (1 if end else 0.5 if middle else 0), y + size * self.scale, said)
        return wide

    def flow(
        self, words: str, x: float, y: float, width: float, size: float,
        bold: bool = False, ink: Colour = INK, lines: int = 2, indent: float = 0,
    ) -> float:  # fmt: skip
        """As many lines as it takes, at most `lines`; where the next may begin."""
        for nth, line in enumerate(self.wrapped(words, width, size, bold, lines, indent)):
            self.put(line, x + (0 if nth else indent), y, size, bold, ink)
            y += self.line_height(size)
        return y

    def wrapped(
        self, words: str, width: float, size: float, bold: bool = False, lines: int = 2, indent: float = 0
    ) -> list[str]:
        """Words that find no room on the last line end in dots."""
        found, rest = [""], words.split(" ")
        while rest:
            room = width - (0 if len(found) > 1 else indent)
            word = rest.pop(0)
            longer = f"{found[-1]} {word}" if found[-1] else word
            if self.width(longer, size, bold) <= room:
                found[-1] = longer
            elif len(found) == lines:
                found[-1] = self._shortened(longer, room, size, bold)
                break
            elif found[-1] or (len(found) == 1 and indent):
                found.append("")
                rest.insert(0, word)
            else:  # one word, wider than the line
                fits = self._most(word, room, size, bold)
                found[-1] = word[:fits]
                found.append("")
                rest.insert(0, word[fits:])
        return found

    def _shortened(self, words: str, room: float, size: float, bold: bool) -> str:
        return words[: self._most(words, room - self.width(DOTS, size, bold), size, bold)].rstrip() + DOTS

    def _most(self, words: str, room: float, size: float, bold: bool) -> int:
        """How many letters there is room for; one at least, or it would never end."""
        fits = [n for n in range(1, len(words) + 1) if self.width(words[:n], size, bold) <= room]
        return max(fits, default=1)

    def rule(self, x: float, y: float, width: float, thick: float = 0.75, ink: Colour = INK) -> None:
        self._stroke(ink, thick)
        self.pdf.line(x, y, x + width, y)

    def upright(self, x: float, y: float, height: float, thick: float = 0.75, ink: Colour = INK) -> None:
        self._stroke(ink, thick)
        self.pdf.line(x, y, x, y + height)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        self._stroke(INK, 0.75)
        self.pdf.rect(x, y, width, height)

    def fill(self, x: float, y: float, width: float, height: float, ink: Colour) -> None:
        self._fill(ink)
        self.pdf.rect(x, y, width, height, style="F")

    def mark(self, priority: int, x: float, y: float, size: float) -> None:
        """The sign of a priority, as templates/_icons.html has it."""
        wide = size * self.scale * 1.2
        draw = {1: self._diamond, 2: self._triangle, 3: self._ring}.get(priority, self._box)
        ink = draw(x, y, wide)
        top = y + wide * (0.42 if priority == 2 else 0.2)
        self.put(str(priority), x + wide / 2, top, size * 0.68, True, ink, middle=True)

    def _diamond(self, x: float, y: float, wide: float) -> Colour:
        half = wide / 2
        self._fill(RED)
        self.pdf.polygon([(x + half, y), (x + wide, y + half), (x + half, y + wide), (x, y + half)], style="F")
        return WHITE

    def _triangle(self, x: float, y: float, wide: float) -> Colour:
        self._fill(AMBER)
        self._stroke(BROWN, 0.6)
        self.pdf.polygon([(x + wide / 2, y), (x + wide, y + wide), (x, y + wide)], style="DF")
        return INK

    def _ring(self, x: float, y: float, wide: float) -> Colour:
        self._stroke(BLUE, 0.8)
        self.pdf.ellipse(x, y, wide, wide)
        return BLUE

    def _box(self, x: float, y: float, wide: float) -> Colour:
        self._stroke(SOFT, 0.8)
        self.pdf.rect(x + wide * 0.1, y + wide * 0.1, wide * 0.8, wide * 0.8)
        return SOFT

    def _had(self, words: str) -> str:
        """With a sign for each letter of which there is no picture."""
        said = "".join(one if one in self._known else LACKING for one in words)
        self.lacking = self.lacking or said != words
        return said

    def _face(self, size: float, bold: bool) -> None:
        self.pdf.set_font("letter", "B" if bold else "", size * self.scale)

    def _ink(self, ink: Colour) -> None:
        self.pdf.set_text_color(*_rgb(ink))

    def _stroke(self, ink: Colour, thick: float) -> None:
        self.pdf.set_draw_color(*_rgb(ink))
        self.pdf.set_line_width(thick)

    def _fill(self, ink: Colour) -> None:
        self.pdf.set_fill_color(*_rgb(ink))


def _rgb(ink: Colour) -> tuple[int, int, int]:
    return (ink, ink, ink) if isinstance(ink, int) else ink


@contextmanager
def blank() -> "Iterator[FPDF]":
    """An empty sheet with our letter, which fpdf reads from a file."""
    from fpdf import FPDF

    with TemporaryDirectory(prefix="siaga-") as folder:
        pdf = FPDF(unit="pt", format="A4")
        pdf.set_auto_page_break(False)
        pdf.c_margin = 0
        for style, file in letter().files.items():
            path = Path(folder) / f"letter{style}.ttf"
            path.write_bytes(file)
            pdf.add_font("letter", style, path)
        pdf.add_page()
        yield pdf
        for font in pdf.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]
