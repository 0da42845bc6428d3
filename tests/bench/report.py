"""What a bench says: the machine, tables with the goal beside what was measured, and on which core things run."""

import os
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median

SERVER, CLIENT = 0, 1  # cores, where there are two
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
PACKAGES = ("uvicorn", "websockets", "starlette", "sqlalchemy", "sqlmodel", "redis", "pysqlite3", "psycopg")


def say(line: str) -> None:
    print(line, flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Markdown, with the columns in line."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        say(f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |")


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Median, and from where to where."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def ratio(ours: Sequence[float], theirs: Sequence[float], digits: int = 1) -> str:
    """Ours by theirs, round by round of one interleaved run."""
    both = [a / b for a, b in zip(ours, theirs, strict=True) if b]
    return spread(both, digits) if both else "it never holds"


def percentile(values: Sequence[float], share: float) -> float:
    """nan of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def describe_machine() -> None:
    packages = " ".join(f"{name} {_version(name)}" for name in PACKAGES)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    say(f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, load {load}")
    say(f"Python {platform.python_version()}, {packages}; {time.strftime('%F %T')}")
    if not _may_pin():
        say("server and client share their cores here: ratios hold, figures suffer")


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started in this block runs on that core, and stays there."""
    if not _may_pin():
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORES[core]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def memory_mb(pid: int) -> float:
    """What this process alone holds; shared pages by its share (Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _may_pin() -> bool:
    return len(CORES) > 1


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(": ")[2] if names else platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return "-"
