"""./run.sh admin: every command for whoever has the machine, how it is typed and what it says of itself."""

from pathlib import Path
from typing import Annotated

import typer

from console.called_from import File, NewFile, from_here

admin = typer.Typer(help="Accounts, keys, certificates, maps, backups.", no_args_is_help=True)


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
def seed(folder: Annotated[Path, typer.Argument(callback=from_here)]) -> None:
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
