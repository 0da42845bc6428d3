"""Is each row of the law missed when it is gone? `./run.sh mutants [NAME…]` takes one thing out of one row at a time, runs the
tests over it until one is red, and names what no test misses: first the tests that were written for such a row, then
the fast ones, then all. It prints, and judges nothing; it takes hours.

A process that is told so (MUTANT=step.claim.who) has the changed row before anything else has read the table.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

from models.acts import ACTS
from models.roles import RIGHTS, Role, Sees
from models.workflow import ANY, ROWS, STEPS, Hears, Sight, Who

MUTANT = "MUTANT"
NEAREST = {
    "step": ["tests/models/test_rows.py", "tests/models/test_undo.py", "tests/models/test_law.py"],
    "act": ["tests/models/test_acts.py"],
    "role": ["tests/models/test_roles.py"],
}
FAST = ("--fast", "-n", "0")
THEN = ("-n", "2", "--dist", "loadfile")
GONE = {"hears": Hears.NOT, "ends": Sight.NOBODY, "eyes": False, "own_words": False, "gives": False, "takes": False}
GONE |= {"calm": False, "moves": False, "anyhow": False, "says": "", "kinds": {}, "menu": None, "end": None}
WIDER = {
    who: Who.OFFICER
    for who in (Who.HOLDER, Who.TAKER, Who.HOLDER_OR_SUPERVISOR, Who.SUPERVISOR, Who.REOPENER, Who.CLOCK)
}


def mutants() -> dict[str, Callable[[], None]]:
    """By name: what changes the one thing."""
    return dict([*_steps(), *_acts(), *_sights()])


def _steps() -> Iterator[tuple[str, Callable[[], None]]]:
    """Each mark of a row taken away, and each guard: from any state, by any officer."""
    for name, step in STEPS.items():
        changes: dict[str, Any] = {field: gone for field, gone in GONE.items() if getattr(step, field) != gone}
        if step.start and step.start != ANY:
            changes["start"] = ANY
        if step.who in WIDER:
            changes["who"] = WIDER[step.who]
        for field, value in changes.items():
            yield f"step.{name}.{field}", partial(_change, STEPS, name, {field: value})


def _acts() -> Iterator[tuple[str, Callable[[], None]]]:
    for name in ACTS:
        yield f"act.{name}.who", partial(_change, ACTS, name, {"who": tuple(Role)})


def _sights() -> Iterator[tuple[str, Callable[[], None]]]:
    for role, rights in RIGHTS.items():
        if rights.sees is not Sees.EVERYTHING:
            yield f"role.{role.value}.sees", partial(_change, RIGHTS, role, {"sees": Sees.EVERYTHING})


def _change(table: dict[Any, Any], name: Any, fields: dict[str, Any]) -> None:
    table[name] = replace(table[name], **fields)
    if table is STEPS:
        ROWS[name] = table[name]  # the same row, in the table of all that the record tells of


def run(names: list[str]) -> None:
    wanted = {
        name: one for name, one in mutants().items() if not names or any(name.startswith(start) for start in names)
    }
    missed = []
    for name in wanted:
        near = (*FAST, *NEAREST[name.partition(".")[0]])
        killer = next((red for stage in (near, FAST, THEN) if (red := _killed(name, stage))), "")
        print(f"{name:40} {killer or 'NO TEST MISSES IT'}", flush=True)
        if not killer:
            missed.append(name)
    print(f"{len(wanted)} mutants, {len(missed)} that no test misses{': ' if missed else ''}{', '.join(missed)}")


def _killed(name: str, stage: tuple[str, ...]) -> str:
    """By which test; "" by none. A test that is red without it kills nothing, and ends the run."""
    if fault := _red(stage):
        raise SystemExit(f"{fault} is red though nothing was taken away")
    return _red(stage, name)


@cache
def _red(stage: tuple[str, ...], mutant: str = "") -> str:
    """The first test that is red with it, or "a start" where nothing even begins; "" when all are green."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        __name__,
        "-x",
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        *stage,
    ]
    done = subprocess.run(command, env=os.environ | {MUTANT: mutant}, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    red = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")) and " " in line]
    return red[0] if red else "a start"


if name := os.environ.get(MUTANT):
    mutants()[name]()
