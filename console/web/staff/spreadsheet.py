"""A table as a spreadsheet takes it: semicolons, as Excel here expects, and a byte order mark."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from starlette.responses import Response


def spreadsheet(name: str, lines: Iterable[Sequence[str | int | float | None]]) -> Response:
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([_plain(cell) for cell in line] for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _plain(cell: str | int | float | None) -> str | int | float | None:
    """Words that a spreadsheet would take for a formula are words."""
    formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not cell[1:].isdigit()
    return f"'{cell}" if formula else cell
