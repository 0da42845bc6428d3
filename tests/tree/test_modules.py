"""Scripts: modules that import each other by name, and what a page's bundle makes of them. Sheets: a part each."""

import re
from collections import Counter

import pytest

from console.pages.bundles import SCRIPTS, SHEETS, entry, parts
from console.pages.modules import IMPORT, NOTES, graph, linked, read
from console.settings import HERE

LINKED = sorted({path for bundle in SCRIPTS for path in graph(entry(bundle))})
TOP = re.compile(r"^(?:export )?(?:const|let|var|class|(?:async )?function) ([\w$]+)", re.MULTILINE)
UNLINKABLE = re.compile(
    r"^(?:import (?:\*|[\w$]+ from|[^;]* as )|export (?:default|\{|\*|class )|await )", re.MULTILINE
)


def test_a_page_gets_what_it_leans_on_before_what_leans_on_it() -> None:
    order = graph("js/pages/console.js")
    assert order[-1] == "js/pages/console.js" and len(order) == len({*order}) > 50
    for at, path in enumerate(order):
        imported = {f"js/{name.rpartition('/')[2]}" for name in IMPORT.findall(read(path)) if "pages" not in path}
        assert imported <= {*order[:at]}, path


def test_modules_can_stand_in_one_scope() -> None:
    """Each name outside of a function is the only one, and an import calls things by their names."""
    names = Counter(name for path in LINKED for name in TOP.findall(read(path)))
    assert {name: n for name, n in names.items() if n > 1} == {}
    assert {path: found for path in LINKED if (found := UNLINKABLE.findall(read(path)))} == {}


def test_a_script_that_a_page_names_is_linked_nowhere() -> None:
    """It has a scope of its own and may call things as it likes: in a bundle its names would meet those of others."""
    templates = (HERE / "templates").rglob("*.html")
    named = {path for template in templates for path in re.findall(r"asset\('(js/[^']+)'\)", template.read_text())}
    assert "js/citizen-push.js" in named and named & {*LINKED} == set()


@pytest.mark.parametrize("bundle", SCRIPTS)
def test_a_bundle_has_every_line_of_its_modules_but_their_imports(bundle: str) -> None:
    script = linked(entry(bundle))
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    for path in graph(entry(bundle)):
        lines = IMPORT.sub("", NOTES.sub("", read(path))).replace('import("./', 'import("../js/').splitlines()
        assert all(line.removeprefix("export ") in script for line in lines), path
    assert parts(bundle)[-1] == entry(bundle)


def test_what_is_left_out_as_a_note_is_one() -> None:
    """A line in a text of several lines, or a sign in a string, may look like one."""
    for path in LINKED:
        script = read(path)
        assert all(script[: note.start()].count("`") % 2 == 0 for note in NOTES.finditer(script)), path
    for sheet in (HERE / "static" / "css").rglob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "/**/", sheet.read_text(), flags=re.DOTALL)
        assert not re.search(r"""["'(][^"'()\n]*/\*""", rules), sheet


def test_no_script_leans_on_a_global_of_ours() -> None:
    """`siaga` is what tests and a developer's console see of a page's parts."""
    using = [path for path in LINKED if re.search(r"(?:window|globalThis)\.siaga\b|(?<![\w:.\"'-])siaga\.", read(path))]
    assert using == []


def test_one_client_hears_every_socket() -> None:
    """Console, desk, partner, wall and phone go on, go blind and come back by the same lines."""
    hearing = {path for path in LINKED if "htmx:ws:" in read(path)}
    assert hearing == {"js/socket.js"}
    users = {path for path in LINKED if '"./socket.js"' in read(path)}
    assert users == {"js/live.js", "js/wall.js", "js/citizen-live.js", "js/receipts.js"}


def test_a_sheet_is_read_at_one_sitting() -> None:
    sheets = [path for path in (HERE / "static" / "css").rglob("*.css")]
    assert {path.name: n for path in sheets if (n := len(path.read_text().splitlines())) > 420} == {}
    assert {str(path.relative_to(HERE / "static")) for path in sheets} == {
        sheet for all in SHEETS.values() for sheet in all
    }


def test_scripts_share_one_name_on_the_window() -> None:
    """What runs before any module gives modules that (static/js/pages/first.js); everything else imports."""
    texts = [path.read_text() for path in (HERE / "static" / "js").rglob("*.js")]
    given = {name for text in texts for name in re.findall(r"\b(?:window|globalThis)\.(\w+) = ", text)}
    assert given == {"siagaPress", "fetch"}  # which says whose page asks (static/js/whose.js)
