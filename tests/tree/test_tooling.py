"""What holds for the tree as a whole: what may stand in it, how it starts."""

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.operator import bundle
from tests.support.patience import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]

LAW_LIBRARIES = {"models", "sqlmodel", "sqlalchemy", "alembic", "phonenumbers", "pydantic"} | sys.stdlib_module_names
LOCKS = ("requirements.lock", "requirements-dev.lock")  # to run; to run and to develop
SQLITE_LIBRARIES = {"sqlite3", "pysqlite3", "aiosqlite"}

RENDERED = {
    "console/pages/cards.py",
    "console/pages/render.py",
    "console/pages/words.py",
}  # what they call markup has just come out of a template, or is a sentence of the catalogue
COMMANDS = {"serve", "demo", "routes", "docs", "bench", "test", "lint", "mutants", "tidy", "check", "admin", "bundle"}
ADMIN_COMMANDS = {"create-user", "reset-password", "create-key", "make-certificate", "import-boundaries"} | {
    "import-places",
    "backup",
    "restore",
    "move",
    "seed",
    "sweep",
    "rotate-key",
    "verify-audit",
    "check",
}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it; `from console import pages` counts as console.pages.render."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it points"
            assert node.module is not None
            within = node.module in ("console", "tests")
            yield from (f"{node.module}.{alias.name}" for alias in node.names) if within else [node.module]


def is_in(module: str, packages: set[str]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def test_the_law_knows_no_http_no_redis_no_html() -> None:
    foreign = {
        f"{name_of(path)} → {module}"
        for path in sources("models")
        for module in imports(path)
        if module.partition(".")[0] not in LAW_LIBRARIES | SQLITE_LIBRARIES
    }
    assert foreign == set()


def test_no_handler_reaches_the_hub_by_the_state_of_its_request() -> None:
    """What imports may not do (./run.sh lint) the state could: then two that never meet would know each other's insides."""
    reached = re.compile(r"\bstate\.(hub|wire)\b")
    assert [name_of(path) for path in sources("console/web") if reached.search(path.read_text())] == []


def test_one_module_names_a_sqlite_library() -> None:
    """Two SQLite libraries in one process drop each other's locks."""
    naming = {
        name_of(path)
        for path in sources("models", "console", "tests")
        if any(is_in(module, SQLITE_LIBRARIES) for module in imports(path))
    }
    assert naming <= {"models.record.database"}


def test_product_code_never_sleeps_and_swallows_nothing() -> None:
    unwanted = re.compile(r"\btime\.sleep\(|except( Base| )?Exception:\s+pass\b|except:\s")
    assert [name_of(path) for path in sources("models", "console") if unwanted.search(path.read_text())] == []


def run(*command: str, **options: object) -> str:
    finished = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, **options)  # type: ignore[call-overload]
    assert finished.returncode == 0, finished.stderr
    return str(finished.stdout)


