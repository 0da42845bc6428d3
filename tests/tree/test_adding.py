"""docs/adding.md is walked, in a copy of the tree: a step more is four files, and everybody can take it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from console.settings import HERE

WALK = re.compile(r"^\*\*Its .*?\*\*, in `([^`]+)`, (?:before (`+)(.+?)\2|at the end).*?:?\n(?:(?!```).*\n)*```\w*\n(.*?)```", re.M | re.S)  # fmt: skip
TAKEN = """
import re
from console.operator.docs import README, write
from console.pages.words import say
from models.workflow import STEPS
from tests.support.town import Town, ref_of


def test_it_stands_in_the_readme() -> None:
    write()
    assert "| `warn` | out → same | holder | `reason` |" in README.read_text()


def test_it_has_its_english() -> None:
    row = STEPS["warn"]
    (asked,) = row.carries
    for words in (row.says, row.menu.words, row.menu.says, asked.label, asked.missing):
        assert say("en", words, {"who": "Ann", "reason": "x"}) != say("id", words, {"who": "Ann", "reason": "x"})


def test_it_is_offered_asked_taken_and_told(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    id = town.incident_of(ref).id
    town.act(ref, "claim", town.hendra)
    assert f'id="warn-{id}"' not in town.hendra.get(f"/incidents/{id}").text  # nobody is out yet
    town.hendra.post(f"/incidents/{id}/dispatch", data={"personnel": "2"})
    page = town.hendra.get(f"/incidents/{id}").text
    assert f'commandfor="warn-{id}" data-letter="d"' in page and "Peringatkan personel" in page
    dialog = re.search(rf'<dialog [^>]*id="warn-{id}".*?</dialog>', page, re.DOTALL)[0]
    assert "Dibacakan lewat radio" in dialog and re.search(r'Bahayanya</span><textarea name="reason"[^>]* required', dialog)
    refused = town.hendra.post(f"/incidents/{id}/warn", data={})
    assert refused.status_code == 422 and "Tulis alasannya." in refused.text
    done = town.hendra.post(f"/incidents/{id}/warn", data={"reason": "kawat listrik putus"}, headers={"hx-request": "true"})
    assert done.status_code == 204
    assert "Anda memperingatkan personel: kawat listrik putus" in town.hendra.get(f"/incidents/{id}").text
"""
ASKED = (
    "test_walked.py", "tree/test_docs.py::test_what_is_printed_from_the_code_is_not_stale", 
     "models/test_law.py::test_every_step_of_the_table_has_its_effect",
    "pages/test_keys.py::test_every_modifier_and_every_step_of_the_menu_has_its_letter",
    "web/test_access.py::test_the_table_has_every_url_and_every_step",
)  # fmt: skip


def test_a_step_more_is_four_files(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    for path in HERE.iterdir():
        if path.name in ("console", "models", "templates", "tests", "docs"):
            shutil.copytree(path, tree / path.name, ignore=shutil.ignore_patterns("__pycache__", "*.png", "*.webp"))
        elif path.suffix in (".md", ".toml", ".cfg"):
            shutil.copy(path, tree)
        elif path.name not in ("var", ".git"):
            (tree / path.name).symlink_to(path)
    changed = []
    for file, _, anchor, text in WALK.findall((tree / "docs/adding.md").read_text()):
        was = (tree / file).read_text()
        lines = was.splitlines(keepends=True)
        at = next(n for n, line in enumerate(lines) if anchor in line) if anchor else len(lines)
        (tree / file).write_text("".join([*lines[:at], "" if anchor else "\n", text, *lines[at:]]))
        changed.append(file)
    assert len(changed) == len(set(changed)) == 4
    (tree / "tests/test_walked.py").write_text(TAKEN)
    catalogue = tree / "console/locale/en/LC_MESSAGES/siaga.po"
    with catalogue.open("rb") as words, catalogue.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(words, locale="en"))
    run(tree, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *(f"tests/{name}" for name in ASKED))


def run(tree: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
