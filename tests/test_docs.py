"""README.md names everything there is: each setting, URL, step and command. What it leaves out fails here, and so does
what it or docs/operating.md name and is not there."""

import re
from pathlib import Path

import pytest
from starlette.routing import BaseRoute

from console.app import sitemap
from console.cli import admin, app
from console.operator import docs
from console.settings import Settings
from models.workflow import STEPS

ROOT = Path(__file__).resolve().parent.parent
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
    named = [f"./run.sh {one.name or one.callback.__name__}" for one in app.registered_commands if one.callback]
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


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_what_is_printed_from_the_code_is_not_stale() -> None:
    for path, text in docs.printed().items():
        assert path.read_text() == text, f"./run.sh docs prints {path.name} anew"
