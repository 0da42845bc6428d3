"""What README.md and docs/sitemap.md say of the code, printed from it: the law's table and every URL."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.app import sitemap
from console.settings import HERE
from console.web.asking import form_of
from console.web.forms import Act
from models.workflow import ANY, HELD, OPEN, OUT, STEPS, Hears, Sight, Status, Step

README, SITEMAP = HERE / "README.md", HERE / "docs/sitemap.md"
BEGINS, ENDS = "<!-- ./run.sh docs prints this from models/workflow.py -->\n", "<!-- so far -->\n"
GROUPS = {ANY: "any", OPEN: "open", HELD: "held", OUT: "out"}
HEARD = {Hears.QUIETLY: "quietly", Hears.URGENTLY: "urgently", Hears.BY_PHONE: "by phone"}


def printed() -> dict[Path, str]:
    """Each file as it should stand."""
    before, rest = README.read_text().split(BEGINS)
    return {
        README: before + BEGINS + _table(_law()) + ENDS + rest.split(ENDS, 1)[1],
        SITEMAP: f"# Sitemap\n\nEvery URL as the code has it (`./run.sh docs` prints this page), and what its handler says of itself.\n"
        f"Who gets what from each: [access.md](access.md).\n\n{_table(_urls())}",
    }


def write() -> list[Path]:
    """Print anew what is stale; which files that were."""
    stale = [(path, text) for path, text in printed().items() if not path.exists() or path.read_text() != text]
    for path, text in stale:
        path.write_text(text)
    return [path for path, _ in stale]


def _law() -> Iterator[tuple[str, ...]]:
    yield (
        "step",
        "from → to",
        "who may",
        "carries",
        "the reporter hears",
        "ends the sight of",
        "eyes",
        "own words",
        "but",
    )
    for step in STEPS.values():
        carries = [name for name in form_of(step.name).model_fields if name not in Act.model_fields]
        heard = " and ".join(words for how, words in HEARD.items() if how in step.hears)
        ends = "" if step.ends is Sight.NOBODY else step.ends
        said, marks = (
            ", ".join(f"`{name}`" for name in carries),
            [("yes" if one else "") for one in (step.eyes, step.own_words)],
        )
        yield f"`{step.name}`", _way(step), step.who, said, heard, ends, *marks, step.but


def _way(step: Step) -> str:
    return f"{_states(step.start) or '–'} → {step.end.replace('_', ' ') if step.end else 'same'}"


def _states(states: tuple[Status, ...]) -> str:
    for group, name in GROUPS.items():
        if set(group) <= set(states):
            return ", ".join([name, *(state for state in states if state not in group)])
    return ", ".join(state.replace("_", " ") for state in states)


def _urls() -> Iterator[tuple[str, ...]]:
    yield "URL", "methods", "handler", "what"
    for route in sitemap():
        methods = (getattr(route, "methods", None) or set()) - {"HEAD"}
        handler: Any = getattr(route, "endpoint", None)
        where = f"`{handler.__module__}.{handler.__qualname__}`" if handler else ""
        said = (inspect.getdoc(handler) or "").partition("\n\n")[0].replace("\n", " ") if handler else ""
        yield f"`{getattr(route, 'path', '')}`", ", ".join(sorted(methods)), where, said.replace("|", "\\|")


def _table(rows: Iterator[tuple[str, ...]]) -> str:
    head, *body = rows
    lines = [head, ("---",) * len(head), *body]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
