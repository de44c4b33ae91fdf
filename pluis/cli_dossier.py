"""`pluis case dossier`: the file of one family, or of one person in it, taken out on the machine that Pluis runs on."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer


def dossier(
    number: Annotated[str, typer.Argument(help="The number of the case.")],
    person: Annotated[str, typer.Option(help="Only the part of this person, as p12; a person reads it first.")] = "",
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    pdf: Annotated[
        Path | None, typer.Option(help="On paper, into this file; without it as JSON on the screen.")
    ] = None,
) -> None:
    """Take out the dossier of a family, or the part of one person in it. It stands in the access log."""
    from pluis.cli_logged import logged
    from pluis.content import ContentError
    from pluis.dossier import whole
    from pluis.dossier.printed import printed
    from pluis.runtime import start
    from pluis.settings import Settings, SettingsError
    from pluis.store.retention import case_by_number

    try:
        runtime = start(Settings.load())
    except (SettingsError, ContentError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    now = datetime.now(UTC)
    with runtime.store.reading() as session:
        case = case_by_number(session, number)
        if case is None:
            _stop(f"There is no case {number}.")
        found = (
            whole.dossier_of(session, runtime.protocol, case, person, language, now)
            if person
            else whole.dossier(session, runtime.protocol, case, language, now)
        )
        if found is None:
            there = ", ".join(f"p{one.id} ({one.relation})" for one in case.people)
            _stop(f"{person} does not belong to {number}. There are: {there}.")
    logged("case dossier", "export", "person" if person else "case", person or case.id, case.id)
    if pdf is None:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    pdf.touch(mode=0o600)
    pdf.write_bytes(printed(found, "Pluis", ZoneInfo(runtime.protocol.ladders.working_hours.timezone)))
    typer.echo(f"The dossier is in {pdf}. Only you can read it; whoever gets it has to be allowed to.")


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