def committed() -> list[str]:
    """What is in git, or would be with the next `git add`."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = run("git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    return [name for name in listing.splitlines() if (ROOT / name).is_file()]


def test_no_code_of_others_is_committed() -> None:
    others = re.compile(
        r"(^|/)(vendor|node_modules|site-packages|\.venv|\.tools)/|\.min\.(js|css)$|\.(whl|tgz|so|wasm)$"
    )
    banner = re.compile(rb"Leaflet \d|htmx\.org|axe v\d|@license|@preserve|sourceMappingURL", re.IGNORECASE)
    names = committed()
    assert [name for name in names if others.search(name)] == []
    ours = [name for name in names if name.startswith("static/") and name.endswith((".js", ".css"))]
    assert [name for name in ours if banner.search((ROOT / name).read_bytes())] == []


LINE = 120  # letters, as in Python


def test_no_line_of_a_template_script_or_sheet_runs_on() -> None:
    """The formatters break code; sentences and comments are broken by hand."""
    ours = [ROOT / name for name in committed() if re.match(r"templates/|static/(js|css)/", name)]
    lines = [(path, n, line) for path in ours for n, line in enumerate(path.read_text().splitlines(), 1)]
    assert [f"{path.relative_to(ROOT)}:{n}" for path, n, line in lines if len(line) > LINE] == []


def test_nothing_is_left_to_be_done() -> None:
    left = re.compile(rb"\b(TO" + rb"DO|FIX" + rb"ME|XX" + rb"X)\b")
    assert [name for name in committed() if left.search((ROOT / name).read_bytes())] == []


@pytest.mark.parametrize(
    ("lock", "least"), [*((lock, 30) for lock in LOCKS), ("requirements-build.lock", 1), ("requirements-node.lock", 2)]
)
def test_a_lock_has_hashes_and_no_addresses(lock: str, least: int) -> None:
    text = (ROOT / lock).read_text()
    pins = re.findall(r"^[a-z0-9].*?==.*?(?:\n    .*)+", text, re.MULTILINE)
    assert len(pins) >= least
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert not re.search(r"://|--index-url|--find-links|--trusted-host", text)


def test_every_installation_is_by_hash_and_builds_with_what_is_pinned() -> None:
    """pip builds what has no wheel in a place of its own, with the newest tools there are, unless it is told otherwise."""
    script = (ROOT / "run.sh").read_text()
    installs = re.findall(r"pip install.*", script)
    assert len(installs) == 1 and "--require-hashes" in installs[0]
    assert 'install "$VENV" requirements-build.lock && install "$VENV" "$LOCK" --no-build-isolation' in script


def test_a_bundle_holds_program_and_packages_and_knows_its_kind_of_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_: Path, wheels: Path) -> None:
        wheels.mkdir()
        (wheels / "some.whl").touch()

    top = {name.partition("/")[0] for name in committed()}
    assert top - set(bundle.PARTS) == {
        ".ci",
        ".gitignore",
        ".npmrc",
        "biome.jsonc",
        "requirements-dev.lock",
        "tests",
    }  # nobody needs
    monkeypatch.setattr(bundle, "PARTS", ("run.sh", "package-lock.json", "requirements.lock", "static/vendor"))
    monkeypatch.setattr(bundle, "fetch", fetch)
    said = bundle.make(tmp_path / "siaga.tar.gz")
    assert bundle.kind() in said and "tar -xzf siaga.tar.gz" in said
    with tarfile.open(tmp_path / "siaga.tar.gz") as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(tmp_path)
    there = tmp_path / "siaga"
    assert is_made_already(there)
    python = run(sys.executable, "-c", KIND_IN_RUN_SH, cwd=tmp_path).strip()
    assert (there / ".tools/wheels/for").read_text() == python == bundle.kind()
    (there / ".tools/wheels/for").write_text("Python 3.9, Plan9 mips")
    refused = subprocess.run(
        [there / "run.sh"], capture_output=True, text=True, env=os.environ | {"PYTHON": sys.executable}
    )
    assert refused.returncode == 1 and "this bundle is for Python 3.9, Plan9 mips" in refused.stderr


KIND_IN_RUN_SH = re.findall(r"-c \'(import platform.*?)\'", (ROOT / "run.sh").read_text(), re.DOTALL)[0]


def is_made_already(there: Path) -> bool:
    """What browsers fetch, as run.sh would have made it: no registry is asked for it again."""
    made = hashlib.sha256((there / "package-lock.json").read_bytes() + (there / "run.sh").read_bytes()).hexdigest()
    return (there / "static/vendor/.stamp").read_text().strip() == made


def test_the_development_lock_holds_all_of_the_other() -> None:
    """run.sh takes one installation of it for both."""
    pins = [re.findall(r"^\S+==\S+", (ROOT / lock).read_text(), re.MULTILINE) for lock in LOCKS]
    assert set(pins[0]) <= set(pins[1])


def test_every_requirement_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    lock = (ROOT / "requirements-dev.lock").read_text()
    exact = [re.sub(r"\[.*?\]|;.*", "", requirement).strip() for requirement in wanted]
    assert [requirement for requirement in exact if f"\n{requirement} " not in lock] == []


def test_the_browser_lock_has_hashes_and_no_addresses() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert "resolved" not in text and "://" not in text


def test_what_a_script_reads_of_the_page_somebody_writes_there() -> None:
    """A name that only the reader knows is `undefined`, which no browser complains of."""
    scripts = "\n".join(path.read_text() for path in sorted((ROOT / "static" / "js").glob("*.js")))
    writers = scripts + "".join(
        re.sub(r"\{#.*?#\}", "", (ROOT / name).read_text(), flags=re.DOTALL) for name, _ in templates()
    )
    writers += "".join(path.read_text() for path in (ROOT / "console").rglob("*.py"))
    taken = re.findall(r"\{([^{}]*)\}\s*=\s*[\w.]*dataset\b", scripts) + re.findall(r"dataset:\s*\{([^{}]*)\}", scripts)
    read = {*re.findall(r"\bdataset\.(\w+)", scripts)}
    read |= {name for names in taken for name in re.findall(r"(?:^|,)\s*(\w+)", names)}

    def is_written(name: str) -> bool:
        attribute = "data-" + re.sub("[A-Z]", lambda capital: f"-{capital[0].lower()}", name)
        return bool(re.search(rf"{attribute}(?![\w-])|dataset\.{name}\s*(\?\?)?=[^=]", writers))

    assert len(read) > 100
    assert sorted(name for name in read if not is_written(name)) == []


def templates() -> Iterator[tuple[str, str]]:
    """Every template's name, and its HTML without Jinja's own tags."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield str(path.relative_to(ROOT)), re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize(
    "piece", ['<a class="brand"', 'class="lamp-weak"', 'id="clock"', 'id="newer"', '<p class="blind"']
)
def test_a_piece_of_the_top_line_is_written_once(piece: str) -> None:
    assert [name for name, html in templates() if piece in html] == ["templates/_top.html"]


