"""From rows to facts: what is known about a debrief at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pluis.protocol.facts import Earlier, Facts, Finding, Subject
from pluis.protocol.read import Protocol
from pluis.store import beside, cases, debriefs
from pluis.store.cases import Agreed, Agreement, Person, Relative
from pluis.store.debriefs import Answer, Debrief, Found


@dataclass(frozen=True)
class Background:
    """What does not change within one turn: the people, what was seen before, the level before.

    `escalation_id` is the newest escalation of the debrief as the turn began.
    """

    today: date
    subjects: tuple[Subject, ...]
    earlier: tuple[Earlier, ...]
    last_level: str | None
    escalation_id: int | None


def local_day(now: datetime, protocol: Protocol) -> date:
    """The day it is for the people of this organisation."""
    return now.astimezone(ZoneInfo(protocol.ladders.working_hours.timezone)).date()


def person_key(person: Person | Relative) -> str:
    return f"p{person.id}"


def agreement_key(agreement: Agreement | Agreed) -> str:
    return f"a{agreement.id}"


def background(session: Session, protocol: Protocol, debrief: Debrief, now: datetime) -> Background:
    today = local_day(now, protocol)
    session.flush()  # rows that are read plainly show only what the database has
    there = beside.of(session, debrief)
    return Background(
        today,
        _subjects(session, debrief, today),
        tuple(
            Earlier(signal, severity, local_day(at, protocol), other)
            for signal, severity, at, other in debriefs.earlier_signals(session, debrief.case_id, debrief.id)
        ),
        there.level_before,
        there.escalation_id,
    )


def facts_from(
    behind: Background,
    protocol: Protocol,
    debrief: Debrief,
    answers: Iterable[Answer],
    found: Iterable[Found],
    *,
    closing: bool = False,
    acknowledged: bool = False,
) -> Facts:
    """Everything that questions and rules may look at."""
    rows = [row for row in answers if row.replaced_at is None]
    return Facts(
        today=behind.today,
        subjects=behind.subjects,
        answers={row.key: row.value for row in rows},
        texts={row.key: row.text for row in rows if row.text},
        findings=tuple(_finding(one, protocol) for one in found),
        earlier=behind.earlier,
        one_parent=bool(debrief.case.one_parent_reason),
        mode=debrief.mode,
        level=debrief.level,
        last_level=behind.last_level,
        closing=closing,
        acknowledged=acknowledged,
        upgrades=protocol.upgrades,
    )


def _finding(found: Found, protocol: Protocol) -> Finding:
    protective = found.kind == "protective"
    return Finding(
        id=found.id,
        signal=found.signal,
        domain="" if protective else protocol.taxonomy.signal(found.signal).domain,
        severity=found.severity,
        confirmation=found.confirmation,
        words=found.words,
        key=found.key,
        facets=tuple(found.facets),
        subject=found.subject,
        protective=protective,
        seen=found.source == "seen_by_worker",
        status=found.status,
        sentence=found.sentence or found.words,
        score=found.score,
    )


def _subjects(session: Session, debrief: Debrief, today: date) -> tuple[Subject, ...]:
    people = [_person(person, today) for person in cases.relatives(session, debrief.case_id, debrief.id)]
    agreed = [
        Subject(agreement_key(agreement), "agreement", agreement.text, safety=agreement.safety)
        for agreement in cases.agreed(session, debrief.case_id, debrief.id)
    ]
    return (*people, *agreed)


def _person(person: Relative, today: date) -> Subject:
    contact, seen, spoken = person.contact_on, person.seen_on, person.spoken_on
    return Subject(
        id=person_key(person),
        kind=person.kind,
        name=person.name,
        relation=person.relation,
        months=months_old(person.born_on, today),
        speaks=person.speaks,
        parent=person.parent,
        unseen_before=contact is not None and (seen is None or seen < contact),
        days_unseen=(today - seen).days if seen else None,
        days_unspoken=(today - spoken).days if spoken else None,
    )


def months_old(born_on: date | None, today: date) -> int | None:
    """Whole months of age."""
    if born_on is None:
        return None
    return (today.year - born_on.year) * 12 + today.month - born_on.month - (today.day < born_on.day)
