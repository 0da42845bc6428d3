"""The workbench: what whoever changes Siaga runs. Tests, lint, the one format, documents printed from the code, measurements."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

# What a file's tests share is made once; in the order of tests/conftest.py, browsers last.
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
WORKERS = "4"  # of the tests: twice the cores of a small machine, since half of the time they wait for a page
FAST = "--fast"  # tests/conftest.py says which those are
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}  # the rest belongs to pytest
workbench = typer.Typer()


@workbench.command()
def docs() -> None:
    """Print the law's table and the sitemap into README.md and docs/, from the code."""
    from console.operator.docs import write
    from console.settings import HERE

    for path in write():
        typer.echo(path.relative_to(HERE))


@workbench.command()
def bench(name: Annotated[str | None, typer.Argument(help="One of them; all when left out.")] = None) -> None:
    """Measure what docs/performance.md aims at."""
    from tests.bench import run

    run(name)


@workbench.command()
def mutants(
    names: Annotated[list[str] | None, typer.Argument(help="How their names begin: step.claim, act.")] = None,
) -> None:
    """Take each row and guard of the law away in turn, and name those that no test misses. It takes hours."""
    from tests.support.mutation import run

    run(names or [])


@workbench.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Run what one runs before a commit (--whole: every test there is; --fast: the law and the words, for every save).

    What follows goes to pytest; of a file that is named, all is run.
    """
    if FAST in context.args:
        _become("pytest", "-n", "auto", *BY_FILE, *context.args)
    _find_browser()
    _become("pytest", "-n", WORKERS, *BY_FILE, *context.args)


@workbench.command()
def lint() -> None:
    """Lint and types, without the tests."""
    _must("ruff", "check")
    _must("ruff", "format", "--check")
    _must("mypy")
    _done(Path(sys.executable).with_name("lint-imports"), "--no-cache")
    _node("node_modules/.bin/biome", "check", "--error-on-warnings")
    _node("node", "tests/tidy.mjs")


@workbench.command()
def tidy() -> None:
    """Write Python, scripts, sheets and templates anew in the one format."""
    _must("ruff", "format")
    _node("node_modules/.bin/biome", "format", "--write")
    _node("node", "tests/tidy.mjs", "--write")


@workbench.command(context_settings=PASS_ON)
def check(context: typer.Context) -> None:
    """Lint, types, then every test there is: what CI runs."""
    lint()
    context.args.insert(0, "--whole")
    test(context)


def _find_browser() -> None:
    _must("tests.browser.chromium")


def _must(module: str, *arguments: str) -> None:
    _done(sys.executable, "-m", module, *arguments)


def _done(*command: str | Path, **options: Any) -> None:
    if code := subprocess.run(command, **options).returncode:
        raise typer.Exit(code)


def _node(*command: str) -> None:
    """With what package-lock.json brought; node is the machine's own, or the one that run.sh fetched."""
    env = os.environ | {"PATH": f"{os.environ['PATH']}:{Path('.tools/node/bin').resolve()}"}
    _done(*command, env=env)


def _become(module: str, *arguments: str) -> None:
    """Go on as another program under the same process id, so that signals reach it."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])
