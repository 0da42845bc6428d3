"""The command line: what serves, and every other command from its own file. Each imports what it needs when it is called."""

import gc
import os
import signal
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from console.called_from import CALLED_FROM, NewFile
from console.operator.commands import admin
from console.workbench import workbench

if TYPE_CHECKING:
    from console.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PATH_SETTINGS = ("SIAGA_DATA_DIR", "SIAGA_SEED", "SIAGA_TLS_CERT", "SIAGA_TLS_KEY", "SIAGA_MAP_PMTILES")

app = typer.Typer(
    name="./run.sh",
    help="Siaga: the console of a police city command. Without a command it serves.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(workbench)
app.add_typer(admin, name="admin")


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
