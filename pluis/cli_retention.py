"""`pluis retention`: what has had its time, what is held, what was destroyed and why."""

import getpass
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from pluis.access.log_end import End
    from pluis.retention.destroying import By
    from pluis.retention.periods import Periods
    from pluis.retention.purge import Due
    from pluis.runtime import Runtime
    from pluis.store.cases import Case
    from pluis.store.retention import Destroyed, LegalHold

app = typer.Typer(help="How long what is kept; periods stand in data/retention.yml.", no_args_is_help=True)
NAMES = {
    "case": "files of families", "alert_without_family": "alerts without a family", "talk": "talk outside a debrief",
    "support": "support answers and wishes", "training": "practice visits", "sign_ins": "sign-ins that are over",
    "reminders": "reminders", "access_log": "lines of the access log",
}  # fmt: skip
Number = Annotated[str, typer.Argument(help="The number of the case.")]
Reference = Annotated[
    str, typer.Option(help="Under which this is known elsewhere, such as a letter's number; no story.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False, yes: Yes = False
) -> None:
    """Destroy what has had its time. Files that are held stay. Safe to break off and to repeat."""
    from pluis.retention.purge import plan
    from pluis.retention.purge import purge as take_away
    from pluis.store.retention import reclaim

    runtime, periods = _runtime()
    now = datetime.now(UTC)
    due = plan(runtime, periods, now)
    for one in due:
        typer.echo(_line(one))
    total = sum(one.count for one in due)
    if dry_run or not total:
        typer.echo("Nothing was changed." if dry_run else "Nothing has had its time.")
        return
    if not yes:
        typer.confirm("This cannot be undone. Destroy it?", abort=True)
    done = take_away(runtime, periods, _by(), now)
    reclaim(runtime.store)
    for kind, count in done.items():
        typer.echo(f"Destroyed: {count} {NAMES[kind]}.")
    left = sum(one.count for one in due if one.kind == "case") - done["case"]
    if left > 0:
        typer.echo(f"{left} files stay for now, for an alert of theirs still has no decision.")


@app.command()
def destroy(
    number: Number,
    because: Annotated[
        str, typer.Option(help="request, court or mistake; see destroy_because in retention.yml.")
    ] = "request",
    reference: Reference = "",
    yes: Yes = False,
) -> None:
    """Destroy one file before its time. A stub stays: its number, when, and why."""
    from pluis.retention.destroying import destroy_case
    from pluis.store.retention import reclaim

    runtime, periods = _runtime()
    _known(because, periods.destroy_because)
    if not yes:
        typer.confirm(f"Everything about {number} goes, and cannot be brought back. Destroy it?", abort=True)
    with _answers(runtime) as ends, runtime.store.transaction() as session:
        case = _case(session, number)
        ends.append(destroy_case(session, runtime.access_log, case, because, reference[:40], _by(), datetime.now(UTC)))
    reclaim(runtime.store)
    typer.echo(f"{number} was destroyed. Backups still hold it until they are overwritten; see docs/retention.md.")


@app.command()
def hold(
    number: Number,
    because: Annotated[str, typer.Option(help="complaint, court, inspection or interest; see retention.yml.")],
    reference: Reference = "",
) -> None:
    """Forbid that a file is destroyed, until it is released."""
    from pluis.retention.destroying import hold as keep

    runtime, periods = _runtime()
    _known(because, periods.hold_because)
    with _answers(runtime) as ends, runtime.store.transaction() as session:
        case = _case(session, number)
        ends.append(keep(session, runtime.access_log, case, because, reference[:40], _by(), datetime.now(UTC)))
    typer.echo(f"{number} is held: nothing of it is destroyed until: pluis retention release {number}")


@app.command()
def release(number: Number) -> None:
    """Let a file go that was held; its period counts again."""
    from pluis.retention.destroying import release as let_go

    runtime, _periods = _runtime()
    with _answers(runtime) as ends, runtime.store.transaction() as session:
        ends.append(let_go(session, runtime.access_log, _case(session, number), _by(), datetime.now(UTC)))
    typer.echo(f"{number} is no longer held.")


@app.command("list")
def list_() -> None:
    """Show which files are held, and what is left to say of those that were destroyed."""
    from pluis.store import retention

    runtime, periods = _runtime()
    over = {"period": f"Its period was over ({periods.case})"}
    holding = {name: words["en"] for name, words in periods.hold_because.items()}
    destroying = over | {name: words["en"] for name, words in periods.destroy_because.items()}

    def why(row: "LegalHold | Destroyed", reasons: dict[str, str]) -> str:
        return f"{reasons.get(row.because, row.because)} {row.reference}".rstrip()

    with runtime.store.reading() as session:
        held, gone = retention.holds(session), retention.destroyed(session)
    for one in held:
        typer.echo(
            f"held       {one.case.number:<14} since {one.held_at:%Y-%m-%d} by {one.held_by}: {why(one, holding)}"
        )
    for row in gone:
        typer.echo(
            f"destroyed  {row.case_number:<14} on {row.destroyed_at:%Y-%m-%d} by {row.destroyed_by}: "
            f"{why(row, destroying)}"
        )
    if not held and not gone:
        typer.echo("No file is held, and none was destroyed.")


def _line(one: "Due") -> str:
    which = f": {', '.join(one.numbers[:20])}{' …' if len(one.numbers) > 20 else ''}" if one.numbers else ""
    held = f" (held, and therefore kept: {', '.join(one.held)})" if one.held else ""
    return f"{one.count:>7} {NAMES[one.kind]:<28} older than {one.period!s:<10} ({one.before:%Y-%m-%d}){which}{held}"


@contextmanager
def _answers(runtime: "Runtime") -> Iterator[list["End"]]:
    """Say in plain words when it cannot be done; note where the access log ends once it is done."""
    from pluis.retention.destroying import NotNow

    ends: list[End] = []
    try:
        yield ends
    except NotNow as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from None
    for end in ends:
        runtime.access_log.noted.move(end)


def _case(session: "Session", number: str) -> "Case":
    from pluis.retention.destroying import NotNow
    from pluis.store.retention import case_by_number

    case = case_by_number(session, number)
    if case is None:
        raise NotNow(f"There is no case {number}.")
    return case


def _known(because: str, reasons: Iterable[str]) -> None:
    if because not in reasons:
        typer.echo(f"'{because}' is no reason here. Use one of: {', '.join(reasons)}.", err=True)
        raise typer.Exit(1)


def _by() -> "By":
    from pluis.retention.destroying import By

    return By(getpass.getuser())


def _runtime() -> tuple["Runtime", "Periods"]:
    from pluis.content import ContentError
    from pluis.retention.periods import load_periods
    from pluis.runtime import start
    from pluis.settings import Settings, SettingsError

    try:
        runtime = start(Settings.load())
        return runtime, load_periods(runtime.settings.data)
    except (SettingsError, ContentError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
