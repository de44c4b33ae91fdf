"""A backup holds everything, shows nothing, and comes back as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from pluis.backup.content import content_of
from pluis.backup.copying import back_up, restore
from pluis.backup.envelope import PIECE, BackupError, read, write
from pluis.cli import app
from pluis.store import Store
from pluis.store.keys import Keys, KeysError
from pluis.store.people import Account
from tests.support.databases import KEYS, NOW, Databases


def hash_of(store: Store) -> str:
    with store.reading() as session:
        return content_of(session).hash


def test_it_comes_back_into_an_empty_database(databases: Databases, store: Store, tmp_path: Path) -> None:
    about = back_up(store, tmp_path / "backup", NOW)
    raw = (tmp_path / "backup").read_bytes()
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    assert b"counselor" not in raw

    with databases.empty() as url:
        other = Store(url, Keys(KEYS))
        restore(other, tmp_path / "backup", replace=False)
        assert hash_of(other) == hash_of(store) == about.content_hash
        other.engine.dispose()


def test_it_replaces_only_when_told(store: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "backup", NOW)
    before = hash_of(store)
    with store.transaction() as session:
        account = session.get(Account, 1)
        assert account is not None
        account.name = "Somebody else"
    after = hash_of(store)
    assert after != before

    with pytest.raises(BackupError, match="--replace"):
        restore(store, tmp_path / "backup", replace=False)
    assert hash_of(store) == after

    restore(store, tmp_path / "backup", replace=True)
    assert hash_of(store) == before
    back_up(store, tmp_path / "second", NOW)


def test_what_is_not_whole_is_not_put_back(store: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "backup", NOW)
    before, raw = hash_of(store), (tmp_path / "backup").read_bytes()

    for name, content in {"cut": raw[:-100], "changed": raw[:-9] + b"!" + raw[-8:], "other": b"hello"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BackupError, match=r"not whole|no backup"):
            restore(store, tmp_path / name, replace=True)
    assert hash_of(store) == before


def test_another_content_is_taken_back(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(store, tmp_path / "backup", NOW)
    before = hash_of(store)
    with store.transaction() as session:
        session.execute(text("update account set name = 'x' where id = 1"))
    after = hash_of(store)
    monkeypatch.setattr("pluis.backup.copying.content_of", lambda session: content_of(session)._replace(hash="0"))

    with pytest.raises(BackupError, match="as it was"):
        restore(store, tmp_path / "backup", replace=True)
    assert before != hash_of(store) == after


def test_without_its_key_it_stays_shut(store: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "backup", NOW)
    other = Store(store.engine.url.render_as_string(hide_password=False), Keys(f"A{KEYS[1:]}"))
    with pytest.raises(KeysError, match="is needed to open"):
        restore(other, tmp_path / "backup", replace=True)
    other.engine.dispose()


def test_a_text_that_was_tampered_with_does_not_stop_the_backups(store: Store, tmp_path: Path) -> None:
    with store.transaction() as session:
        session.execute(text("update person set name = (select family from cases limit 1) where id = 1"))
    assert back_up(store, tmp_path / "backup", NOW).unreadable == 1


def test_without_pg_dump_it_says_what_to_install(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.sqlite:
        pytest.skip("SQLite needs no other program")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump is not installed"):
        back_up(store, tmp_path / "backup", NOW)


@pytest.mark.parametrize("size", [0, 10, PIECE * 3 + 7])
def test_pieces_of_any_size_come_back(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    with (tmp_path / "file").open("wb") as file:
        write(file, Keys(KEYS), [content])
    with (tmp_path / "file").open("rb") as file:
        assert b"".join(read(file, Keys(KEYS))) == content


def test_the_commands(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not store.sqlite:
        pytest.skip("the commands are the same on both")
    url = store.engine.url.render_as_string(hide_password=False)
    for name, value in {
        "DATABASE_URL": url, "PLUIS_KEYS": KEYS, "PLUIS_HOME": str(tmp_path), "PLUIS_PORT": "18214",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def run(*words: str) -> str:
        return CliRunner().invoke(app, list(words)).output

    file = str(tmp_path / "backup")
    expected = hash_of(store)
    assert expected in run("db", "hash")
    assert expected in run("backup", file)
    assert "is there already" in run("backup", file)
    assert "--replace" in run("restore", file)
    assert expected in run("restore", file, "--replace")
