"""Files as the caller named them: run.sh has changed the folder since."""

import os
from pathlib import Path
from typing import Annotated

import typer

CALLED_FROM = Path(os.environ.get("CALLED_FROM", "."))


def from_here(name: Path) -> Path:
    return CALLED_FROM / name


NewFile = Annotated[Path, typer.Argument(dir_okay=False, callback=from_here)]
File = Annotated[Path, typer.Argument(callback=from_here)]
