"""Conditions on the signals that were found, now or at earlier visits."""

from typing import Annotated, Literal

from pydantic import Field

from pluis.content import Identifier
from pluis.protocol.because import NOTHING, Because, Condition, Values
from pluis.protocol.conditions_on_people import Who
from pluis.protocol.facts import Facts, Finding, Subject, months_before


def _of(findings: list[Finding], at_least: int) -> Because | None:
    return Because(frozenset(finding.id for finding in findings)) if len(findings) >= at_least else None


class SignalFound(Condition):
    """At least so many different signals of this list count; `about: subject` inside a loop: only about this person."""

    signal: Annotated[Values, Field(min_length=1)]
    at_least: int = 1
    about: Literal["family", "subject"] = "family"
    open: bool = False

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        pool = facts.counted
        if self.open:
            pool = tuple(f for f in facts.findings if not f.protective and f.confirmation != "no")
        found = {
            f.signal: f
            for f in pool
            if f.signal in self.signal
            and (self.about == "family" or subject is None or f.subject in (None, subject.id))
        }
        return _of(list(found.values()), self.at_least)


class SeverityFound(Condition):
    """At least so many different signals of this severity count, spread over so many domains, or within one."""

    severity: Literal["acute", "serious", "concern"]
    at_least: int = 1
    domains: int = 1
    domain: Identifier | None = None

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        found = {f.signal: f for f in facts.counted if f.severity == self.severity}
        if len({f.domain for f in found.values()}) < self.domains:
            return None
        if self.domain and self.domain not in {f.domain for f in found.values()}:
            return None
        return _of(list(found.values()), self.at_least)


class FacetFound(Condition):
    """A counted finding of one of these signals, or of any, has this facet, such as `control` or `separation`."""

    facet: Identifier
    signal: Values = []

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        return _of(
            [f for f in facts.counted if self.facet in f.facets and (not self.signal or f.signal in self.signal)],
            1,
        )


class Repeated(Condition):
    """A counted signal of this severity was already confirmed at so many earlier debriefs."""

    repeated: Literal["acute", "serious", "concern"]
    debriefs: int = 1

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        def times(signal: str) -> int:
            return len({earlier.debrief for earlier in facts.earlier if earlier.signal == signal})

        return _of([f for f in facts.counted if f.severity == self.repeated and times(f.signal) >= self.debriefs], 1)


class RecentlyFound(Condition):
    """A signal of one of these severities counts now, or was confirmed within so many months."""

    recently: Annotated[list[Literal["acute", "serious", "concern"]], Field(min_length=1)]
    months: int

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        since = months_before(facts.today, self.months)
        now = _of([f for f in facts.counted if f.severity in self.recently], 1)
        if now is not None:
            return now
        return NOTHING if any(e.severity in self.recently and e.on >= since for e in facts.earlier) else None


class SignalAboutChild(Condition):
    """A counted signal of this list is, or may be, about a child that fits. Nobody said which child: it may be."""

    signal_about: Annotated[Values, Field(min_length=1)]
    child: Who

    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        fitting = {child.id for child in facts.children if self.child.fits(child)}
        if not fitting:
            return None
        return _of([f for f in facts.counted if f.signal in self.signal_about and f.subject in {None, *fitting}], 1)
