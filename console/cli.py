"""The command line: every command is named here, imports what it needs when called, and calls it."""

import gc
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from console.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
CALLED_FROM = Path(os.environ.get("CALLED_FROM", "."))
PATH_SETTINGS = ("SIAGA_DATA_DIR", "SIAGA_SEED", "SIAGA_TLS_CERT", "SIAGA_TLS_KEY", "SIAGA_MAP_PMTILES")
# What a file's tests share is made once; in the order of tests/conftest.py, browsers last.
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
WORKERS = "4"  # of the tests: twice the cores of a small machine, since half of the time they wait for a page
FAST = "--fast"  # tests/conftest.py says which those are
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}  # the rest belongs to pytest

app = typer.Typer(
    name="./run.sh",
    help="Siaga: the console of a police city command. Without a command it serves.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
admin = typer.Typer(help="Accounts, keys, certificates, maps, backups.", no_args_is_help=True)
app.add_typer(admin, name="admin")


def _from_here(name: Path) -> Path:
    """A file name as the caller meant it: run.sh has changed the folder since."""
    return CALLED_FROM / name


NewFile = Annotated[Path, typer.Argument(dir_okay=False, callback=_from_here)]
File = Annotated[Path, typer.Argument(callback=_from_here)]


def _say_version(wanted: bool) -> None:
    if wanted:
        from console.server.program import RELEASE

        typer.echo(RELEASE)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which program this is.")
    ] = False,
) -> None:
    os.chdir(ROOT)
    if context.invoked_subcommand in (None, "serve", "demo", "admin"):
        os.umask(0o077)  # whatever it writes is for nobody else on this machine
    for name in PATH_SETTINGS:
        if value := os.environ.get(name):
            os.environ[name] = str(CALLED_FROM / value)
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve() -> None:
    """Serve on http://127.0.0.1:8000, or where SIAGA_HOST and SIAGA_PORT say (the default command)."""
    from console.settings import Settings

    settings = Settings()
    if settings.workers == 1:
        return _serve(settings)
    with TemporaryDirectory(prefix="siaga-counts-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # before anything that counts is imported
        _serve(settings)


def _serve(settings: "Settings") -> None:
    gc.disable()  # until it listens: nearly all that a start makes stays, and the collector would walk it again and again
    from console.app import create_app
    from console.ground.city import check_city
    from console.operator.checks import check
    from console.server.keyring import check_key
    from console.server.logs import configure
    from console.server.redis_server import Server as RedisServer
    from console.server.serving import serve

    configure(settings)
    check(settings)
    check_key(settings)
    check_city(settings)
    if settings.workers == 1 or settings.redis_url:
        serve(settings, partial(create_app, settings))
        return
    with RedisServer(settings.data_dir) as redis:  # one for all processes: ours to start, and to start again
        settings = settings.model_copy(update={"redis_url": redis.url})
        serve(settings, partial(create_app, settings), redis.ensure)


@app.command()
def demo(
    drill: Annotated[bool, typer.Option(help="File complaints like a real evening.")] = True,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the data of last time.")] = False,
    seed: Annotated[int, typer.Option(help="The same number makes the same evening.")] = 1,
) -> None:
    """Serve Medan with sample people and a drill, on data of its own (var/demo)."""
    from console.demo.stage import run

    run(drill=drill, keep=keep, seed=seed)


@app.command()
def bundle(file: NewFile) -> None:
    """Write program and packages into one FILE, for a machine like this one that reaches no registry."""
    from console.operator.bundle import make

    typer.echo(make(file))


@app.command()
def routes() -> None:
    """Print the sitemap: every URL, its methods and its handler."""
    from console.app import sitemap

    for route in sitemap():
        methods = ",".join(sorted((getattr(route, "methods", None) or {"-"}) - {"HEAD"}))
        handler = getattr(route, "endpoint", None)
        name = f"{handler.__module__}.{handler.__qualname__}" if handler else ""
        typer.echo(f"{methods:10} {getattr(route, 'path', ''):45} {name}".rstrip())


@app.command()
def docs() -> None:
    """Print the law's table and the sitemap into README.md and docs/, from the code."""
    from console.operator.docs import write

    for path in write():
        typer.echo(path.relative_to(ROOT))


@app.command()
def bench(name: Annotated[str | None, typer.Argument(help="One of them; all when left out.")] = None) -> None:
    """Measure what docs/performance.md aims at."""
    from tests.bench import run

    run(name)


@app.command()
def mutants(
    names: Annotated[list[str] | None, typer.Argument(help="How their names begin: step.claim, act.")] = None,
) -> None:
    """Take each row and guard of the law away in turn, and name those that no test misses. It takes hours."""
    from tests.support.mutation import run

    run(names or [])


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Run what one runs before a commit (--whole: every test there is; --fast: the law and the words, for every save).

    What follows goes to pytest; of a file that is named, all is run.
    """
    if FAST in context.args:
        _become("pytest", "-n", "auto", *BY_FILE, *context.args)
    _find_browser()
    _become("pytest", "-n", WORKERS, *BY_FILE, *context.args)


@app.command()
def lint() -> None:
    """Lint and types, without the tests."""
    _must("ruff", "check")
    _must("ruff", "format", "--check")
    _must("mypy")
    _done(Path(sys.executable).with_name("lint-imports"), "--no-cache")
    _node("node_modules/.bin/biome", "check", "--error-on-warnings")
    _node("node", "tests/tidy.mjs")


@app.command()
def tidy() -> None:
    """Write Python, scripts, sheets and templates anew in the one format."""
    _must("ruff", "format")
    _node("node_modules/.bin/biome", "format", "--write")
    _node("node", "tests/tidy.mjs", "--write")


@app.command(context_settings=PASS_ON)
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


@admin.command()
def create_user(
    role: Annotated[str, typer.Argument(help="officer, supervisor, admin or liaison")],
    login: str,
    name: Annotated[str, typer.Option(prompt=True)],
    agency: Annotated[str | None, typer.Option(help="Of a liaison: the agency's code.")] = None,
) -> None:
    """Create an account and print its first password once; its owner changes it at the first sign-in."""
    from console.operator.admin import create_user

    typer.echo(create_user(role=role, login=login, name=name, agency=agency))


@admin.command()
def reset_password(
    login: str,
    factors: Annotated[
        bool, typer.Option("--factors", help="Forget its second factors too: phone and paper are lost.")
    ] = False,
) -> None:
    """Give an account a new first password, print it once, and end its sessions; its owner changes it first."""
    from console.operator.admin import reset_password

    typer.echo(reset_password(login, factors))


@admin.command()
def create_key(name: Annotated[str, typer.Argument(help="Who will use it.")]) -> None:
    """Create an intake key for POST /api/complaints and print it once."""
    from console.operator.admin import create_key

    typer.echo(create_key(name))


@admin.command()
def make_certificate(host: Annotated[str, typer.Argument(help="The name or address that people open.")]) -> None:
    """Make a certificate for HOST by an authority of our own, and say how screens trust it."""
    from console.operator.admin import make_certificate

    typer.echo(make_certificate(host))


@admin.command()
def import_boundaries(file: File) -> None:
    """Replace the boundaries of districts and villages by those of a GeoJSON file."""
    from console.operator.admin import import_boundaries

    typer.echo(import_boundaries(file))


@admin.command()
def import_places(file: File) -> None:
    """Add landmarks of a GeoJSON file, or of a sheet as Excel saves it (CSV, Unicode text), to the gazetteer."""
    from console.operator.admin import import_places

    typer.echo(import_places(file))


@admin.command()
def seed(folder: Annotated[Path, typer.Argument(callback=_from_here)]) -> None:
    """Serve the city of FOLDER in place of Medan: its ground, stations, categories, agencies and words."""
    from console.operator.admin import seed

    typer.echo(seed(folder))


@admin.command()
def backup(
    file: NewFile,
    database_only: Annotated[bool, typer.Option("--database-only", help="Without the files of evidence.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="FILE is a backup: can it be restored? Changes nothing.")
    ] = False,
) -> None:
    """Write database and evidence into one FILE, while the server runs; or look one through."""
    from console.operator.admin import backup, examine_backup

    said, well = examine_backup(file) if check else (backup(file, not database_only), True)
    typer.echo(said)
    raise typer.Exit(0 if well else 1)


@admin.command()
def restore(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Replace what is there without asking.")] = False,
) -> None:
    """Put a backup back; the server must be stopped."""
    from console.operator.admin import restore

    if not yes:
        typer.confirm("This replaces every complaint and all evidence here. Go on?", abort=True)
    typer.echo(restore(file))


@admin.command()
def move(
    database_url: Annotated[str, typer.Argument(help="postgresql://USER:PASSWORD@HOST/NAME, still empty.")],
) -> None:
    """Move everything from the SQLite file to PostgreSQL; the server must be stopped, the file stays as it was."""
    from console.operator.admin import move

    typer.echo(move(database_url))


@admin.command("check")
def check_place() -> None:
    """Say of settings, database, Redis, disk and certificate whether all is well; 1 when something is not."""
    from console.operator.inspection import report
    from console.settings import Settings

    said, well = report(Settings())
    typer.echo(said)
    raise typer.Exit(0 if well else 1)


@admin.command()
def rotate_key(
    lost: Annotated[bool, typer.Option("--lost", help="Nobody has the old key any more.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking.")] = False,
) -> None:
    """Make a new secret key: a new segment of the record begins with it. The server must be stopped."""
    from console.operator.admin import rotate_key

    if lost and not yes:
        typer.confirm(
            "What the lost key sealed can never be checked again. Look for it in every backup first. Go on?", abort=True
        )
    typer.echo(rotate_key(lost))


@admin.command()
def sweep(do: Annotated[bool, typer.Option("--do", help="Sweep it now.")] = False) -> None:
    """Print what is past its period of keeping, by kind and category; nothing is changed without --do."""
    from console.operator.admin import sweep

    typer.echo(sweep(do))


@admin.command()
def verify_audit(
    seal: Annotated[str, typer.Argument(help="What an earlier check, or the log, said: how far the record went.")] = "",
    evidence: Annotated[bool, typer.Option("--evidence", help="Read every file of evidence too.")] = False,
) -> None:
    """Check the record, and that it tells of what stands there; print how far it goes, to be kept elsewhere."""
    from console.operator.admin import verify_audit

    report, intact = verify_audit(seal, evidence)
    typer.echo(report)
    raise typer.Exit(0 if intact else 1)


def main() -> None:
    """One sentence for whoever can mend what is wrong; a traceback only for what nobody foresaw."""
    from sqlalchemy.exc import OperationalError

    from console.server.data_folder import Taken
    from console.server.redis_server import RedisFailed
    from console.settings import WrongSettings
    from models.record.chain import WrongKey
    from models.record.database import WrongSchema, no_answer

    try:
        app(prog_name="./run.sh")
    except (WrongSettings, WrongKey, WrongSchema, Taken, RedisFailed) as wrong:
        sys.exit(f"./run.sh: {wrong}")
    except OperationalError as error:
        sys.exit(f"./run.sh: the database does not answer as it should: {no_answer(error)}")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # we are leaving: one more Ctrl-C is no news


if __name__ == "__main__":
    main()
