"""`pluis keys`: the keys that seal what is said about families."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pluis.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pluis.store import Store
    from pluis.store.keys import Key

app = typer.Typer(help="The keys that seal what is said about families.", no_args_is_help=True)


@app.command("list")
def list_keys() -> None:
    """Show every key by its id, the newest first, and how much is sealed with it."""
    from pluis.store import rotating
    from pluis.store.keys import KeysError

    store = _store()
    try:
        keys = store.keys.all()
    except KeysError as error:
        _stop(str(error))
    used = rotating.in_use(store)
    for number, key in enumerate(keys):
        state = "seals" if number == 0 else "opens" if used[key.id] else "is no longer needed"
        since = f", made on {key.since}" if key.since else ""
        typer.echo(f"{key.id.hex()}  {state}, {used[key.id]} texts{since}")
    for lost in set(used) - {key.id for key in keys}:
        typer.echo(f"{lost.hex()}  IS MISSING, {used[lost]} texts cannot be opened without it")


@app.command()
def add() -> None:
    """Make a key and put it before the others: from now on it seals. What is sealed already stays as it is."""
    settings = _settings()
    if settings.keys:
        _say_how(_new())
        return
    key = _add(settings.key_file)
    typer.echo(
        f"The key {key.id.hex()} is in {settings.key_file} and seals from now on. Keep a copy of that file apart"
    )
    typer.echo("from the database and its backups: without it nobody can read them.")


@app.command()
def rotate() -> None:
    """Make a new key and seal everything with it, while Pluis runs. Cut off, it goes on where it was."""
    from pluis.store import rotating
    from pluis.store.keys import KeysError

    settings, store = _settings(), _store()
    try:
        newest = store.keys.newest()
        unfinished = bool(set(rotating.in_use(store)) - {newest.id})
        if not unfinished:
            if settings.keys:
                _say_how(_new())
                return
            newest = _add(settings.key_file)
        typer.echo(f"{'Going on with' if unfinished else 'New'} key {newest.id.hex()}.")
        rows = rotating.seal_anew(
            store, lambda done: typer.echo(f"{done} rows", err=True) if done % 10_000 < 200 else None
        )
    except KeysError as error:
        _stop(str(error))
    typer.echo(f"Everything is sealed with {newest.id.hex()}: {rows} rows were sealed anew.")
    typer.echo("Older backups still need the older keys: `pluis keys retire` takes a key away when no backup needs it.")


@app.command()
def retire(id: Annotated[str, typer.Argument(help="The id of a key, as `pluis keys list` shows it.")]) -> None:
    """Take a key away for good. Refused while anything in the database needs it."""
    from pluis.store import keys, rotating

    settings, store = _settings(), _store()
    try:
        known = store.keys.all()
    except keys.KeysError as error:
        _stop(str(error))
    found = next((key for key in known if key.id.hex() == id.strip().lower()), None)
    if found is None:
        _stop(f"There is no key {id}. See: pluis keys list")
    if found.id == known[0].id:
        _stop(f"{id} is the newest key and seals. First: pluis keys rotate")
    used = rotating.in_use(store)[found.id]
    if used:
        _stop(f"{used} texts are still sealed with {id}. First: pluis keys rotate")
    if settings.keys:
        typer.echo(
            f"Nothing in the database needs {id} any more: take key number {known.index(found) + 1} out of PLUIS_KEYS."
        )
        return
    keys.write(settings.key_file, [key for key in known if key.id != found.id])
    typer.echo(
        f"The key {id} is gone from {settings.key_file}. Backups that were made with it need it from your own copy."
    )


def _new() -> "Key":
    from pluis.store.keys import make

    return make(datetime.now(UTC).date())


def _add(file: Path) -> "Key":
    from pluis.store import keys

    key = _new()
    try:
        keys.write(file, [key, *keys.read(file)])
    except (keys.KeysError, OSError) as error:
        _stop(str(error))
    return key


def _say_how(key: "Key") -> None:
    from pluis.store.keys import text_of

    typer.echo("The keys come from PLUIS_KEYS, which only you can change. Put this one before the others there, with a")
    typer.echo("comma after it, start Pluis again, and run `pluis keys rotate`:")
    typer.echo(text_of(key))


def _settings() -> Settings:
    try:
        return Settings.load(make_secrets=False)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _store() -> "Store":
    from pluis.store import Store

    return Store.of(_settings())


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
