"""A page's modules as one script: the linker of an ES module graph, as much of it as our scripts need.

Modules import each other by name (`import { tell } from "./page.js";`). As files of their own they would cost a page sixty round trips, so
they are sent one after another, in the order in which a browser would run them, in one scope: what is imported is a name that is there
already. Only `import`, `export` and lines that are a comment are taken out; what runs is what is read. So each name that a module declares outside of its functions
is the only one of its kind, nothing is renamed by its import, and no name is one that browsers have (tests/tree/test_modules.py).
"""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from posixpath import normpath

from console.settings import HERE

NOTES = re.compile(r"^ *//.*\n", re.MULTILINE)  # a tenth of what a phone would load
IMPORT = re.compile(r'^import (?:\{[^{}]*\} from )?"([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|let|function|async function) )", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:const|let|(?:async )?function) (\w+)", re.MULTILINE)
WHEN_NEEDED = re.compile(r'\bimport\("\./')


def graph(entry: str) -> list[str]:
    """js/pages/console.js → what it imports, what they import, and itself at the end: each once, after all that it leans on."""
    found: list[str] = []

    def visit(path: str) -> None:
        folder = PurePosixPath(path).parent
        for specifier in IMPORT.findall(read(path)):
            imported = normpath(folder / specifier)
            if imported not in found:
                visit(imported)
        found.append(path)

    visit(entry)
    return found


def linked(entry: str) -> str:
    texts = [read(path) for path in graph(entry)]
    body = "".join(_plain(text) for text in texts)
    return f'(() => {{\n"use strict";\n{body}{seam(name for text in texts for name in EXPORTED.findall(text))}}})();\n'


def _plain(text: str) -> str:
    """An import() when it is needed starts from the script's address, which is then the bundle's."""
    return WHEN_NEEDED.sub('import("../js/', EXPORT.sub("", IMPORT.sub("", NOTES.sub("", text))))


def seam(names: Iterable[str]) -> str:
    """What a page's parts give each other, for tests and a developer's console. No script of ours reads it."""
    given = ", ".join(f"get {name}() {{ return {name}; }}" for name in names)
    return f"globalThis.siaga = {{ {given} }};\n" if given else ""


def read(path: str) -> str:
    return (HERE / "static" / path).read_text()
