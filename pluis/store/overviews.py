"""What the overview of one case reads beside its people and visits: columns, in a fixed number of queries."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from pluis.store.base import Json
from pluis.store.debriefs import Debrief, Found, LevelChange
from pluis.store.escalations import Escalation
from pluis.store.people import Account


class Said(NamedTuple):
    """A signal that people confirmed or were unsure of, or a protective factor that nobody denied."""

    debrief_id: str
    signal: str
    kind: str
    severity: str
    words: str
    subject: str | None
    source: str | None
    question: str
    at: datetime


class Alert(NamedTuple):
    id: int
    level: str
    state: str
    raised_at: datetime
    acknowledged_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    decision: Json | None
    check_on: date | None
    checked_at: datetime | None


class Change(NamedTuple):
    """A level that a person changed."""

    debrief_id: str
    kind: str
    level: str
    reason: str
    by: str
    role: str
    at: datetime


def said(session: Session, case_id: int) -> list[Said]:
    """Oldest first; practice is not among them."""
    query = _columns(
        Found.debrief_id, Found.signal, Found.kind, Found.severity, Found.words, Found.subject, Found.source,
        Found.key, Found.at, Found.confirmation,
    ).join(Debrief, Debrief.id == Found.debrief_id)  # fmt: skip
    rows = session.execute(
        query.where(Found.case_id == case_id, Debrief.mode != "training", Found.confirmation != "no").order_by(Found.id)
    )
    return [Said(*row[:9]) for row in rows if row[2] != "signal" or row[9] in ("yes", "unsure")]


def alerts(session: Session, case_id: int) -> list[Alert]:
    """Newest first."""
    taker, decider = aliased(Account), aliased(Account)
    query = (
        _columns(
            Escalation.id, Escalation.level, Escalation.state, Escalation.raised_at, taker.name, Escalation.decided_at,
            decider.name, Escalation.decision, Escalation.check_on, Escalation.checked_at,
        )
        .outerjoin(taker, taker.id == Escalation.acknowledged_by_id)
        .outerjoin(decider, decider.id == Escalation.decided_by_id)
        .where(Escalation.case_id == case_id)
        .order_by(Escalation.id.desc())
    )  # fmt: skip
    return [Alert(*row) for row in session.execute(query)]


def changes(session: Session, case_id: int) -> list[Change]:
    """Oldest first."""
    query = (
        _columns(
            LevelChange.debrief_id, LevelChange.kind, LevelChange.level, LevelChange.reason, Account.name,
            Account.role, LevelChange.at,
        )
        .join(Debrief, Debrief.id == LevelChange.debrief_id)
        .join(Account, Account.id == LevelChange.by_id)
        .where(Debrief.case_id == case_id, Debrief.mode != "training")
        .order_by(LevelChange.id)
    )  # fmt: skip
    return [Change(*row) for row in session.execute(query)]


def rules_of(session: Session, debrief_id: str) -> list[Json]:
    """The rules that fired at one visit."""
    return session.scalar(select(Debrief.rules).where(Debrief.id == debrief_id)) or []


def grounds_of(session: Session, alert_id: int) -> tuple[list[Json], list[Json]]:
    """Why an alert was raised: the rules, and the words."""
    reasons, words = session.execute(
        select(Escalation.reasons, Escalation.words).where(Escalation.id == alert_id)
    ).one()
    return reasons or [], words or []


def _columns(*columns: Any) -> Select[Any]:
    return select(*columns)
