"""Facts made up for tests of what decides: no database, no text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pluis.protocol.facts import Earlier, Facts, Finding, Subject

TODAY = date(2026, 3, 10)
NAMES = ("Sem", "Noor", "Liv", "Bo", "Kai")
MOTHER = Subject("p1", "adult", "Lina", "moeder", parent=True)
FATHER = Subject("p2", "adult", "Joris", "vader", parent=True)


def child(number: int = 1, months: int | None = 96, **more: Any) -> Subject:
    """The child with this number: p11, p12 and so on."""
    return Subject(f"p{10 + number}", "child", NAMES[number - 1], months=months, **more)


def children(count: int, months: int = 96) -> tuple[Subject, ...]:
    """So many children of this age."""
    return tuple(child(number, months) for number in range(1, count + 1))


DOMAINS = {
    "child": "child", "caregiver": "caregiver", "contact": "contact_process", "access": "contact_process",
    "seeming": "contact_process", "one": "contact_process", "help": "contact_process", "safety": "contact_process",
    "worker": "worker",
}  # fmt: skip


def finding(signal: str, severity: str = "concern", confirmation: str = "yes", **more: Any) -> Finding:
    """A finding, confirmed unless said otherwise. Its id follows from what it is."""
    made = {
        "id": abs(hash((signal, confirmation, more.get("subject"), more.get("words")))) % 10**9,
        "domain": DOMAINS.get(signal.partition("_")[0], "family_environment"),
        "words": signal,
        **more,
    }
    return Finding(signal=signal, severity=severity, confirmation=confirmation, **made)


def earlier(signal: str, severity: str = "concern", days: int = 14, debrief: str = "d1") -> Earlier:
    """A signal that was confirmed so many days ago."""
    return Earlier(signal, severity, date.fromordinal(TODAY.toordinal() - days), debrief)


def facts(**more: Any) -> Facts:
    """A family with a mother, a father and a child of eight, unless said otherwise."""
    return replace(Facts(TODAY, (MOTHER, FATHER, child())), **more)
