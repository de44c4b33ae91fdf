"""Commands about escalations: what is open, who would be told when, who is on call, who is away."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from pluis.cli_logged import logged
from pluis.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from pluis.escalation.ladder import Person
    from pluis.store import Store
    from pluis.store.people import Team

STATES = ("open", "acknowledged", "decided", "closed")
app = typer.Typer(help="Alerts, and who is told when.", no_args_is_help=True)


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="open, acknowledged, decided, closed; several with commas.")] = (
        "open,acknowledged"
    ),
) -> None:
    """Show alerts with their state, their deadline and how far their messages came."""
    from pluis.escalation import view
    from pluis.store import escalations

    states = tuple(part.strip() for part in state.split(","))
    if unknown := [one for one in states if one not in STATES]:
        _stop(f"There is no state '{unknown[0]}'. There are: {', '.join(STATES)}.")
    store, now = _store(), datetime.now(UTC)
    zone = _zone()
    with store.reading() as session:
        found = escalations.of_teams(session, None, states)
        for one in reversed(found):
            shown = view.as_json(one, "en", now)
            reached = ", ".join(f"{p['name']} ({p['reached']})" for p in shown["people"]) or "nobody"
            due = one.due_at.astimezone(zone).strftime("%a %d %b %H:%M") if one.due_at else "-"
            marks = " LATE" if shown["late"] else ""
            marks += " OVERDUE" if shown["overdue"] else ""
            case = one.case.number if one.case else "no case"
            typer.echo(f"{one.id:>5}  {one.level:<3} {case:<12} {one.state:<13} next {due:<17} told: {reached}{marks}")
    logged("escalation list", "list", "escalation")
    if not found:
        typer.echo(f"No alerts with state {state}.")


@app.command()
def simulate(
    level: Annotated[str, typer.Option(help="L1, L2, L2+ or L3.")],
    at: Annotated[str, typer.Option(help='"fri 23:40", "23:40" or "2026-12-25 10:00", in local time.')],
    team: Annotated[str, typer.Option(help="Name of the team; without it the first one.")] = "",
    repeats: Annotated[int, typer.Option(min=0, max=50, help="How often the last step is shown again.")] = 1,
) -> None:
    """Show who would be told when, if nobody answered: the ladder as it stands now, with the rota as it stands now."""
    from pluis.content import ContentError
    from pluis.escalation import simulate as play
    from pluis.protocol.read import load_protocol

    try:
        ladders = load_protocol(_settings().data).ladders
    except ContentError as error:
        _stop(str(error))
    level = level.upper()
    if level not in ladders.ladders:
        _stop(f"There is no ladder for {level}. There is one for: {', '.join(ladders.ladders)}.")
    zone = ZoneInfo(ladders.working_hours.timezone)
    try:
        moment = play.moment_from(at, datetime.now(UTC), zone)
    except ValueError:
        _stop(f'"{at}" is no moment. Write for example "fri 23:40" or "2026-12-25 10:00".')
    with _store().reading() as session:
        chosen = _team(session, team)
        name = chosen.name
        lines, by = play.play(ladders, level, lambda when: _people(session, chosen, when), moment, repeats)
    typer.echo(f"{level} on {moment.strftime('%A %d %B %Y %H:%M')} ({zone.key}), {name}, nobody answers:")
    for line in lines:
        when = line.at.astimezone(zone).strftime("%a %d %b %H:%M")
        said = {"told": f"step {line.step + 1}", "told again": "again", "nobody": f"step {line.step + 1}"}[line.what]
        more = line.step + 1 < len(ladders.ladders[level].steps)
        who = ", ".join(line.people) or ("NOBODY: the next step is taken at once" if more else "NOBODY")
        typer.echo(f"  {when}  {said:<7} {who:<40} {', '.join(line.channels)}")
    typer.echo(f"An answer is due by {by.astimezone(zone).strftime('%a %d %b %H:%M')}.")


@app.command()
def away(
    username: str,
    start: Annotated[str, typer.Option("--from", help="2026-12-24 or 2026-12-24 12:00, in local time.")],
    until: Annotated[str, typer.Option(help="The first moment at which this person is back.")],
    substitute: Annotated[str, typer.Option(help="User name of whoever stands in.")] = "",
) -> None:
    """Record that somebody is away, and who stands in: alerts go to the substitute meanwhile."""
    from pluis.escalation import planning

    with _store().transaction() as session:
        try:
            planning.send_away(session, username, start, until, substitute, _zone())
        except planning.CannotPlan as refused:
            _stop(_say(refused.why))
    typer.echo(f"{username} is away until {until}; {substitute or 'nobody'} stands in.")


@app.command("on-call")
def on_call(
    username: str,
    start: Annotated[str, typer.Option("--from", help="2026-12-24 18:00, in local time.")],
    until: Annotated[str, typer.Option(help="The end of the shift, in the same way.")],
    team: Annotated[str, typer.Option(help="Name of the team; without it the first one.")] = "",
    times: Annotated[int, typer.Option(help="How many shifts.")] = 1,
    every: Annotated[int, typer.Option(help="So many weeks between them.")] = 1,
) -> None:
    """Put somebody on the rota of a team."""
    from pluis.escalation import planning

    with _store().transaction() as session:
        try:
            count = planning.put_on_call(
                session, _team(session, team).id, username, start, until, _zone(), times, every
            )
        except planning.CannotPlan as refused:
            _stop(_say(refused.why))
    typer.echo(f"{count} shifts put on the rota." if count != 1 else "One shift put on the rota.")


@app.command()
def check(days: Annotated[int, typer.Option(min=1, max=90, help="How many days ahead.")] = 14) -> None:
    """Say what keeps alerts from somebody: gaps in the rota, addresses of who left, nobody standing in."""
    from pluis.escalation import coverage
    from pluis.escalation.channels import Channels
    from pluis.protocol.read import load_protocol
    from pluis.store import rota

    hours = load_protocol(_settings().data).ladders.working_hours
    zone, now, lines = ZoneInfo(hours.timezone), datetime.now(UTC), list[str]()
    with _store().reading() as session:
        teams = rota.teams(session)
        if not teams:
            _stop("There is no team yet.")
        for team in teams:
            for one in coverage.troubles(session, hours, Channels(_settings()), team, now, timedelta(days=days)):
                values = {
                    name: value.astimezone(zone).strftime("%a %d %b %H:%M") if isinstance(value, datetime) else value
                    for name, value in one.values.items()
                }
                lines.append(f"{team.name}: {_say(f'rota_trouble_{one.kind}', **values)}")
    if lines:
        _stop("\n".join(lines))
    typer.echo(f"In the coming {days} days there is always somebody who is told.")


def _say(text: str, **values: object) -> str:
    from pluis.web.texts import say

    return say(text, "en", **values)


def _people(session: "Session", team: "Team", at: datetime) -> "dict[str, Sequence[Person]]":
    from pluis.escalation.recipients import Roster
    from pluis.store.escalations import Escalation

    return Roster(session, at).roles(Escalation(team_id=team.id))


def _team(session: "Session", name: str) -> "Team":
    from pluis.store import rota

    found = rota.teams(session)
    chosen = next((one for one in found if one.name == name or not name), None)
    if not found:
        _stop("There is no team yet.")
    if chosen is None:
        _stop(f"There is no team '{name}'. There are: {', '.join(one.name for one in found)}.")
    return chosen


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _store() -> "Store":
    from pluis.store import Store

    return Store.of(_settings())


def _zone() -> ZoneInfo:
    from pluis.protocol.read import load_protocol

    return ZoneInfo(load_protocol(_settings().data).ladders.working_hours.timezone)


def _stop(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)
