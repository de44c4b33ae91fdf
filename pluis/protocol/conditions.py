"""Conditions in content files: when a question is relevant, when a rule fires.

A condition is a mapping with one leading word, for instance `{signal: [domestic_violence]}` or
`{any: [{answer: A1, is: [yes]}, {child: {under_months: 12}}]}`. `because(facts)` gives None when it does not hold, else the
things that make it hold, so that every level can be shown with the words behind it.
"""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from pluis.protocol.because import NOTHING, Because, Condition
from pluis.protocol.conditions_on_answers import AnswerIs, LevelAtLeast, Unanswered
from pluis.protocol.conditions_on_people import ChildIs, FamilyHas, SubjectIs
from pluis.protocol.conditions_on_signals import (
    FacetFound,
    RecentlyFound,
    Repeated,
    SeverityFound,
    SignalAboutChild,
    SignalFound,
)
from pluis.protocol.facts import Facts, Subject


class All(Condition):
    all: "Annotated[list[AnyCondition], Field(min_length=1)]"

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        total = NOTHING
        for condition in self.all:
            part = condition.because(facts, subject)
            if part is None:
                return None
            total |= part
        return total

    def holds(self, facts: Facts, subject: Subject | None = None) -> bool:
        return all(condition.holds(facts, subject) for condition in self.all)


class Any_(Condition):
    any: "Annotated[list[AnyCondition], Field(min_length=1)]"

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        parts = [part for c in self.any if (part := c.because(facts, subject)) is not None]
        return _union(parts) if parts else None

    def holds(self, facts: Facts, subject: Subject | None = None) -> bool:
        return any(condition.holds(facts, subject) for condition in self.any)


class SomeOf(Condition):
    """At least so many of these conditions hold."""

    some: "Annotated[list[AnyCondition], Field(min_length=1)]"
    at_least: int

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        parts = [part for c in self.some if (part := c.because(facts, subject)) is not None]
        return _union(parts) if len(parts) >= self.at_least else None


class Not(Condition):
    not_: "Annotated[AnyCondition, Field(alias='not')]"

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        return None if self.not_.holds(facts, subject) else NOTHING


def _union(parts: list[Because]) -> Because:
    total = NOTHING
    for part in parts:
        total |= part
    return total


# The leading word of each condition. `signal_about` before `child`, `severity` before `domain`: first match decides.
LEADING = {
    "all": All,
    "any": Any_,
    "some": SomeOf,
    "not": Not,
    "signal_about": SignalAboutChild,
    "facet": FacetFound,
    "signal": SignalFound,
    "severity": SeverityFound,
    "repeated": Repeated,
    "recently": RecentlyFound,
    "child": ChildIs,
    "subject": SubjectIs,
    "answer": AnswerIs,
    "unanswered": Unanswered,
    "level_at_least": LevelAtLeast,
    "family": FamilyHas,
}


def _leading(value: Any) -> str:
    if isinstance(value, Condition):
        return next(word for word, kind in LEADING.items() if type(value) is kind)
    if isinstance(value, dict):
        return next((word for word in LEADING if word in value), "unknown")
    return "unknown"


AnyCondition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[SomeOf, Tag("some")]
    | Annotated[Not, Tag("not")]
    | Annotated[SignalAboutChild, Tag("signal_about")]
    | Annotated[FacetFound, Tag("facet")]
    | Annotated[SignalFound, Tag("signal")]
    | Annotated[SeverityFound, Tag("severity")]
    | Annotated[Repeated, Tag("repeated")]
    | Annotated[RecentlyFound, Tag("recently")]
    | Annotated[ChildIs, Tag("child")]
    | Annotated[SubjectIs, Tag("subject")]
    | Annotated[AnswerIs, Tag("answer")]
    | Annotated[Unanswered, Tag("unanswered")]
    | Annotated[LevelAtLeast, Tag("level_at_least")]
    | Annotated[FamilyHas, Tag("family")],
    Discriminator(
        _leading,
        custom_error_type="unknown_condition",
        custom_error_message=", ".join(LEADING),
    ),
]

for kind in (All, Any_, SomeOf, Not):
    kind.model_rebuild()
