"""What is no step of an incident: each row says who may, and whoever it does not name is refused before anything is read."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from sqlmodel import Session

import models
from models.acts import ACTS, DONE
from models.errors import NotAllowed
from models.roles import Role
from models.viewer import Viewer

MODELS = Path(__file__).resolve().parents[2] / "models"
for module in walk_packages(models.__path__, "models."):  # an act is known once its file is read
    if ".migrations" not in module.name:
        import_module(module.name)

# Who may, said here once more by hand: a row that lets somebody in by mistake differs from it.
MAY = """
admin: enlist reappoint retire reinstate reset_password require_factor
admin: open_station rename_station move_station close_station reopen_station set_least
admin: add_member change_member retire_member reinstate_member import_members
admin: add_agency rename_agency number_agency line_agency close_agency reopen_agency
admin: add_category change_category change_target add_modifier change_modifier make_key revoke_key set_period
supervisor admin: reset_factors end_seats deputise strengthen add_unit change_unit retire_unit
supervisor: count_again open_shift start_shift close_shift change_lead muster muster_rest add_to_shift take_off_shift
supervisor: send_home report_unit note_case freeze accept_case accept_rest send_back reply_case sign_handover
supervisor: pair adjust unpair put_away publish rewrite withdraw written start_exercise answer lift scores said
supervisor: add_brief end_brief
officer supervisor admin clock: end_deputy
officer supervisor: read_brief
supervisor: figures practised highlight recurring replay bookmark
supervisor clock: end_exercise
officer supervisor: confirm acquit
officer supervisor admin liaison: choose_keys choose_sounds change_own_password end_other_seats add_factor drop_factor renew_codes
supervisor: be_called be_left
citizen: appeal rename change_password end_device end_others erase
citizen guest: hush subscribe unsubscribe
admin clock: sweep
clock: develop rendered
"""
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
    "strip": "part of end_deputy, and of acts that end an account or its role",
    "relieve": "part of taking over, and of being called",
    **dict.fromkeys(("sweep_family", "sweep_looks", "sweep_rows"), "parts of sweep"),
}


def nothing(function: Any) -> dict[str, Any]:
    """Something for each parameter that has no default: a refused act looks at none of them."""
    asked = list(inspect.signature(function).parameters.values())[2:]
    return {one.name: None for one in asked if one.default is one.empty}


def test_each_row_lets_in_whom_this_table_names() -> None:
    by_hand: dict[str, set[str]] = {}
    for line in MAY.strip().splitlines():
        who, names = line.split(": ")
        by_hand |= {name: set(who.split()) for name in names.split()}
    assert {act.name: {str(role) for role in act.who} for act in ACTS.values()} == by_hand


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
