"""`pluis case`: families in and out of Pluis, in JSON or from a spreadsheet. The files hold names: keep them as dossiers."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from pluis.cli_logged import logged
from pluis.settings import Settings, SettingsError

app = typer.Typer(help="Families with their people, from and to another system.", no_args_is_help=True)
Closed = Annotated[bool, typer.Option("--closed", help="Also families whose help has ended.")]


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="A list in JSON, CSV or XLSX (docs/dossier.md).", exists=True, dir_okay=False)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Add families, or change those that are there already. All of it, or nothing when something is wrong."""
    from pluis.dossier.case_list import WrongList, bring_in
    from pluis.dossier.case_list_json import read
    from pluis.dossier.case_sheet import SHEETS, read_sheet
    from pluis.store import Store

    try:
        sheet = file.suffix.lower() in SHEETS
        listed, places = read_sheet(file) if sheet else read(file.read_text("utf-8-sig"))
        with Store.of(_settings()).transaction() as session:
            counts = bring_in(session, listed, places)
            if dry_run:
                session.rollback()
    except WrongList as wrong:
        for fault in wrong.faults:
            typer.echo(f"{file}: {fault}", err=True)
        typer.echo("Nothing was changed.", err=True)
        raise typer.Exit(1) from None
    except UnicodeDecodeError:
        typer.echo(f"{file}: this is not UTF-8. Save it as UTF-8.", err=True)
        raise typer.Exit(1) from None
    if not dry_run:
        logged("case import", "change", "cases", counts["new"] + counts["changed"])
    would = "would be " if dry_run else ""
    typer.echo(
        f"Families: {counts['new']} {would}added, {counts['changed']} {would}changed, {counts['same']} the same."
    )
    if dry_run:
        typer.echo("Nothing was changed: this was a dry run.")
    if counts["people_left"]:
        typer.echo(f"{counts['people_left']} people of these families are not in the list; they stay as they are.")


@app.command()
def export(file: Annotated[Path, typer.Argument(help="Where to write the list.")], closed: Closed = False) -> None:
    """Write all families with their people. Only the owner of the file may read it."""
    from pluis.dossier.case_list import list_of
    from pluis.store import Store

    with Store.of(_settings()).reading() as session:
        found = list_of(session, closed)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(found, out, ensure_ascii=False, indent=1)
    logged("case export", "export", "cases", len(found["families"]))
    typer.echo(f"{len(found['families'])} families stand in {file}.")
