"""What the records tell that asks for a new assessment, for all open cases at once."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from pluis.store.cases import Case, Person, Sighting
from pluis.store.debriefs import Debrief
from pluis.store.escalations import Escalation

HIGH = ("L2", "L2+", "L3")
_OPEN = (Case.closed_on.is_(None), Case.vignette.is_(None))


def open_cases(session: Session) -> list[Case]:
    """All open cases with whoever is responsible, without the families themselves."""
    query = select(Case).options(lazyload(Case.people), lazyload(Case.agreements), lazyload(Case.team)).where(*_OPEN)
    return list(session.scalars(query.order_by(Case.number)))


def last_seen(session: Session) -> dict[int, date]:
    """Per open case the last day on which anybody of the family was seen."""
    found = session.execute(
        select(Person.case_id, func.max(Sighting.on))
        .join(Sighting, Sighting.person_id == Person.id)
        .join(Case, Case.id == Person.case_id)
        .where(Sighting.seen, *_OPEN)
        .group_by(Person.case_id)
    )
    return {row[0]: row[1] for row in found}


def last_alerts(session: Session) -> dict[int, datetime]:
    """Per open case the last alert of L2 or higher."""
    found = session.execute(
        select(Case.id, func.max(Escalation.raised_at))
        .join(Escalation, Escalation.case_id == Case.id)
        .where(Escalation.level.in_(HIGH), *_OPEN)
        .group_by(Case.id)
    )
    return {row[0]: row[1] for row in found}


def last_births(session: Session, today: date) -> dict[int, date]:
    """Per open case the last day on which a child of the family was born, after the help began."""
    found = session.execute(
        select(Person.case_id, func.max(Person.born_on))
        .join(Case, Case.id == Person.case_id)
        .where(Person.kind == "child", Person.born_on > Case.started_on, Person.born_on <= today, *_OPEN)
        .group_by(Person.case_id)
    )
    return {case: born for case, born in found if born is not None}


def another_counselor(session: Session) -> dict[int, datetime]:
    """Per open case whose counselor followed another one: the first debrief of the new one, else the last of the old one.

    A colleague who takes a visit later on is no other counselor.
    """
    rows = session.execute(
        select(Case.id, Case.counselor_id, Debrief.account_id, func.min(Debrief.opened_at), func.max(Debrief.opened_at))
        .join(Debrief, Debrief.case_id == Case.id)
        .where(Debrief.mode != "training", *_OPEN)
        .group_by(Case.id, Case.counselor_id, Debrief.account_id)
    ).all()
    own = {case: first for case, counselor, account, first, _last in rows if account == counselor}
    found: dict[int, datetime] = {}
    for case, counselor, account, first, last in rows:
        if account == counselor:
            continue
        if case not in own:
            found[case] = max(last, found.get(case, last))
        elif first < own[case]:
            found[case] = own[case]
    return found
