"""What every condition in a content file has in common."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from pluis.content import Strict
from pluis.protocol.facts import Facts, Subject

# A single word may stand without brackets.
Values = Annotated[list[str], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]


@dataclass(frozen=True)
class Because:
    """What made a condition hold: finding ids and answer keys."""

    findings: frozenset[int] = frozenset()
    answers: frozenset[str] = frozenset()

    def __or__(self, other: "Because") -> "Because":
        return Because(self.findings | other.findings, self.answers | other.answers)


NOTHING = Because()


class Condition(Strict):
    @abstractmethod
    def because(self, facts: Facts, subject: Subject | None = None) -> Because | None:
        """None when it does not hold."""

    def holds(self, facts: Facts, subject: Subject | None = None) -> bool:
        return self.because(facts, subject) is not None
