"""Who would be told when."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pluis.escalation.ladder import Person
from pluis.escalation.simulate import moment_from, play
from pluis.protocol.read import Protocol

HERE = ZoneInfo("Europe/Amsterdam")
PEOPLE = {"supervisor": [Person(1, "Ilse", "")], "on_call": [Person(2, "Bram", "")], "manager": [Person(3, "Mira", "")]}
FRIDAY = datetime(2026, 3, 13, 23, 40, tzinfo=HERE)


def test_friday_night(protocol: Protocol) -> None:
    lines, by = play(protocol.ladders, "L3", lambda _at: PEOPLE, FRIDAY, repeats=2)
    assert [(line.at.astimezone(HERE).strftime("%H:%M"), line.what, line.people) for line in lines] == [
        ("23:40", "told", ("Ilse", "Bram")),
        ("23:55", "told", ("Mira",)),
        ("00:10", "told", ("Mira", "Bram", "Ilse")),
        ("00:25", "told again", ("Mira", "Bram", "Ilse")),
        ("00:40", "told again", ("Mira", "Bram", "Ilse")),
    ]
    assert by.astimezone(HERE).strftime("%H:%M") == "23:55"


def test_the_rota_turns_on_the_way(protocol: Protocol) -> None:
    midnight = datetime(2026, 3, 14, tzinfo=HERE)
    lines, _by = play(
        protocol.ladders, "L3", lambda at: PEOPLE if at < midnight else PEOPLE | {"on_call": [Person(4, "Roos", "")]},
        FRIDAY, repeats=0,
    )  # fmt: skip
    assert [line.people for line in lines] == [("Ilse", "Bram"), ("Mira",), ("Mira", "Roos", "Ilse")]


def test_nobody_takes_the_next_step_at_once(protocol: Protocol) -> None:
    lines, _by = play(protocol.ladders, "L3", lambda _at: {}, FRIDAY, repeats=0)
    assert [line.what for line in lines] == ["nobody"] * 3
    assert {line.at for line in lines} == {FRIDAY}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fri 23:40", "2026-03-13 23:40"),
        ("Friday 23:40", "2026-03-13 23:40"),
        ("tue 14:00", "2026-03-17 14:00"),
        ("tue 16:00", "2026-03-10 16:00"),
        ("16:00", "2026-03-10 16:00"),
        ("vr 23:40", "2026-03-13 23:40"),
        ("dinsdag  14:00", "2026-03-17 14:00"),
        ("2026-12-25T10:00", "2026-12-25 10:00"),
        ("2026-12-25 10:00", "2026-12-25 10:00"),
    ],
)
def test_moments(text: str, expected: str) -> None:
    now = datetime(2026, 3, 10, 15, tzinfo=HERE)
    assert moment_from(text, now, HERE).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "fri", "fri 25:00", "2026-02-30 10:00", "frites 10:00", "0001-01-01 00:00", "9999-12-31 23:59"]
)
def test_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r"time data|day is out of range"):
        moment_from(text, datetime(2026, 3, 10, 15, tzinfo=HERE), HERE)
