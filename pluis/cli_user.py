"""`pluis user`: accounts, from the machine that Pluis runs on. The first administrator begins here."""

from typing import Annotated

import typer

from pluis.settings import Settings
from pluis.store import Store
from pluis.store.people import ROLES, Account, Team, by_username, team_by_name

app = typer.Typer(help="Accounts of people.", no_args_is_help=True)
SHORTEST_PASSWORD = 12


def _store() -> Store:
    return Store.of(Settings.load())


def _password(given: str | None) -> str:
    """A password from a file or a pipe, or asked for; never on the command line, where others could read it."""
    password = given if given is not None else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST_PASSWORD:
        _stop(f"A password has at least {SHORTEST_PASSWORD} characters. Choose a longer one; a sentence is good.")
    return str(password)


def _stop(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _piped() -> str | None:
    stream = typer.get_text_stream("stdin")
    return None if stream.isatty() else stream.readline().rstrip("\n")


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(help="The name that others see.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    team: Annotated[str, typer.Option(help="The team; it is made if it is new.")] = "",
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    phone: Annotated[str, typer.Option(help="Where a supervisor can reach this person.")] = "",
) -> None:
    """Add a person. The password is asked for, or read from standard input."""
    from pluis.access.signing_in import hash_password

    if role not in ROLES:
        _stop(f"'{role}' is no role. Use one of: {', '.join(ROLES)}.")
    if language not in ("nl", "en"):
        _stop(f"'{language}' is no language that Pluis speaks. Use nl or en.")
    if role in ("counselor", "supervisor") and not team:
        _stop(f"A {role} belongs to a team. Name it with --team.")
    password = _password(_piped())
    with _store().transaction() as session:
        if by_username(session, username) is not None:
            _stop(f"There is already somebody called {username}. Choose another name to sign in with.")
        found = team_by_name(session, team) if team else None
        if team and found is None:
            found = Team(name=team)
            session.add(found)
            session.flush()
        session.add(
            Account(
                username=username.strip().lower(),
                name=name,
                role=role,
                team_id=found.id if found else None,
                language=language,
                phone=phone,
                password_hash=hash_password(password),
            )
        )
    typer.echo(f"{name} can sign in as {username.strip().lower()}.")


@app.command()
def passwd(username: Annotated[str, typer.Argument(help="Whose password.")]) -> None:
    """Give somebody a new password, and end every sign-in of theirs."""
    from pluis.access import signing_in

    password = _password(_piped())
    with _store().transaction() as session:
        account = by_username(session, username)
        if account is None:
            _stop(f"There is nobody called {username}.")
            return
        account.password_hash = signing_in.hash_password(password)
        account.failures, account.locked_until = 0, None
        signing_in.end_all(session, account.id)
    typer.echo(f"{username} has a new password and has to sign in again.")


@app.command()
def disable(username: Annotated[str, typer.Argument(help="Who may no longer sign in.")]) -> None:
    """Close an account: nobody signs in with it any more, and it is told nothing any more."""
    from pluis.access import signing_in

    with _store().transaction() as session:
        account = by_username(session, username)
        if account is None:
            _stop(f"There is nobody called {username}.")
            return
        account.active = False
        signing_in.end_all(session, account.id)
    typer.echo(f"{username} can no longer sign in.")
