"""What a sheet must not say where five hundred cards stand: the browser would work out the styles of all of them anew for
each card that comes, though it looks as fast as ever with three."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.pages.bundles import SHEETS

STATIC = Path(__file__).parents[2] / "static"
BOARDS = ("base", "guard", "console", "duty", "wall")
NAMED = re.compile(r"[.#\[]")


def selectors(sheet: str) -> Iterator[str]:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(), flags=re.DOTALL)
    for head in re.findall(r"([^{};]+)\{", text):
        if not head.strip().startswith("@"):
            yield " ".join(head.split())


@pytest.mark.parametrize("sheet", sorted({sheet for board in BOARDS for sheet in SHEETS[f"bundles/{board}.css"]}))
def test_a_card_that_comes_makes_no_other_be_worked_out_anew(sheet: str) -> None:
    for selector in selectors(sheet):
        # Whatever is put in beside others is held against these, everywhere beneath their parent.
        for before in re.findall(r"(\S+) [+~] (?!\d)", selector):
            assert NAMED.search(before), f"{selector}: name the first of the two by a class, an id or an attribute"
        assert not re.search(r"[+~] \*", selector), f"{selector}: name the second, too"
        for page in re.findall(r"(?:^|[\s,(])((?:body|html|:root)\S*)", selector):
            assert ":has(" not in page, f"{selector}: ask the part itself, or its sibling (see parts/practice.css)"


def test_both_are_looked_for() -> None:
    """A reader that finds no selector would find no fault."""
    found = [selector for sheet in SHEETS["bundles/console.css"] for selector in selectors(sheet)]
    assert len(found) > 300
    assert any(re.search(r" [+~] ", selector) for selector in found)
    assert any(":has(" in selector for selector in found)
