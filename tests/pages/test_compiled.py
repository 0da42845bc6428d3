"""Templates are compiled once for all starts, and never shown as they were before somebody changed them."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from console.pages.render import Compiled


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text("<p>one</p>")
    return tmp_path


def start(tree: Path, made_by: str = "", kept: str = "kept") -> tuple[str, bool]:
    """(what is shown, was it compiled anew)."""
    compiled = Compiled(tree / kept)
    compiled.made_by += made_by
    pages = Environment(loader=FileSystemLoader(tree), bytecode_cache=compiled)
    asked: list[str] = []
    parse = pages._parse
    pages._parse = lambda source, *rest: (asked.append(source), parse(source, *rest))[1]  # type: ignore[method-assign]
    return pages.get_template("page.html").render(), bool(asked)


def test_a_second_start_compiles_nothing(tree: Path) -> None:
    assert [start(tree), start(tree)] == [("<p>one</p>", True), ("<p>one</p>", False)]


def test_what_was_changed_is_compiled_anew_and_so_is_all_when_what_compiles_changed(tree: Path) -> None:
    start(tree)
    (tree / "page.html").write_text("<p>two</p>")
    assert [start(tree), start(tree)] == [("<p>two</p>", True), ("<p>two</p>", False)]
    assert start(tree, made_by="another") == ("<p>two</p>", True)


def test_a_tree_that_nobody_may_write_in_starts_all_the_same(tree: Path) -> None:
    (tree / "kept").write_text("a file where the folder would be")
    assert [start(tree), start(tree)] == [("<p>one</p>", True), ("<p>one</p>", True)]


@pytest.mark.parametrize("cut", [0, 20, -20], ids=["empty", "its head", "half"])
def test_what_was_cut_off_on_the_disk_is_compiled_anew(tree: Path, cut: int) -> None:
    start(tree)
    for file in (tree / "kept").iterdir():
        file.write_bytes(file.read_bytes()[:cut])
    assert start(tree) == ("<p>one</p>", True)