def test_every_template_ends_in_html() -> None:
    """Jinja escapes no other."""
    assert [path for path in (ROOT / "templates").rglob("*") if path.is_file() and path.suffix != ".html"] == []


@pytest.mark.parametrize(
    "forbidden",
    [
        r"<[a-z][^>]*\sstyle\s*=",
        r"<style\b",
        r"<[a-z][^>]*\s(hx-)?on[a-z:-]+\s*=",
        r"<script(?![^>]*\ssrc\s*=)",
        r"javascript:",
    ],
    ids=["style attribute", "style element", "handler", "script without src", "javascript address"],
)
def test_templates_hold_nothing_that_the_csp_refuses(forbidden: str) -> None:
    assert [name for name, html in templates() if re.search(forbidden, html, re.IGNORECASE)] == []


def test_nothing_goes_unescaped() -> None:
    unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(")
    paths = {*(ROOT / "templates").rglob("*.html"), *sources("console")} - {ROOT / name for name in RENDERED}
    assert [str(path.relative_to(ROOT)) for path in paths if unescaped.search(path.read_text())] == []


def listed(help_text: str) -> set[str]:
    return set(re.findall(r"^  ([a-z][a-z-]+)  ", help_text.partition("Commands:")[2], re.MULTILINE))


def test_run_sh_knows_every_command_from_any_folder(tmp_path: Path) -> None:
    assert listed(run(str(ROOT / "run.sh"), "--help", cwd=tmp_path)) == COMMANDS
    assert listed(run(str(ROOT / "run.sh"), "admin", "--help", cwd=tmp_path)) == ADMIN_COMMANDS


def test_the_command_line_loads_only_what_a_command_needs() -> None:
    code = "import sys, console.cli; print(*sys.modules.keys() & {'starlette', 'sqlmodel', 'redis', 'models'})"
    assert run(sys.executable, "-c", code, cwd=ROOT).split() == []


WHOLE = "test --whole"
ONCE_MORE = "test --whole -n 0 --last-failed --last-failed-no-failures none --exitfirst"


@pytest.mark.parametrize(
    ("fails", "asked", "code"),
    [
        ({}, ["lint", WHOLE], 0),
        ({"lint": 1}, ["lint"], 1),
        ({WHOLE: 1}, ["lint", WHOLE, ONCE_MORE], 0),
        ({WHOLE: 1, ONCE_MORE: 1}, ["lint", WHOLE, ONCE_MORE], 1),
        ({WHOLE: 1, ONCE_MORE: 5}, ["lint", WHOLE, ONCE_MORE], 5),  # nothing had failed: it never began
        ({WHOLE: 2}, ["lint", WHOLE], 2),  # ended early: the rest was never asked
        ({WHOLE: 139}, ["lint", WHOLE], 139),
    ],
    ids=str,
)
def test_ci_is_green_only_when_lint_types_and_every_test_were(
    tmp_path: Path, fails: dict[str, int], asked: list[str], code: int
) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    answers = "".join(f"  {command!r}) exit {code};;\n" for command, code in fails.items())
    (tmp_path / "run.sh").write_text(f'echo "$*" >> asked\ncase "$*" in\n{answers}esac\n')
    ran = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert (ran.returncode, (tmp_path / "asked").read_text().splitlines()) == (code, asked)
    assert ("ASKED ONCE MORE" in ran.stderr) is (ONCE_MORE in asked)


@pytest.mark.parametrize("script", ["run.sh", ".ci/run", ".ci/proxies", "deploy/backup.sh"])
def test_scripts_can_be_run_and_read(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    run("bash", "-n", str(ROOT / script))
