"""Conditions on the people of a family, and on the one that a loop is about."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from pluis.content import Identifier, Strict
from pluis.protocol.because import NOTHING, Because, Condition, Values
from pluis.protocol.facts import Facts, Subject


class Who(Strict):
    under_months: int | None = None
    at_least_months: int | None = None
    speaks: bool | None = None
    parent: bool | None = None
    safety: bool | None = None
    unseen_before: bool | None = None
    days_unseen: int | None = None
    days_unspoken: int | None = None

    def fits(self, subject: Subject) -> bool:
        if self.under_months is not None and (subject.months is None or subject.months >= self.under_months):
            return False
        if self.at_least_months is not None and (subject.months or 0) < self.at_least_months:
            return False
        for name in ("speaks", "parent", "safety", "unseen_before"):
            wanted = getattr(self, name)
            if wanted is not None and getattr(subject, name) != wanted:
                return False
        return _ago(self.days_unseen, subject.days_unseen) and _ago(self.days_unspoken, subject.days_unspoken)


def _ago(wanted: int | None, days: int | None) -> bool:
    """Whether it is at least so many days ago; never counts as long ago."""
    return wanted is None or days is None or days >= wanted


class ChildIs(Condition):
    """Some child of the family fits; with `answer`, that child also has this answer."""

    child: Who
    answer: Identifier | None = None
    is_: Annotated[Values, Field(alias="is")] = []

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        keys = set()
        for child in facts.children:
            if not self.child.fits(child):
                continue
            if self.answer is None:
                return NOTHING
            if facts.value(self.answer, child.id) in self.is_:
                keys.add(f"{self.answer}/{child.id}")
        return Because(answers=frozenset(keys)) if keys else None


class SubjectIs(Condition):
    """Inside a loop: the person or agreement that it is about fits."""

    subject: Who

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        return NOTHING if subject is not None and self.subject.fits(subject) else None


class FamilyHas(Condition):
    """The family has such a thing: open agreements, an earlier serious signal, one parent only."""

    family: Literal["one_parent", "several_children", "earlier_signals"]

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        held = {
            "one_parent": facts.one_parent,
            "several_children": len(facts.children) > 1,
            "earlier_signals": any(e.on >= facts.today - timedelta(days=180) for e in facts.earlier),
        }[self.family]
        return NOTHING if held else None
