"""`pluis user`: accounts, from the machine that Pluis runs on. The first administrator begins here."""

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from pluis.cli_logged import logged
from pluis.settings import Settings
from pluis.store import Store
from pluis.store.people import ROLES, Account, Team, by_username, team_by_name

app = typer.Typer(help="Accounts of people.", no_args_is_help=True)
CHANNELS = ("mail", "sms", "chat")  # those that a person may choose from: pluis/escalation/reach.py


def _store() -> Store:
    return Store.of(Settings.load())


def _password(given: str | None, *about: str) -> str:
    """A password from a file or a pipe, or asked for; never on the command line, where others could read it."""
    from pluis.access import passwords
    from pluis.web.texts import say

    password = given if given is not None else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    fault = passwords.fault(str(password), *about)
    if fault:
        _stop(say(fault, "en", shortest=passwords.SHORTEST))
    return str(password)


def _stop(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _piped() -> str | None:
    stream = typer.get_text_stream("stdin")
    return None if stream.isatty() else stream.readline().rstrip("\n")


def _known(session: Session, username: str) -> Account:
    account = by_username(session, username)
    if account is None:
        typer.echo(f"There is nobody called {username}.", err=True)
        raise typer.Exit(1)
    return account


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(help="The name that others see.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    team: Annotated[str, typer.Option(help="The team; it is made if it is new.")] = "",
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    phone: Annotated[str, typer.Option(help="Where this person is phoned, and where text messages go.")] = "",
    mail: Annotated[str, typer.Option(help="Where alerts go by mail.")] = "",
    chat: Annotated[str, typer.Option(help="Where alerts go in the chat of the organisation.")] = "",
    channel: Annotated[
        list[str] | None,
        typer.Option(help=f"Only over this channel ({', '.join(CHANNELS)}); repeat it. Acute alerts go over all."),
    ] = None,
) -> None:
    """Add a person. The password is asked for, or read from standard input."""
    from pluis.access.passwords import hash_password

    if role not in ROLES:
        _stop(f"'{role}' is no role. Use one of: {', '.join(ROLES)}.")
    if language not in ("nl", "en"):
        _stop(f"'{language}' is no language that Pluis speaks. Use nl or en.")
    if role in ("counselor", "supervisor") and not team:
        _stop(f"A {role} belongs to a team. Name it with --team.")
    addresses = {"mail": mail, "sms": phone, "chat": chat}
    for one in channel or []:
        if one not in CHANNELS:
            _stop(f"'{one}' is no channel. Use {', '.join(CHANNELS)}.")
        if not addresses[one]:
            _stop(f"Nothing can go over {one} without an address: give --{'phone' if one == 'sms' else one}.")
    with _store().reading() as session:
        if by_username(session, username) is not None:
            _stop(f"There is already somebody called {username}. Choose another name to sign in with.")
    password = _password(_piped(), username, name)
    with _store().transaction() as session:
        found = team_by_name(session, team) if team else None
        if team and found is None:
            found = Team(name=team)
            session.add(found)
            session.flush()
        session.add(
            Account(
                username=username.strip().lower(), name=name, role=role, team_id=found.id if found else None,
                language=language, phone=phone, mail=mail, chat=chat, channels=channel or None,
                password_hash=hash_password(password),
            )
        )  # fmt: skip
    logged("user add", "change", "account", username.strip().lower())
    typer.echo(f"{name} can sign in as {username.strip().lower()}.")


@app.command()
def passwd(username: Annotated[str, typer.Argument(help="Whose password.")]) -> None:
    """Give somebody a new password, and end every sign-in of theirs."""
    from pluis.access import passwords, signing_in

    with _store().reading() as session:
        about = _known(session, username)
    password = _password(_piped(), about.username, about.name)
    with _store().transaction() as session:
        account = _known(session, username)
        account.password_hash = passwords.hash_password(password)
        account.failures, account.locked_until = 0, None
        signing_in.end_all(session, account.id)
    logged("user passwd", "change", "account", username)
    typer.echo(f"{username} has a new password and has to sign in again.")


@app.command()
def disable(username: Annotated[str, typer.Argument(help="Who may no longer sign in.")]) -> None:
    """Close an account: nobody signs in with it any more, and it is told nothing any more."""
    from pluis.access import signing_in

    with _store().transaction() as session:
        account = _known(session, username)
        account.active = False
        signing_in.end_all(session, account.id)
    logged("user disable", "change", "account", username)
    typer.echo(f"{username} can no longer sign in.")


@app.command("reset-factor")
def reset_factor(username: Annotated[str, typer.Argument(help="Who lost the phone and the recovery codes.")]) -> None:
    """Forget somebody's second factor and sign them out; they set up a new one when they sign in.

    Make sure first that it is really them who ask: see each other, or phone them on the number that you know.
    """
    from pluis.access import second_factor, signing_in

    with _store().transaction() as session:
        account = _known(session, username)
        second_factor.reset(session, account.id)
        signing_in.end_all(session, account.id)
    logged("user reset-factor", "change", "account", username)
    typer.echo(f"{username} sets up a new second factor at the next sign-in.")
