"""`pluis backup` and `pluis restore`: a sealed copy of the whole database, and the way back."""

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pluis.cli_logged import logged
from pluis.settings import Settings, SettingsError


def backup(file: Annotated[Path, typer.Argument(help="The file to write. It must not be there yet.")]) -> None:
    """Write a sealed copy of the whole database, while Pluis runs. The keys are not in it: keep those elsewhere."""
    from pluis.backup.copying import back_up
    from pluis.backup.envelope import BackupError
    from pluis.store import Store
    from pluis.store.keys import KeysError

    settings = _settings()
    try:
        about = back_up(Store.of(settings), file, datetime.now(UTC))
    except (BackupError, KeysError, OSError) as error:
        _stop(error)
    logged("backup", "export", "database")
    if about.unreadable:
        typer.echo(
            f"{about.unreadable} texts were changed in the database and no longer open: see docs/keys-and-backup.md.",
            err=True,
        )
    typer.echo(f"{file}: {about.rows} rows.\nContent hash {about.content_hash}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `pluis backup` made.")],
    replace: Annotated[bool, typer.Option("--replace", help="Lose what is in the database now.")] = False,
) -> None:
    """Put a backup back, all of it or nothing, and prove that the content is the same. Stop Pluis first."""
    from pluis.backup import copying
    from pluis.backup.envelope import BackupError
    from pluis.store import Store
    from pluis.store.keys import KeysError

    settings = _settings()
    if _runs(settings):
        _stop(f"Pluis seems to run: something answers on port {settings.port}. Stop it first.")
    try:
        about = copying.restore(Store.of(settings), file, replace)
    except (BackupError, KeysError, OSError) as error:
        _stop(error)
    typer.echo(
        f"The database is that of {about.made_at}: {about.rows} rows.\nContent hash {about.content_hash}, as then.\n"
        "Lines of the access log from after that moment are gone. Say so in it: pluis audit accept"
    )


def content_hash() -> None:
    """Print one number for all that the database holds: the same number, the same content."""
    from pluis.backup import content
    from pluis.store import Store
    from pluis.store.keys import KeysError

    try:
        with Store.of(_settings()).reading() as session:
            found = content.content_of(session)
    except KeysError as error:
        _stop(error)
    typer.echo(f"{found.hash}  {found.rows} rows")


def _runs(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", settings.port)) == 0


def _settings() -> Settings:
    try:
        return Settings.load(make_secrets=False)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _stop(error: Exception | str) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(1)
