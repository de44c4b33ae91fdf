"""What is known at one moment of a debrief: the input of every question and every rule. Plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

LEVELS = ("L0", "L1", "L2", "L2+", "L3")


# A finding below this score is asked about first; from it on, an acute one is told before anybody is asked.
ALARMING = 0.35


def rank(level: str | None) -> int:
    """The place of a level in the order L0 < L1 < L2 < L2+ < L3; -1 for none."""
    return LEVELS.index(level) if level in LEVELS else -1


def months_before(day: date, months: int) -> date:
    """The day this many months (of 30.4 days) earlier."""
    return day - timedelta(days=round(months * 30.4))


@dataclass(frozen=True)
class Subject:
    """Whom or what a question is about: a child, an adult, an agreement, or a person nobody knows.

    `id` is the part of a key after the slash, such as `p12` or `a3`. `months` is an age. `unseen_before`: this child
    was not seen at the contact before this one. `days_unseen`: days since a professional saw this person, None if
    never.
    """

    id: str
    kind: str  # child | adult | agreement | stranger
    name: str
    relation: str = ""
    months: int | None = None
    speaks: bool = True
    parent: bool = False
    safety: bool = False
    unseen_before: bool = False
    days_unseen: int | None = None
    days_unspoken: int | None = None


@dataclass(frozen=True)
class Finding:
    """A signal or protective factor in this debrief, as far as questions and rules need it.

    `confirmation`: open (nobody has said yet), yes, unsure, no, or left (asked, and answered with
    other words). `severity` is the one after an upgrade.
    `sentence` is the whole sentence that the words stand in.
    """

    id: int
    signal: str
    domain: str
    severity: str
    confirmation: str
    words: str
    key: str = ""
    facets: tuple[str, ...] = ()
    subject: str | None = None
    protective: bool = False
    seen: bool = False
    status: str = "present"
    sentence: str = ""
    score: float = 1.0

    @property
    def alarming(self) -> bool:
        """An acute signal that is told as so now, which nobody has confirmed or denied."""
        return (
            self.severity == "acute"
            and self.confirmation in ("open", "left")
            and self.status in ("present", "uncertain")
            and self.score >= ALARMING
        )

    @property
    def counts(self) -> bool:
        """Whether rules may use it: a person confirmed it or was unsure. Acute ones count until a person denies them."""
        return self.confirmation in ("yes", "unsure") or self.alarming

    @property
    def asks(self) -> bool:
        """Whether the counselor still has to say if it is so."""
        return self.confirmation == "open" and not self.protective


@dataclass(frozen=True)
class Earlier:
    """A signal that people confirmed in an earlier debrief of the same case."""

    signal: str
    severity: str
    on: date
    debrief: str


@dataclass(frozen=True)
class Facts:
    """Everything that questions and rules may look at.

    Keys of `answers` are `A1`, `C2/p12`, `C2/all`, `upgrade/<signal>`. `acknowledged`: a person has answered the running
    escalation. `upgrades`: signals that have an upgrade question.
    """

    today: date
    subjects: tuple[Subject, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    one_parent: bool = False
    mode: str = "visit"
    level: str | None = None
    last_level: str | None = None
    closing: bool = False
    acknowledged: bool = False
    upgrades: frozenset[str] = frozenset()

    @property
    def children(self) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.subjects if subject.kind == "child")

    @property
    def adults(self) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.subjects if subject.kind == "adult")

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The signals that rules may use."""
        return tuple(finding for finding in self.findings if finding.counts and not finding.protective)

    def value(self, question: str, subject: str | None = None) -> Any:
        return self.answers.get(f"{question}/{subject}" if subject else question)

    @cached_property
    def _by_question(self) -> dict[str, list[tuple[str | None, Any]]]:
        grouped: dict[str, list[tuple[str | None, Any]]] = {}
        for key, value in self.answers.items():
            name, _, subject = key.partition("/")
            if subject != "all":
                grouped.setdefault(name, []).append((subject or None, value))
        return grouped

    def values(self, question: str) -> list[tuple[str | None, Any]]:
        """The answers to a question as (subject id or None, value)."""
        return self._by_question.get(question, [])
