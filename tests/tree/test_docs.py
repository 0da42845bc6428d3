"""README.md names everything there is: each setting, URL, step and command. What it leaves out fails here, and so does
what it or docs/operating.md name and is not there. Every page and file that pages and comments lean on exists."""

import re
from pathlib import Path

import pytest
from starlette.routing import BaseRoute

from console.app import sitemap
from console.cli import app
from console.operator import docs
from console.operator.commands import admin
from console.settings import Settings
from console.workbench import workbench
from models.workflow import STEPS

ROOT = Path(__file__).resolve().parents[2]
README, OPERATING = (ROOT / "README.md").read_text(), (ROOT / "docs/operating.md").read_text()


def code_of(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text)) | set(re.findall(r"^\s*(\./run\.sh.*)$", text, re.MULTILINE))


def words_of(code: set[str]) -> set[str]:
    return {word for one in code for word in re.split(r"[\s=|]+", one)}


CODE = code_of(README)
WORDS = words_of(CODE)
SETTINGS = [f"SIAGA_{name.upper()}" for name in Settings.model_fields]


def path_of(route: BaseRoute) -> str:
    """As people write it: no types, no slash at the end."""
    return re.sub(r":\w+}", "}", getattr(route, "path", "")).rstrip("/") or "/"


def commands() -> list[str]:
    ours = [*app.registered_commands, *workbench.registered_commands]
    named = [f"./run.sh {one.name or one.callback.__name__}" for one in ours if one.callback]
    below = [one.name or one.callback.__name__ for one in admin.registered_commands if one.callback]
    return [*named, *(f"./run.sh admin {name.replace('_', '-')}" for name in below)]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_named(name: str) -> None:
    assert name in WORDS


@pytest.mark.parametrize("path", sorted({path_of(route) for route in sitemap()}))
def test_every_url_is_named(path: str) -> None:
    """By itself, or with all that lies beneath a path: `/admin/…`."""
    beneath = [word[:-1] for word in WORDS if word.startswith("/") and word.endswith("/…")]
    assert path in WORDS or any(path.startswith(prefix) for prefix in beneath)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_named(step: str) -> None:
    assert step in WORDS


@pytest.mark.parametrize("command", commands())
def test_every_command_is_named(command: str) -> None:
    command = command.removesuffix(" serve")  # the one that needs no name
    assert any(code == command or code.startswith(f"{command} ") for code in CODE)


@pytest.mark.parametrize("text", [README, OPERATING], ids=["README.md", "operating.md"])
def test_nothing_is_named_that_is_not_there(text: str) -> None:
    assert set(re.findall(r"\bSIAGA_[A-Z_]+", text)) <= set(SETTINGS)
    said = {code.split("#")[0].strip() for code in code_of(text) if re.match(r"\./run\.sh [a-z]", code)} - {
        "./run.sh admin …"
    }
    assert {code for code in said if not any(code.startswith(command) for command in commands())} == set()


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
DOCUMENT = re.compile(r"(?<![\w/.}])((?:\.\./)*(?:[\w-]+/)*[\w-]+\.md)(?:#([\w-]+))?")  # as a comment names one
CODE_OF_OURS = ("console", "models", "templates", "static/css", "static/js", "tests", "deploy", ".ci")


def sections(page: Path) -> set[str]:
    """Its headings, as their links are spelt."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_there(target: Path, section: str) -> bool:
    return target.exists() and (not section or section in sections(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_document_that_a_page_names_is_there(page: Path) -> None:
    links = [(page.parent / target if target else page, section) for target, section in LINK.findall(page.read_text())]
    plain = [(name, section) for name, section in DOCUMENT.findall(LINK.sub("", page.read_text()))]
    assert [f"{target}#{section}" for target, section in links if not is_there(target, section)] == []
    assert [f"{name}#{section}" for name, section in plain if not named_there(name, section, page.parent)] == []


FILE = re.compile(r"`((?:console|models|templates|static|tests|deploy|docs|\.ci)/[\w/.-]*)`")
HISTORY = ("CHANGELOG.md", "DECISIONS.md")  # they name what was there then


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in HISTORY], ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    assert [name for name in FILE.findall(page.read_text()) if not (ROOT / name).exists()] == []


def test_every_document_that_a_comment_names_is_there() -> None:
    """And has the section, where it names one: comments lean on them."""
    files = [path for folder in CODE_OF_OURS for path in (ROOT / folder).rglob("*") if path.is_file()]
    ours = [path for path in [*files, *ROOT.glob("*.toml"), ROOT / "run.sh", ROOT / "Containerfile"] if is_text(path)]
    named = [(path, *found) for path in ours for found in DOCUMENT.findall(path.read_text())]
    assert len(named) > 20
    assert [
        f"{path.relative_to(ROOT)}: {name}#{section}" for path, name, section in named if not named_there(name, section)
    ] == []


def named_there(name: str, section: str, *folders: Path) -> bool:
    """From the root, as comments do; by itself, or from where the page stands."""
    return any(is_there(folder / name, section) for folder in (ROOT, ROOT / "docs", *folders))


def is_text(path: Path) -> bool:
    return (
        path.suffix in (".py", ".html", ".js", ".css", ".sh", ".toml", ".yaml", ".mjs", "")
        and "__pycache__" not in path.parts
    )


def test_what_is_printed_from_the_code_is_not_stale() -> None:
    for path, text in docs.printed().items():
        assert path.read_text() == text, f"./run.sh docs prints {path.name} anew"
