"""Conditions on answers, and on the level that follows from them."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from pluis.content import Identifier
from pluis.protocol.because import NOTHING, Because, Condition, Values
from pluis.protocol.facts import Facts, Subject, rank


class AnswerIs(Condition):
    """A question was answered with one of these values; inside a loop: for the same person."""

    answer: Identifier
    is_: Annotated[Values, Field(alias="is", min_length=1)]
    about: Literal["same", "any"] = "same"
    of: Identifier | None = None

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(self.is_)

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        for who, value in facts.values(self.answer):
            if self.of and who != self.of:
                continue
            if not self.of and self.about == "same" and subject is not None and who not in (None, subject.id):
                continue
            if not self._wanted.isdisjoint(value if isinstance(value, list) else (value,)):
                return Because(answers=frozenset([f"{self.answer}/{who}" if who else self.answer]))
        return None


class Unanswered(Condition):
    """One of these questions was asked and has no answer. Holds only when the debrief is being closed."""

    unanswered: Annotated[Values, Field(min_length=1)]

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        if not facts.closing:
            return None
        missing = [q for q in self.unanswered if not any(v not in (None, "skipped") for _, v in facts.values(q))]
        return Because(answers=frozenset(missing)) if missing else None


class LevelAtLeast(Condition):
    """The level so far is at least this one, or (`last: true`) that of the visit before was."""

    level_at_least: Literal["L0", "L1", "L2", "L2+", "L3"]
    last: bool = False

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        level = facts.last_level if self.last else facts.level
        return NOTHING if rank(level) >= rank(self.level_at_least) else None
