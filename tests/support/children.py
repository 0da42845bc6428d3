"""Media children by the thousand, each with the limits and the end of a real one.

with forking(store) as children:
    await store.process(sha256, kind)      # all of the intake as it is, but for the start of an interpreter

A real child imports for 0.3 s. Here one interpreter that has imported everything forks a child in 5 ms.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from console.evidence.children import CHILD, FILM_CHILD, believed
from console.evidence.store import Store

PARENT = """
import importlib, os, signal, sys

folder, name = os.path.split(sys.argv[1])
sys.path.insert(0, folder)
child = importlib.import_module(name.removesuffix(".py"))
child.prepare("HEIF")  # what each imports, a thousand need not import
for line in sys.stdin:
    seconds, source, sys.argv[1], folder = line.rstrip("\\n").split("\\t")
    if pid := os.fork():
        _, status, used = os.wait4(pid, 0)
        print("end", os.waitstatus_to_exitcode(status), used.ru_maxrss, flush=True)
    else:
        os.dup2(os.open(source, os.O_RDONLY), 0)
        os.chdir(folder)
        signal.alarm(int(seconds))
        child.main()
"""


@dataclass(frozen=True)
class End:
    """How a child ended: its exit code (negative: the signal) and the most memory it had."""

    code: int
    memory_kib: int


@dataclass
class Children:
    parents: dict[Path, "subprocess.Popen[str]"]
    ends: list[End] = field(default_factory=list)

    def ask(self, child: Path, source: Path, task: str, folder: Path, wall_seconds: float) -> str:
        """What the child said; how it ended is noted."""
        parent, said = self.parents[child], ""
        assert parent.stdin and parent.stdout
        print(int(wall_seconds), source, task, folder, sep="\t", file=parent.stdin, flush=True)
        for line in parent.stdout:
            if line.startswith("end "):
                self.ends.append(End(*map(int, line.split()[1:])))
                return said
            said += line
        raise AssertionError("the children's parent is gone")


@contextmanager
def forking(store: Store) -> Iterator[Children]:
    """This store's children are forked from here on."""
    with ExitStack() as parents:
        children = Children({path: parents.enter_context(_parent(path)) for path in (CHILD, FILM_CHILD)})

        async def look(
            original: Path, child: Path, task: str, folder: Path, answers: TypeAdapter[Any], wall_seconds: float
        ) -> Any:
            said = children.ask(child, original, task, folder, wall_seconds)
            code = children.ends[-1].code
            return believed(code, said.encode(), answers)

        store.children.look = look  # type: ignore[method-assign]
        yield children


def _parent(child: Path) -> "subprocess.Popen[str]":
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    command = [sys.executable, "-c", PARENT, str(child)]
    return subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=nowhere)
