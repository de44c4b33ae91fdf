"""What can be set and what can be typed is documented."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from pluis.cli import app
from pluis.run import DEMO_ACCOUNTS
from pluis.settings import ROOT, Settings, setting_name

SETTINGS = [setting_name(field) for field in Settings.model_fields]
OPERATORS = (ROOT / "docs" / "operators.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()


def commands(group: Any, words: str = "pluis") -> Iterator[str]:
    if not hasattr(group, "commands"):
        yield words
        return
    for name, command in group.commands.items():
        yield from commands(command, f"{words} {name}")


COMMANDS = list(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_documented(name: str) -> None:
    assert re.search(rf"^#{name}=", EXAMPLE, re.M), f"{name} is not in .env.example"
    assert f"| `{name}` |" in OPERATORS, f"{name} is not in docs/operators.md"


def test_only_settings_are_documented() -> None:
    known = {*SETTINGS, "PLUIS_TEST_POSTGRES_URL"}
    assert set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.M)) == known
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATORS, re.M)) == set(SETTINGS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"| `{command}" in OPERATORS, f"{command} is not in docs/operators.md"


def test_only_commands_are_documented() -> None:
    documented = re.findall(r"^\| `(pluis [a-z -]+?)`", OPERATORS, re.M)
    assert sorted(documented) == sorted(COMMANDS)


def test_every_command_says_what_it_does() -> None:
    from typer.testing import CliRunner

    for command in COMMANDS:
        result = CliRunner().invoke(app, [*command.split()[1:], "--help"])
        assert result.exit_code == 0, command
        assert "Usage" in result.output


def test_every_make_target_is_listed() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert phony
    targets = {name for name in phony[1].split() if not name.endswith("-environment")}
    assert targets == set(re.findall(r"^([a-z]+):.*## ", makefile, re.M))


def test_links_between_documents_hold() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "models" / "README.md"]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} points to {target}, which does not exist"


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_readme_names_accounts_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    for account in re.findall(r"`demo-([a-z0-9]+)`", readme):
        assert account in DEMO_ACCOUNTS
