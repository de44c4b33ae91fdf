"""The command line of Pluis. Commands import what they need when they run, so that `--help` is quick."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pluis import cli_backup, cli_dossier
from pluis.cli_audit import app as audit
from pluis.cli_case import app as case
from pluis.cli_escalation import app as escalation
from pluis.cli_keys import app as keys
from pluis.cli_retention import app as retention
from pluis.cli_user import app as user
from pluis.cli_vignette import app as vignette
from pluis.settings import Settings, SettingsError

app = typer.Typer(
    help="Pluis debriefs a family counselor after a home visit and makes sure that a human knows in time.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
protocol = typer.Typer(help="The questions, rules and texts in data/protocol.", no_args_is_help=True)
signals = typer.Typer(help="Signals in text.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(protocol, name="protocol")
app.add_typer(signals, name="signals")
app.add_typer(db, name="db")
app.add_typer(audit, name="audit")
app.add_typer(escalation, name="escalation")
app.add_typer(keys, name="keys")
app.add_typer(retention, name="retention")
app.add_typer(case, name="case")
app.add_typer(user, name="user")
app.add_typer(vignette, name="vignette")
case.command()(cli_dossier.dossier)
app.command()(cli_backup.backup)
app.command()(cli_backup.restore)
db.command("hash")(cli_backup.content_hash)


@contextmanager
def plainly(*errors: type[Exception]) -> Iterator[None]:
    """End with exit code 1 and the message of the error, without a stack trace, for the errors named."""
    try:
        yield
    except errors as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def settings(make_secrets: bool = True) -> Settings:
    """The settings, or a plain sentence and exit code 2."""
    try:
        return Settings.load(make_secrets=make_secrets)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command()
def run(
    demo: Annotated[
        bool,
        typer.Option("--demo", help="With demo data and demo accounts, unless PLUIS_DEMO says otherwise."),
    ] = False,
) -> None:
    """Start every process of the Procfile and keep them running until Ctrl-C or TERM."""
    from pluis.model import TrainingError
    from pluis.run import RunError
    from pluis.run import run as run_all

    chosen = settings()
    if demo and "demo" not in chosen.model_fields_set:
        chosen = chosen.model_copy(update={"demo": True})
    with plainly(RunError, TrainingError):
        run_all(chosen)


@app.command()
def train(force: Annotated[bool, typer.Option("--force", help="Also when nothing changed.")] = False) -> None:
    """Train what the assistant understands, if what it is made of changed."""
    from pluis.model import TrainingError
    from pluis.model import train as train_model

    with plainly(TrainingError):
        train_model(force)


@protocol.command("check")
def protocol_check() -> None:
    """Check the content: each fault is shown with its file, its entry and its cure."""
    from pluis.content import ContentError
    from pluis.protocol.messages import load_messages
    from pluis.protocol.read import load_protocol

    data = settings(make_secrets=False).data
    with plainly(ContentError):
        checked = load_protocol(data)
        load_messages(data)
    questions = sum(len(block.questions) for block in checked.blocks)
    typer.echo(f"{data / 'protocol'} is in order: {questions} questions, {len(checked.rules.rules)} rules.")


@signals.command("detect")
def signals_detect() -> None:
    """Read notes as JSON lines {"id", "lang", "text"} and write for each the signals found, with their words."""
    from pluis.content import ContentError
    from pluis.signals.detect import detect_lines
    from pluis.signals.finder import Finder

    with plainly(ContentError):
        finder = Finder.load(settings(make_secrets=False).data)
    for found in detect_lines(sys.stdin.buffer, finder):
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        sys.stdout.flush()


@signals.command("train")
def signals_train(
    adapt: Annotated[bool, typer.Option("--adapt", help="First correct the encoder itself: needs torch.")] = False,
) -> None:
    """Learn from data/signals/sentences what data/signals/model holds: some minutes, on the processor alone."""
    from pluis.content import ContentError
    from pluis.signals.adapting import adapt as adapt_encoder
    from pluis.signals.training import train as train_detector

    data = settings(make_secrets=False).data
    with plainly(ContentError):
        if adapt:
            adapt_encoder(data)
        about = train_detector(data)
    typer.echo(f"Learned from {about.notes} notes.")


@signals.command("check")
def signals_check() -> None:
    """Check the marked notes: labels, double notes, notes of two parts too much alike, and whether to train again."""
    from pluis.content import ContentError
    from pluis.signals.training import check

    with plainly(ContentError):
        typer.echo(check(settings(make_secrets=False).data))


@signals.command("evaluate")
def signals_evaluate(
    files: Annotated[list[Path], typer.Argument(help="Marked notes: .yml files, folders of them, or .jsonl files.")],
    picture: Annotated[Path | None, typer.Option(help="Also draw the figures, into this SVG file.")] = None,
) -> None:
    """Measure the finder on marked notes it has not learned from, and print the figures as Markdown."""
    from pluis.content import ContentError
    from pluis.signals import evaluate, report
    from pluis.signals.taxonomy import read_taxonomy

    data = settings(make_secrets=False).data
    with plainly(ContentError):
        taxonomy = read_taxonomy(data)
        notes = evaluate.read_notes(files, taxonomy)
        evaluate.refuse_known(notes, evaluate.training_notes(data, taxonomy))
        results = {
            name: evaluate.measure(evaluate.outcomes(notes, finder), taxonomy)
            for name, finder in evaluate.finders(data).items()
        }
    typer.echo(report.markdown(results))
    if picture:
        picture.write_text(report.picture(results["both"], f"{len(notes)} notes"), "utf-8")


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest version. Safe to repeat; `pluis run` does it too."""
    from pluis.store.engine import keys_of
    from pluis.store.keys import KeysError
    from pluis.store.migrate import upgrade

    chosen = settings()
    chosen.home.mkdir(parents=True, exist_ok=True)
    with plainly(KeysError):
        upgrade(chosen.database_url, keys_of(chosen))
    typer.echo("The database is up to date.")


if __name__ == "__main__":
    app()
