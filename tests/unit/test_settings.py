"""Settings: where they come from, what follows from what, and what is refused."""

import os
import stat
from pathlib import Path

import pytest

from pluis.settings import ROOT, Settings, SettingsError, setting_name


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for field in Settings.model_fields:
        monkeypatch.delenv(setting_name(field), raising=False)
    monkeypatch.setenv("PLUIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def load(tmp_path: Path, text: str = "") -> Settings:
    file = tmp_path / "settings.env"
    file.write_text(text)
    return Settings.load(file)


def test_the_defaults_are_those_that_the_documentation_names(home: Path, tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.host, settings.port, settings.bot_port, settings.actions_port) == (
        "127.0.0.1",
        8000,
        5005,
        5055,
    )
    assert settings.database_url == f"sqlite:///{home}/pluis.db"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.language == "nl"
    assert settings.data == ROOT / "data"
    assert not settings.demo


def test_the_environment_goes_before_the_file(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUIS_LANGUAGE", "en")
    settings = load(tmp_path, "PLUIS_LANGUAGE=nl\nPLUIS_PORT=8200\n")
    assert (settings.language, settings.port) == ("en", 8200)


def test_an_empty_value_is_no_value(home: Path, tmp_path: Path) -> None:
    assert load(tmp_path, "PLUIS_PORT=\nDATABASE_URL=\n").port == 8000


@pytest.mark.parametrize("port", [80, 1024, 8001, 8100, 8150, 20_000, 45_535, 45_536, 60_000, 65_535])
def test_inner_ports_follow_and_stay_in_range(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setenv("PLUIS_PORT", str(port))
    settings = load(tmp_path)
    ports = {settings.port, settings.bot_port, settings.actions_port}
    assert len(ports) == 3
    assert all(1024 <= inner <= 65_535 for inner in ports - {port})


def test_inner_ports_of_neighbours_differ(home: Path, tmp_path: Path) -> None:
    taken: list[int] = []
    for port in range(8000, 8200):
        settings = load(tmp_path, f"PLUIS_PORT={port}")
        taken += [settings.port, settings.bot_port, settings.actions_port]
    assert len(taken) == len(set(taken))


def test_a_given_inner_port_stays(home: Path, tmp_path: Path) -> None:
    settings = load(tmp_path, "PLUIS_PORT=8100\nPLUIS_BOT_PORT=7000")
    assert (settings.bot_port, settings.actions_port) == (7000, 28100)


@pytest.mark.parametrize("start", ["postgres://", "postgresql://"])
def test_postgresql_gets_its_driver(home: Path, tmp_path: Path, start: str) -> None:
    assert load(tmp_path, f"DATABASE_URL={start}me:pw@db/x").database_url == "postgresql+psycopg://me:pw@db/x"


def test_relative_folders_start_at_the_checkout(home: Path, tmp_path: Path) -> None:
    assert load(tmp_path, "PLUIS_DATA=other/data").data == ROOT / "other" / "data"


def test_secrets_are_made_once_and_for_the_owner_alone(home: Path, tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert len(first.secret) >= 32
    assert len(first.channel_key) >= 32
    assert first.secret != first.channel_key
    assert (first.secret, first.channel_key) == (second.secret, second.channel_key)
    assert stat.S_IMODE((home / "secrets.env").stat().st_mode) == 0o600
    assert os.listdir(home) == ["secrets.env"]


def test_given_secrets_are_used_and_nothing_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUIS_SECRET", "s" * 32)
    monkeypatch.setenv("PLUIS_CHANNEL_KEY", "k" * 32)
    monkeypatch.setenv("PLUIS_LOG_KEY", "l" * 32)
    settings = load(tmp_path)
    assert (settings.secret, settings.channel_key) == ("s" * 32, "k" * 32)
    assert not home.exists()


def test_secrets_do_not_show(home: Path, tmp_path: Path) -> None:
    settings = load(tmp_path, "DATABASE_URL=postgresql://me:hidden@db/x")
    shown = repr(settings) + str(settings)
    assert settings.secret not in shown
    assert settings.channel_key not in shown
    assert "hidden" not in shown


def test_a_command_that_signs_nothing_makes_nothing(home: Path, tmp_path: Path) -> None:
    assert Settings.load(tmp_path / "none", make_secrets=False).secret == ""
    assert not home.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("PLUIS_PORT=70000", "PLUIS_PORT"),
        ("PLUIS_PORT=web", "PLUIS_PORT"),
        ("PLUIS_LANGUAGE=fr", "PLUIS_LANGUAGE: Input should be 'nl' or 'en'"),
        ("PLUIS_SECRET=short", "PLUIS_SECRET: must have at least 32 characters"),
        ("PLUIS_DEMO=perhaps", "PLUIS_DEMO"),
        ("PLUIS_BOT_PORT=8000", "must differ"),
        ("PLUIS_PROT=8100", "Did you mean PLUIS_PORT?"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(home: Path, tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words.replace("?", r"\?")):
        load(tmp_path, line)


def test_the_settings_are_frozen(home: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(tmp_path).port = 1


def test_processes_get_the_same_settings(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(tmp_path, "PLUIS_PORT=8100\nPLUIS_DEMO=1\n")
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert load(tmp_path) == settings
