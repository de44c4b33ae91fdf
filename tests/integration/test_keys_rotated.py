"""A database that is sealed, tampered with, given a new key, and taken back to before it was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner

from pluis.cli import app
from pluis.run import RunError
from pluis.run import _prepare_database as prepare_database
from pluis.store import Store, rotating
from pluis.store.cases import Case, Person
from pluis.store.debriefs import Debrief
from pluis.store.keys import Key, Keys, parse, read, write
from pluis.store.migrate import downgrade, upgrade
from pluis.store.sealed import SealError
from tests.support.databases import KEYS, Databases, settings_for

FAMILY = "P-1001"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A key file with the key of the tests."""
    write(tmp_path / "keys", parse([KEYS]))
    return tmp_path / "keys"


@pytest.fixture
def opened(databases: Databases, file: Path) -> Iterator[Store]:
    """The demo, opened with the key file."""
    with databases.copy() as url:
        store = Store(url, Keys(file=file))
        yield store
        store.engine.dispose()


def everything(store: Store) -> list[object]:
    with store.reading() as session:
        families = session.execute(select(Case.id, Case.family).order_by(Case.id)).all()
        people = session.execute(select(Person.id, Person.name).order_by(Person.id)).all()
        notes = session.execute(select(Debrief.id, Debrief.note, Debrief.greeting).order_by(Debrief.id)).all()
        return [*families, *people, *notes]


def add_key(file: Path) -> Key:
    key = Key(b"n" * 32)
    write(file, [key, *read(file)])
    return key


def test_a_text_changed_in_the_database_is_not_shown(opened: Store) -> None:
    with opened.transaction() as session:
        session.execute(text("update person set name = (select family from cases limit 1) where id = 1"))
    with opened.reading() as session, pytest.raises(SealError, match=r"person\.name"):
        session.get(Person, 1)


def test_a_new_key_takes_over_while_others_work(opened: Store, file: Path) -> None:
    other = Store(opened.engine.url.render_as_string(hide_password=False), Keys(file=file))
    before = everything(opened)
    old = opened.keys.newest()
    new = add_key(file)
    with other.transaction() as session:
        case = session.scalars(select(Case).where(Case.number == FAMILY)).one()
        case.one_parent_reason = "Vader is niet bekend."
    assert rotating.in_use(other)[new.id] == 1

    rows = rotating.seal_anew(opened)

    assert rows > 10
    assert set(rotating.in_use(other)) == {new.id}
    write(file, [new])
    assert everything(other) == everything(opened) == before
    assert rotating.seal_anew(opened) == 0
    assert old.id != new.id
    other.engine.dispose()


def test_a_rotation_that_was_cut_off_goes_on(opened: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotating, "BATCH", 3)
    before, new = everything(opened), add_key(file)

    def cut(rows: int) -> None:
        if rows >= 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotating.seal_anew(opened, cut)
    half = rotating.in_use(opened)
    assert len(half) == 2
    assert everything(opened) == before

    rotating.seal_anew(opened)
    assert set(rotating.in_use(opened)) == {new.id}
    assert everything(opened) == before


def test_back_to_before_and_sealed_again(databases: Databases) -> None:
    keys = Keys(KEYS)
    with databases.copy() as url:
        store = Store(url, keys)
        before = everything(store)
        store.engine.dispose()

        downgrade(url, keys, "0006")
        plain = Store(url)
        with plain.reading() as session:
            names = [row[0] for row in session.execute(text("select family from cases order by id"))]
        plain.engine.dispose()
        assert names == [row[1] for row in before if isinstance(row[0], int)][: len(names)]  # type: ignore[index]

        upgrade(url, keys)
        store = Store(url, keys)
        assert everything(store) == before
        store.engine.dispose()
        if url.startswith("sqlite"):
            files = Path(store.engine.url.database or "")
            raw = b"".join(one.read_bytes() for one in files.parent.glob(f"{files.name}*"))
            assert not [name for name in names if name.encode() in raw], "left behind in the file"


def test_without_a_key_pluis_starts_only_as_a_demo(tmp_path: Path) -> None:
    real = settings_for(f"sqlite:///{tmp_path / 'pluis.db'}", tmp_path).model_copy(update={"keys": "", "demo": False})
    with pytest.raises(RunError, match="pluis keys add"):
        prepare_database(real)
    assert not (tmp_path / "pluis.db").exists()

    prepare_database(real.model_copy(update={"demo": True}))
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


def test_the_commands_say_what_they_do(opened: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not opened.sqlite:
        pytest.skip("the commands are the same on both")
    url = opened.engine.url.render_as_string(hide_password=False)
    for name, value in {"DATABASE_URL": url, "PLUIS_HOME": str(file.parent), "PLUIS_KEY_FILE": str(file)}.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> str:
        ended = CliRunner().invoke(app, ["keys", *words])
        return f"{ended.exit_code} {ended.output}"

    old = opened.keys.newest().id.hex()
    assert f"{old}  seals" in run("list")
    assert run("retire", old).startswith("1")
    assert "Everything is sealed with" in run("rotate")
    assert f"{old}  is no longer needed" in run("list")
    assert run("retire", old).startswith("0")
    assert old not in run("list")
    assert everything(opened)
