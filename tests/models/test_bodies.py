"""Bodies of events: each kind has its class, and what does not fit it is never recorded."""

import ast
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

import models
from models.record.bodies.kinds import BODIES, WrongBody, as_stored, body_of
from models.record.event import record
from models.viewer import CLOCK
from models.workflow import STEPS

NAMED = {"SWEEP": "sweep", "CLOSE": "close_segment", "BEGIN": "begin_segment"}


def recorded() -> set[str]:
    """Every kind that some code of the law records by its name."""
    kinds = set()
    for path in Path(models.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            place = {"record": 1, "note": 0, "take_apart": 1}.get(name)
            if place is None or len(node.args) <= place:
                continue
            said = node.args[place]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                kinds.add(said.value)
            elif isinstance(said, ast.Name) and said.id != "step":  # `step` is what a caller of these named
                kinds.add(NAMED[said.id])
    return kinds


def test_every_kind_that_any_code_records_has_a_class() -> None:
    assert len(recorded()) > 60
    plain = {step.name for step in STEPS.values() if {asked.name for asked in step.carries} == {"reason"}}
    assert (recorded() | set(STEPS)) - set(BODIES) <= plain  # a reason alone needs none
    assert set(BODIES) - recorded() - set(STEPS) == set()  # and no class is nobody's


def test_no_class_takes_what_it_does_not_name() -> None:
    for step, kind in BODIES.items():
        assert kind.model_config["extra"] == "forbid", step


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("claim", {}),
        ("claim", {"officer": 3, "phone": "0812"}),
        ("claim", {"officer": "Hendra"}),
        ("claim", {"officer": 3, "set": {"status": ["new"]}}),
        ("dispatch", {"sent": [{"dispatch": 1, "station": "Babura"}], "suggested": 4}),
        ("sign_in", {"set": {}}),
        ("gossip", {}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_of_it_is_quoted(step: str, body: dict[str, Any]) -> None:
    with pytest.raises(WrongBody) as refused:
        record(Session(), step, CLOCK, **body)
    assert "0812" not in str(refused.value) and "Hendra" not in str(refused.value)


def test_what_is_stored_is_what_was_said_and_no_more() -> None:
    said = {"number": "2611-0003", "from": 3, "set": {"status": "new", "stale": False, "lat": 3.5, "into_id": None}}
    assert as_stored(body_of("unmerge", said)) == said
    assert as_stored(body_of("resolve", {"outcome": "handled", "ended": [(1, "asked")]}))["ended"] == [[1, "asked"]]


def test_bodies_that_were_sealed_before_more_was_told_are_read_as_they_are() -> None:
    sent = body_of("reinforce", {"sent": [{"dispatch": 1, "station": "Babura", "personnel": 2}], "set": {}}).sent  # type: ignore[attr-defined]
    assert (sent[0].station_id, sent[0].station) == (None, "Babura")
    assert body_of("accept", {"agency": 3, "name": "Damkar", "note": ""}).referral is None  # type: ignore[attr-defined]
