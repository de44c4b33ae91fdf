"""Texts are sealed for their column, and names are found by their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pluis.store import Base
from pluis.store.keys import Keys, KeysError, make_first, parse, read
from pluis.store.rotating import sealed_columns, sealed_tables
from pluis.store.sealed import SealError, seal, unseal
from tests.support.databases import KEYS

TEXT = "Vader schreeuwde. 😡 Ж".encode()


def test_what_was_sealed_opens_and_shows_nothing() -> None:
    keys = Keys(KEYS)
    sealed = seal(keys, "turn.text", TEXT)

    assert unseal(keys, "turn.text", sealed) == TEXT
    assert b"Vader" not in sealed
    assert seal(keys, "turn.text", TEXT) != sealed


@pytest.mark.parametrize("byte", [0, 20, -1], ids=["version", "text", "tag"])
def test_a_changed_byte_is_noticed(byte: int) -> None:
    sealed = bytearray(seal(Keys(KEYS), "turn.text", TEXT))
    sealed[byte] ^= 1
    with pytest.raises(SealError, match=r"turn\.text"):
        unseal(Keys(KEYS), "turn.text", bytes(sealed))


def test_a_text_does_not_open_in_another_column() -> None:
    with pytest.raises(SealError, match="moved there"):
        unseal(Keys(KEYS), "debrief.note", seal(Keys(KEYS), "turn.text", TEXT))


def test_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    make_first(tmp_path / "keys")
    with pytest.raises(KeysError, match=f"The key {Keys(KEYS).newest().id.hex()} is needed"):
        unseal(Keys(file=tmp_path / "keys"), "turn.text", seal(Keys(KEYS), "turn.text", TEXT))


def test_without_keys_nothing_is_sealed(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="pluis keys add"):
        seal(Keys(file=tmp_path / "keys"), "turn.text", TEXT)


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    make_first(file)
    assert file.stat().st_mode & 0o777 == 0o600

    file.chmod(0o644)
    with pytest.raises(KeysError, match="chmod 600"):
        read(file)


def test_half_a_key_is_refused() -> None:
    with pytest.raises(KeysError, match="Key number 2"):
        parse([KEYS, KEYS[:20]])


def test_every_sealed_column_is_sealed_for_itself() -> None:
    for table in sealed_tables():
        for name in sealed_columns(table):
            assert table.c[name].type.place == f"{table.name}.{name}"  # type: ignore[attr-defined]


def test_no_text_about_people_is_left_open() -> None:
    """Columns of text and JSON that stay plain are named here, with what they hold."""
    plain = {
        "account.channels",  # names of channels
        "assessment.grave",  # ids of questions
        "found.facets",  # ids
        "destroyed.row_counts",  # tables and numbers
        "delivery.error",  # what a mail server said
        "reminder.error",
        "reminder.items",  # kinds and numbers
        "escalation.ladder",  # accounts and times
        "escalation_event.detail",  # kinds and numbers
        "practice.people",  # numbers of rows
    }
    open_ones = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if str(column.type) in ("TEXT", "JSON")
    }
    assert open_ones <= plain
