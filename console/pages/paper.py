"""The laporan harian as a PDF: the worded lines of daily.py on one sheet of A4, whatever the day held.

A fuller day is set smaller. Where the smallest letters are not enough, lists are cut, and each says how many more there were.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from console.pages.daily import Cell, Delay, Sheet, Table
from console.pages.figured import Bit
from console.pages.letters import LACKING
from console.pages.pen import HEIGHT, INK, PALE, SOFT, WIDTH, Pen, blank
from console.pages.words import worded

LEFT, TOP, BOTTOM = 36.0, 26.0, 22.0
FULL, GAP = WIDTH - 2 * LEFT, 18.0
HALF = (FULL - GAP) / 2
BODY, SMALL, LARGE, NAME = 7.6, 7.1, 15.0, 14.5
BAR, BETWEEN, HOURS = 68.0, 5.0, 26.0  # a bar's width, between two columns, how high the fullest hour is
SIGNED = 62.0  # how high the place for a signature is
LONG = 7  # a list that is longer stands in two columns
ALL = 10_000


class Tight(NamedTuple):
    """`scale`: of the usual size; `most`: how many rows a list has at most."""

    scale: float
    most: int


# From roomy to tight: the first that fits is taken.
TIGHT = [Tight(scale / 100, ALL) for scale in range(100, 79, -4)] + [Tight(0.8, most) for most in range(120, 0, -1)]


def pdf(sheet: Sheet) -> bytes:
    """Byte for byte the same for the same sheet."""
    usual = Daily(sheet, TIGHT[0])
    if usual.fits:
        return usual.file
    nth = bisect_left(TIGHT[:-1], True, key=lambda tight: Daily(sheet, tight).fits)
    return Daily(sheet, TIGHT[nth]).file


class Daily:
    """Drawn as soon as it is made. `y`: how far down the sheet is written."""

    def __init__(self, sheet: Sheet, tight: Tight):
        self.sheet, self.most = sheet, tight.most
        self._ = worded(sheet.locale)
        with blank() as pdf:
            self.pen, self.y = Pen(pdf, tight.scale), TOP
            self._head()
            self._five()
            self._stood_out()
            self._columns()
            self._late()
            self._facts()
            self.fits = self.y <= self._foot()
            pdf.set_title(f"{sheet.name} · {sheet.day}")
            pdf.set_subject(sheet.what)
            pdf.set_author(sheet.command)
            pdf.set_creator("Siaga")
            pdf.set_lang(sheet.locale)
            pdf.set_creation_date(sheet.counted_at)
            self.file = bytes(pdf.output()) if self.fits or tight == TIGHT[-1] else b""

    def _gap(self, points: float) -> None:
        self.y += points * self.pen.scale

    def _head(self) -> None:
        pen, sheet, height = self.pen, self.sheet, self.pen.line_height(8)
        wide = pen.width(sheet.what, 8)
        below = pen.flow(sheet.command, LEFT, self.y, FULL - wide - GAP, 8, bold=True)
        pen.put(sheet.desk, LEFT, below, 8)
        pen.put(sheet.what, LEFT + FULL, below, 8, ink=SOFT, end=True)
        self.y = below + height + 4
        pen.rule(LEFT, self.y, FULL, 1.5)
        self._gap(8)
        self.y = pen.flow(sheet.name, LEFT, self.y, FULL, NAME, bold=True)
        self.y = pen.flow(sheet.day, LEFT, self.y, FULL, 8.6)
        if sheet.unfinished:
            self.y = pen.flow(sheet.unfinished, LEFT, self.y, FULL, 8.6, bold=True)

    def _five(self) -> None:
        pen, sheet = self.pen, self.sheet
        self._gap(6)
        top, wide = self.y, FULL / len(sheet.five)
        ends = []
        for nth, five in enumerate(sheet.five):
            x, y = LEFT + nth * wide + 7, top + 5 * pen.scale
            y = pen.flow(five.step, x, y, wide - 12, BODY, ink=SOFT)
            y = pen.flow(str(five.n), x, y, wide - 12, LARGE, bold=True)
            ends.append(pen.flow(five.words, x, y, wide - 12, BODY))
        self._boxes(top, max(ends), len(sheet.five))
        self._gap(5)
        self.y = pen.flow(sheet.standing, LEFT, self.y, FULL, 8.6)

    def _boxes(self, top: float, end: float, count: int) -> None:
        height = end - top + 4 * self.pen.scale
        for nth in range(1, count):
            self.pen.upright(LEFT + nth * FULL / count, top, height, 0.6, PALE)
        self.pen.frame(LEFT, top, FULL, height)
        self.y = top + height

    def _heading(self, words: str, note: str, x: float, width: float) -> None:
        self._gap(7)
        wide = self.pen.put(words, x, self.y, 8.6, bold=True) + 6
        self.pen.flow(note, x + wide, self.y + self.pen.scale * 0.7, width - wide, 7.9, ink=SOFT, lines=1)
        self.y += self.pen.line_height(8.6) + 1

    def _stood_out(self) -> None:
        sheet, pen = self.sheet, self.pen
        if sheet.stood:
            self._heading(sheet.stood, sheet.stood_by, LEFT, FULL)
            for line in sheet.stood_out[: self.most]:
                self.y = pen.flow(line, LEFT, self.y, FULL, 8, lines=6)
            self._more(sheet.stood_out, LEFT)

    def _more(self, rows: Sequence[object], x: float) -> None:
        """How many are not on this sheet."""
        if (left := len(rows) - self.most) > 0:
            self.pen.put(self._("+%(n)s lagi, lihat di layar", n=left), x, self.y + 1, BODY, bold=True)
            self.y += self.pen.line_height(BODY) + 2

    def _columns(self) -> None:
        sheet, top, right = self.sheet, self.y, LEFT + HALF + GAP
        self._table(sheet.kinds, LEFT, HALF)
        left_end, self.y = self.y, top
        self._table(sheet.paces, right, HALF)
        self._table(sheet.posts, right, HALF)
        self._heading(sheet.hours_name, "", right, HALF)
        self._hours(right, HALF)
        self.y = max(left_end, self.y)

    def _table(self, table: Table, x: float, width: float) -> None:
        self._heading(table.name, table.note, x, width)
        rows = table.rows[: self.most]
        in_two = len(rows) > LONG and not table.total and len(table.heads) < 5
        if in_two:
            half, top = (len(rows) + 1) // 2, self.y
            part = (width - GAP) / 2
            self._rows(table, rows[:half], x, part)
            end, self.y = self.y, top
            self._rows(table, rows[half:], x + part + GAP, part)
            self.y = max(end, self.y)
        else:
            self._rows(table, rows, x, width)
        self._more(table.rows, x)
        if table.total:
            self.pen.rule(x, self.y, width)
            self._row(table.total, x, self._widths([table.heads, *rows, table.total], width))

    def _rows(self, table: Table, rows: list[list[Cell]], x: float, width: float) -> None:
        widths = self._widths([table.heads, *table.rows, *([table.total] if table.total else [])], width)
        self._row([head for head in table.heads], x, widths, INK, SOFT)
        for row in rows:
            self._row(row, x, widths)

    def _widths(self, rows: list[list[Cell]], width: float) -> list[float]:
        """Figures have what the widest wants, words have the rest."""
        rest = [max(self._wants(cell) for cell in column) for column in zip(*rows, strict=True)][1:]
        return [max(30.0, width - sum(rest)), *rest]

    def _wants(self, cell: Cell) -> float:
        if cell.bar:
            return BAR * self.pen.scale if self.pen.scale < 1 else BAR
        if cell.mark:
            return BODY * 1.2 * self.pen.scale + BETWEEN
        return 0 if cell.unseen else self.pen.width(cell.words, BODY, cell.strong) + BETWEEN

    def _row(self, cells: list[Cell], x: float, widths: list[float], line: int = PALE, ink: int = INK) -> None:
        pen, top, end = (
            self.pen,
            self.y + 1.7 * self.pen.scale,
            self.y + 1.7 * self.pen.scale + self.pen.line_height(BODY),
        )
        for cell, width in zip(cells, widths, strict=True):
            if cell.bar:
                self._bar(cell.bar, x, top, width - 2 * BETWEEN)
            elif cell.mark:
                pen.mark(cell.mark, x, top, BODY)
            elif cell.figure:
                pen.put(cell.words, x + width, top, BODY, cell.strong, ink, end=True)
            elif cell.words and not cell.unseen:
                end = max(end, pen.flow(cell.words, x, top, width - BETWEEN, BODY, cell.strong, ink))
            x += width
        self.y = end + 1.2 * pen.scale
        pen.rule(x - sum(widths), self.y, sum(widths), 0.6, line)

    def _bar(self, bar: tuple[float, float], x: float, top: float, width: float) -> None:
        high = 6.5 * self.pen.scale
        self.pen.fill(x, top + 1, width * bar[0], high, 0x77)
        self.pen.upright(x + width * bar[1], top, high + 2, 0.9)

    def _hours(self, x: float, width: float) -> None:
        pen, step, high = self.pen, width / len(self.sheet.hours), HOURS * self.pen.scale
        ground = self.y + high + pen.line_height(6.4)
        for nth, hour in enumerate(self.sheet.hours):
            left, height = x + nth * step, high * hour.height
            if hour.n:
                pen.fill(left + 1, ground - height, step - 2.5, height, SOFT)
                pen.put(str(hour.n), left + step / 2, ground - height - pen.line_height(6.4), 6.4, middle=True)
            if nth % 2 == 0:
                pen.put(hour.at, left + step / 2, ground + 1, 6.4, middle=True)
        self.y = ground + pen.line_height(6.4) + 1

    def _late(self) -> None:
        sheet, late = self.sheet, self.sheet.late[: self.most]
        self._heading(sheet.late_name, sheet.late_note, LEFT, FULL)
        if sheet.never_late:
            self.y = self.pen.flow(sheet.never_late, LEFT, self.y, FULL, 8)
        half, top = (len(late) + 1) // 2, self.y
        self._delays(late[:half], LEFT)
        end, self.y = self.y, top
        self._delays(late[half:], LEFT + HALF + GAP)
        self.y = max(end, self.y)
        self._more(sheet.late, LEFT)

    def _delays(self, late: list[Delay], x: float) -> None:
        pen, all_ = self.pen, self.sheet.late[: self.most]
        step, by, what = (
            max([0.0, *(pen.width(words, BODY, True) for words in some)]) + BETWEEN
            for some in ([one.step for one in all_], [one.by for one in all_], [one.what for one in all_])
        )
        rest = HALF - 38 - step - by
        what = min(what, rest * 0.55)
        for one in late:
            top, at = self.y + 1.7 * pen.scale, x + 38
            pen.mark(one.priority, x, top, BODY)
            pen.put(one.at, x + 14, top, BODY)
            end = pen.flow(one.what, at, top, what - BETWEEN, BODY, lines=3)
            pen.put(one.step, at + what, top, BODY)
            pen.put(one.by, at + what + step + by - BETWEEN, top, BODY, bold=True, end=True)
            end = max(end, pen.flow(one.why, at + what + step + by, top, rest - what, BODY, lines=3))
            self.y = end + 1.2 * pen.scale
            pen.rule(x, self.y, HALF, 0.6, PALE)

    def _facts(self) -> None:
        self._gap(8)
        top, facts = self.y, self.sheet.facts
        wide = FULL / len(facts)
        ends = [self._fact(name, bits, LEFT + nth * wide + 7, top, wide - 12) for nth, (name, bits) in enumerate(facts)]
        self._boxes(top, max(ends), len(facts))

    def _fact(self, name: str, bits: list[Bit], x: float, y: float, width: float) -> float:
        pen = self.pen
        y = pen.flow(name, x, y + 4 * pen.scale, width, BODY, ink=SOFT)
        for bit in bits[: self.most]:
            indent = pen.put(bit.large, x, y, 9.8, bold=True) if bit.large else 0
            words, drop = bit.words.lstrip(), 1.8 * pen.scale if bit.large else 0
            if words or bit.large:
                space = pen.width("n", BODY) / 2 if bit.words != words and indent else 0
                end = pen.flow(words, x, y + drop, width, BODY, lines=4, indent=indent + space)
                y = max(end, y + pen.line_height(9.8) if bit.large else end)
            if bit.small:
                y = pen.flow(bit.small, x, y, width, SMALL, lines=4)
        if (left := len(bits) - self.most) > 0:
            y = pen.flow(f"+{left}", x, y, width, BODY, bold=True)
        return y

    def _foot(self) -> float:
        """From the bottom up; where it begins."""
        pen, sheet = self.pen, self.sheet
        y, wide = HEIGHT - BOTTOM - pen.line_height(BODY) - 5, pen.width(sheet.counted, BODY)
        pen.rule(LEFT, y, FULL)
        pen.put(sheet.counted, LEFT + FULL, y + 5, BODY, end=True)
        at = LEFT + pen.put(sheet.record_words, LEFT, y + 5, BODY) + 3
        if sheet.record:
            at += pen.put(sheet.record, at, y + 5, BODY, bold=True) + 3
            pen.flow(f"· SHA-256 {sheet.seal}", at, y + 5, LEFT + FULL - wide - 6 - at, BODY, lines=1)
        top, right = y - SIGNED * pen.scale, LEFT + FULL - 195
        pen.put(sheet.signs[0], right, top + 4, BODY)
        pen.rule(right, y - 10 - pen.line_height(BODY), 195)
        pen.put(sheet.signs[1], right, y - 7 - pen.line_height(BODY), BODY)
        how = sheet.how
        if pen.lacking:
            how += " " + self._("%(sign)s = huruf yang tidak ada di lembar ini.", sign=LACKING)
        lines = len(pen.wrapped(how, FULL - 195 - 36, BODY, lines=4))
        pen.flow(how, LEFT, y - 7 - lines * pen.line_height(BODY), FULL - 195 - 36, BODY, ink=SOFT, lines=4)
        return top
