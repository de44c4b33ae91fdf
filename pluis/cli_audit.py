"""`pluis audit`: is the access log whole, and the figures of a period."""

import getpass
import json
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from pluis.access.log_end import End
    from pluis.runtime import Runtime

app = typer.Typer(help="The access log, and the figures for quality.", no_args_is_help=True)


@app.command()
def verify(
    end: Annotated[str, typer.Option(help="An end that an earlier check printed, such as 1200:3f9a…")] = "",
) -> None:
    """Check the access log: find lines that were changed, removed, moved or cut off. Exit code 1 when there are any."""
    from pluis.access.verify import verify as check

    runtime = _runtime()
    found = check(runtime.access_log, runtime.store, _end(end) if end else None)
    for fault in found.faults:
        typer.echo(fault)
    if found.faults:
        typer.echo("The access log is NOT whole. Keep a copy of the database as it is now, and tell the log manager.")
        raise typer.Exit(1)
    if found.end is None or not found.first_at or not found.last_at:
        typer.echo("The access log is whole: it is still empty.")
        return
    typer.echo(
        f"The access log is whole: {found.lines} lines from {found.first_at:%Y-%m-%d %H:%M} to "
        f"{found.last_at:%Y-%m-%d %H:%M} UTC.\nIts end is {found.end}. Write that down elsewhere: a later check with "
        f"--end {found.end} sees whether it is still there."
    )


@app.command()
def accept(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """After a backup was put back: go on from where the log now ends. That this was done becomes a line itself."""
    from pluis.access.log import Line
    from pluis.store import access_log

    runtime = _runtime()
    if not yes:
        typer.confirm(
            "Lines that are missing at the end stay missing. Was a backup put back, and do you go on?", abort=True
        )
    line = Line(
        at=datetime.now(UTC),
        action="accept",
        object="log",
        actor="command",
        who=getpass.getuser(),
        route="audit accept",
    )
    with runtime.store.transaction() as session:
        before = access_log.last(session)
        end = runtime.access_log.add(session, [line])
    runtime.access_log.noted.move(end, back=True)
    typer.echo(f"The log goes on after line {before[0] if before else 0}. Its end is {end}.")


@app.command()
def report(
    first: Annotated[str, typer.Option("--from", help="First day, 2026-01-01; three months ago if left out.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day; today if left out.")] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Draws the same sample again.")] = None,
    sample: Annotated[int, typer.Option(min=1, max=200, help="So many cases are looked at one by one.")] = 10,
) -> None:
    """Print the audit of a period as JSON: the figures that the page for quality shows."""
    from pluis.access.log import Line
    from pluis.dossier.audit import Period
    from pluis.dossier.audit import report as make

    runtime, now = _runtime(), datetime.now(UTC)
    zone = ZoneInfo(runtime.protocol.ladders.working_hours.timezone)
    try:
        until = date.fromisoformat(last) if last else now.astimezone(zone).date()
        since = date.fromisoformat(first) if first else until - timedelta(days=91)
    except ValueError:
        _stop("Write a day as 2026-01-31.")
    if since > until:
        _stop("The first day has to come before the last one.")
    with runtime.store.reading() as session:
        drawn = secrets.randbelow(2**31) if seed is None else seed
        found = make(session, runtime.protocol, Period(since, until, zone), drawn, sample, now)
    runtime.access_log.record(
        [Line(at=now, action="export", object="audit", actor="command", who=getpass.getuser(), route="audit report")]
    )
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _end(text: str) -> "End":
    from pluis.access.log_end import End

    number, _, seal = text.strip().partition(":")
    if not number.isdigit() or len(seal) < 16:
        _stop(f'"{text}" is no end of a log. It looks like 1200:3f9a4c0d11e2b7a6.')
    return End(int(number), seal)


def _runtime() -> "Runtime":
    from pluis.content import ContentError
    from pluis.runtime import start
    from pluis.settings import Settings, SettingsError

    try:
        return start(Settings.load())
    except (SettingsError, ContentError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _stop(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
