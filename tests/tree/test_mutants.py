"""What `./run.sh mutants` takes away is there, and gone in the process that is told so."""

import os
import subprocess
import sys
from dataclasses import fields

import pytest

from models.acts import ACTS
from models.workflow import STEPS, Step
from tests.support import mutation
from tests.support.mutation import GONE, MUTANT, mutants

TELLS = "from models.workflow import ROWS, STEPS; from models.acts import ACTS; print(STEPS['claim'].eyes, ROWS['claim'].eyes, len(ACTS['sweep'].who))"


def told(name: str) -> str:
    code = f"import tests.support.mutation; {TELLS}"
    env = os.environ | {MUTANT: name}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_one_thing_of_one_row_is_gone() -> None:
    assert STEPS["claim"].eyes and len(ACTS["sweep"].who) == 2
    assert [told(name) for name in ("step.claim.eyes", "act.sweep.who")] == ["False False 2", "True True 9"]


def test_no_mark_of_a_row_is_left_out() -> None:
    """A guard is widened; what a row says of itself in words no test could miss."""
    assert {field.name for field in fields(Step)} == GONE.keys() | {"name", "start", "who", "but"}


def test_a_test_that_is_red_by_itself_kills_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation, "_red", lambda stage, mutant="": "test_that_is_red")
    with pytest.raises(SystemExit, match="test_that_is_red"):
        mutation.run(["act.sweep"])


def test_every_step_and_every_act_has_its_own() -> None:
    rows = {name.split(".")[1] for name in mutants()}
    assert rows >= STEPS.keys() | ACTS.keys()
