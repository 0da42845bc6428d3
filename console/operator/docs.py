"""What the documents say of the code, printed from it: the law's table, every role and act, every room, every URL, and which
way imports point."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from textwrap import wrap
from typing import Any

from console.app import sitemap
from console.settings import HERE
from console.web.asking import form_of
from console.web.forms import Act
from models.acts import ACTS, DONE
from models.roles import RIGHTS, STAFF
from models.workflow import ANY, HELD, OPEN, OUT, STEPS, Hears, Sight, Status, Step

README, SITEMAP, ROOMS, ROLES, DESIGN = (
    HERE / "README.md",
    *(HERE / "docs" / f"{name}.md" for name in ("sitemap", "rooms", "roles", "design")),
)
COMMENT = re.compile(r"\A(?:(?://[^\n]*\n)+|/\*.*?\*/)", re.DOTALL)
BEGINS, ENDS = "<!-- ./run.sh docs prints this from {} -->\n", "<!-- so far -->\n"
GROUPS = {ANY: "any", OPEN: "open", HELD: "held", OUT: "out"}
HEARD = {Hears.QUIETLY: "quietly", Hears.URGENTLY: "urgently", Hears.BY_PHONE: "by phone"}


def printed() -> dict[Path, str]:
    """Each file as it should stand."""
    return {
        README: _within(README, "models/workflow.py", _table(_law())),
        DESIGN: _within(DESIGN, "pyproject.toml", "".join(_directions())),
        SITEMAP: f"# Sitemap\n\nEvery URL as the code has it (`./run.sh docs` prints this page), and what its handler says of itself.\n"
        f"Who gets what from each: [access.md](access.md).\n\n{_table(_urls())}",
        ROOMS: "".join(_rooms()),
        ROLES: f"# Roles and acts\n\nWho sees what, and how long they stay ([`models/roles.py`](../models/roles.py); `./run.sh docs` prints this page).\n\n"
        f"{_table(_roles())}\nWhat is no step of an incident, and who may ([`models/acts.py`](../models/acts.py)). Steps: the README's table.\n\n"
        f"{_table(_acts())}",
    }


def write() -> list[Path]:
    """Print anew what is stale; which files that were."""
    stale = [(path, text) for path, text in printed().items() if not path.exists() or path.read_text() != text]
    for path, text in stale:
        path.write_text(text)
    return [path for path, _ in stale]


def _within(path: Path, source: str, text: str) -> str:
    """The page with this in the place that it keeps for it."""
    begins = BEGINS.format(source)
    before, rest = path.read_text().split(begins)
    return before + begins + text + ENDS + rest.split(ENDS, 1)[1]


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
        "whatever happened meanwhile",
        "hands over",
        "but",
    )
    for step in STEPS.values():
        carries = [name for name in form_of(step.name).model_fields if name not in Act.model_fields]
        heard = " and ".join(words for how, words in HEARD.items() if how in step.hears)
        ends = "" if step.ends is Sight.NOBODY else step.ends
        said, marks = (
            ", ".join(f"`{name}`" for name in carries),
            [("yes" if one else "") for one in (step.eyes, step.own_words, step.anyhow)],
        )
        hands = " and ".join(word for word, does in (("gives", step.gives), ("takes", step.takes)) if does)
        yield f"`{step.name}`", _way(step), step.who, said, heard, ends, *marks, hands, step.but


def _way(step: Step) -> str:
    return f"{_states(step.start) or '–'} → {step.end.replace('_', ' ') if step.end else 'same'}"


def _states(states: tuple[Status, ...]) -> str:
    for group, name in GROUPS.items():
        if set(group) <= set(states):
            return ", ".join([name, *(state for state in states if state not in group)])
    return ", ".join(state.replace("_", " ") for state in states)


def _directions() -> Iterator[str]:
    """Every contract of import-linter: a stack, or who may not import whom."""
    yield "```\n"
    for contract in tomllib.loads((HERE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]:
        yield f"{contract['name']}\n"
        match contract["type"]:
            case "layers":  # from the top down
                yield from (
                    f"    {room}/  {layer}\n" for room in contract["containers"] for layer in contract["layers"]
                )
            case "independence":
                yield f"    {'  ✗  '.join(contract['modules'])}\n"
            case "forbidden":
                said = f"{', '.join(contract['source_modules'])}  ✗  {', '.join(contract['forbidden_modules'])}"
                yield from (f"{line}\n" for line in wrap(said, 110, initial_indent=" " * 4, subsequent_indent=" " * 8))
    yield "```\n"


def _roles() -> Iterator[tuple[str, ...]]:
    yield "role", "sees", "screens", "desk", "stays at most", "unused at most", "locks after"
    for role, rights in RIGHTS.items():
        comes = rights.views or role in STAFF
        stays = [_span(rights.life), _span(rights.idle), _span(rights.locks)] if comes else ["", "", ""]
        yield role, rights.sees, ", ".join(rights.views), rights.desk if comes else "", *stays


def _span(span: timedelta | None) -> str:
    if span is None:
        return ""
    hours = span.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} h" if hours >= 1 else f"{hours * 60:g} min"


def _acts() -> Iterator[tuple[str, ...]]:
    yield "act", "who may", "what"
    for act in ACTS.values():
        said = (inspect.getdoc(DONE[act.name]) or "").partition("\n\n")[0].replace("\n", " ")
        yield f"`{act.name}`", ", ".join(act.who) + (", not for a while" if act.kept else ""), said


def _rooms() -> Iterator[str]:
    """Each room, what it is for, and each file of it in its own first sentence."""
    yield (
        "# Rooms\n\n`web` hears people, `models` decides, the wire rings, `live` shows. The rooms of `models/` are a stack: each knows those below\n"
        "it (administration, command, reading, incidents, people, city, record). Which way imports point stands in `pyproject.toml` and is checked by\n"
        "`./run.sh lint`. `./run.sh docs` prints this page from what every file says of itself.\n"
    )
    folders = [path.parent for top in ("models", "console") for path in sorted((HERE / top).rglob("__init__.py"))]
    for folder in folders:
        yield f"\n## {folder.relative_to(HERE).as_posix()}/\n{_said(folder / '__init__.py')}\n\n"
        yield (
            _table(
                iter(
                    [
                        ("file", "what"),
                        *((f"`{path.name}`", _said(path)) for path in _files(folder)),
                    ]
                )
            )
            if _files(folder)
            else ""
        )

    yield "\n# What browsers get\nScripts import each other by name; a page consists of what its file in `static/js/pages/` imports. Sheets stand in\n"
    yield "the file of their part. `console/pages/bundles.py` says which page gets which.\n"
    for folder in sorted(
        {path.parent for kind in ("js", "css") for path in (HERE / "static" / kind).rglob(f"*.{kind}")}
    ):
        yield f"\n## {folder.relative_to(HERE).as_posix()}/\n\n"
        yield _table(
            iter([("file", "what"), *((f"`{path.name}`", _heads(path)) for path in sorted(folder.glob("*.*")))])
        )


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]


def _said(path: Path) -> str:
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    return said.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _heads(path: Path) -> str:
    """The first sentence of a script or a sheet."""
    head = COMMENT.match(path.read_text())
    words = " ".join(line.strip("/* ") for line in head[0].splitlines()) if head else ""
    return re.split(r"(?<=[.!?]) ", words)[0].replace("|", "\\|")


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
