"""Sheets as people save them: from an Indonesian Excel with semicolons, decimal commas or UTF-16, or by a program."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from console.ground.files import WrongFile, read_all

SHEETS = {".csv", ".tsv", ".txt", ".xls", ".xlsx", ".ods"}  # the last three to say what helps
SEPARATORS = ",;\t|"
SEP = "sep="  # Excel's own first line
WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16: what Excel calls Unicode text
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
AS_CSV = "save it as CSV UTF-8 and import that"


def rows_of(path: Path, names: Mapping[str, str], needed: Collection[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(where, row) of each line that says something. `names`: how a column may be headed → what it is.

    Raises WrongFile, with the line, for what is no sheet.
    """
    lines = io.StringIO(_text(path), newline="")
    first = lines.readline()
    told = first.strip('"\r\n').lower()
    before = int(told.startswith(SEP))
    if not before:
        lines.seek(0)
    separator = told[len(SEP) : len(SEP) + 1] if before else _separator(first, names)
    reader = csv.reader(lines, delimiter=separator or ",", strict=True)
    try:
        columns = [_column(cell, names) for cell in next(reader, [])]
        if missing := [name for name in needed if name not in columns]:
            raise WrongFile(f"{path.name}: its first line names no {', no '.join(missing)}")
        for cells in reader:
            where = f"{path.name}, line {reader.line_num + before}"
            if any(cell.strip() for cell in cells[len(columns) :]):
                raise WrongFile(f"{where}: more cells than columns: put quotes round what holds a {separator!r}")
            if any(cell.strip() for cell in cells):
                yield where, dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise WrongFile(f"{path.name}, line {reader.line_num + before}: not CSV: {error}") from error


def _text(path: Path) -> str:
    raw = read_all(path)
    if raw.startswith(WORKBOOK):
        raise WrongFile(f"{path.name}: a workbook: {AS_CSV}")
    for encoding in ("utf-16",) if raw.startswith(WIDE) else ("utf-8-sig", "cp1252"):  # the last: Excel's plain CSV
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise WrongFile(f"{path.name}: not text that can be read: {AS_CSV}")


def _separator(first: str, names: Mapping[str, str]) -> str:
    """Which one cuts the first line into the most columns that are known."""
    return max(SEPARATORS, key=lambda sign: sum(cell.strip('" \r\n').lower() in names for cell in first.split(sign)))


def _column(cell: str, names: Mapping[str, str]) -> str:
    plain = cell.strip().lower()
    return names.get(plain, plain)
