"""What is no step of an incident: each row says who may, and whoever it does not name is refused before anything is read."""

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

import models.tables  # noqa: F401
from models.acts import ACTS, DONE
from models.command import administration, sweeping, walls  # noqa: F401
from models.errors import NotAllowed
from models.people import account, staff  # noqa: F401
from models.reading import figures, scores  # noqa: F401
from models.roles import Role
from models.viewer import Viewer

MODELS = Path(__file__).resolve().parents[2] / "models"
# They write as part of something whose row is elsewhere, or their own lines say whose it must be.
ELSEWHERE = {
    "forgive": "part of reopening",
    "unforgive": "part of undoing",
    "unstrike": "part of undoing",
    "strike": "part of dismissing",
    "came_in": "whoever was let in",
    "sign_out": "whose session it is",
    "revoke": "part of acts that end sessions",
    "end_sessions": "part of end_device and its like",
    "lock": "whose session it is",
    "unlock": "whose session it is",
    "turn": "the keyring, at start",
    "relieve": "part of taking over, and of being called",
}


def nothing(function: Any) -> dict[str, Any]:
    """Something for each parameter that has no default: a refused act looks at none of them."""
    asked = list(inspect.signature(function).parameters.values())[2:]
    return {one.name: None for one in asked if one.default is one.empty}


def test_every_row_has_its_act() -> None:
    assert set(DONE) == set(ACTS)


@pytest.mark.parametrize(
    ("name", "role"), [(act.name, role) for act in ACTS.values() for role in Role if role not in act.who]
)
def test_whoever_the_row_does_not_name_is_refused_before_anything_is_read(name: str, role: Role) -> None:
    with pytest.raises(NotAllowed):
        DONE[name](Session(), Viewer(role, 1), **nothing(DONE[name]))


def test_whatever_records_for_somebody_has_a_row_or_a_reason() -> None:
    found = {
        node.name
        for path in MODELS.rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and [one.arg for one in node.args.args[:2]] == ["session", "by"]
        and any(isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record" for call in ast.walk(node))
    }
    assert found - set(ACTS) == set(ELSEWHERE)
