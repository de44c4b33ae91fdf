"""`pluis vignette`: the made-up visits of the training."""

import typer

from pluis.settings import Settings, SettingsError

app = typer.Typer(help="The made-up visits of the training in data/vignettes.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `check` a command of its own, also while it is the only one."""


@app.command()
def check() -> None:
    """Check the vignettes: each fault is shown with its file, its entry and its cure."""
    from pluis.content import ContentError
    from pluis.protocol.read import load_protocol
    from pluis.training.library import FOLDER, load

    try:
        data = Settings.load(make_secrets=False).data
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    try:
        found = load(data, load_protocol(data))
    except ContentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    stories = [one for one in found.values() if one.story]
    visits = sum(len(one.visits) for one in stories)
    typer.echo(
        f"{data / FOLDER} is in order: {len(found) - len(stories)} single visits, "
        f"{len(stories)} stories with {visits} visits."
    )
