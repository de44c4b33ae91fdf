"""All rows of one case at once, for the dossier: a fixed number of queries, however many visits there were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, lazyload

from pluis.store.cases import Sighting
from pluis.store.debriefs import Answer, Debrief, Found, LevelChange, Unknown
from pluis.store.escalations import Escalation, EscalationEvent
from pluis.store.people import Account

Row = TypeVar("Row")


@dataclass(frozen=True)
class CaseRows:
    """Visits are oldest first; practice is not among them. `who`: account id to (name, role)."""

    visits: list[Debrief]
    answers: dict[str, list[Answer]]
    found: dict[str, list[Found]]
    changes: dict[str, list[LevelChange]]
    sightings: dict[str, list[Sighting]]
    unknowns: list[Unknown]
    escalations: list[Escalation]
    events: dict[int, list[EscalationEvent]]
    who: dict[int, tuple[str, str]] = field(default_factory=dict)


NO_ROWS = CaseRows([], {}, {}, {}, {}, [], [], {})


def rows_of(session: Session, case_id: int) -> CaseRows:
    """Everything that was recorded about a case."""
    visits = list(
        session.scalars(
            select(Debrief)
            .options(lazyload("*"))
            .where(Debrief.case_id == case_id, Debrief.mode != "training")
            .order_by(Debrief.opened_at, Debrief.id)
        )
    )
    ids = [visit.id for visit in visits]
    alerts = list(
        session.scalars(
            select(Escalation)
            .options(lazyload(Escalation.case))
            .where(Escalation.case_id == case_id, _of_visits(Escalation.debrief_id, ids))
            .order_by(Escalation.id)
        )
    )
    changes = _in(session, LevelChange, LevelChange.debrief_id, ids)
    events = _in(session, EscalationEvent, EscalationEvent.escalation_id, [alert.id for alert in alerts])
    unknowns = session.scalars(
        select(Unknown).where(Unknown.case_id == case_id, Unknown.debrief_id.in_(ids)).order_by(Unknown.id)
    )
    people = {visit.account_id for visit in visits} | {c.by_id for c in changes} | {e.by_id for e in events}
    return CaseRows(
        visits=visits,
        answers=_by(_in(session, Answer, Answer.debrief_id, ids), "debrief_id"),
        found=_by(_in(session, Found, Found.debrief_id, ids), "debrief_id"),
        changes=_by(changes, "debrief_id"),
        sightings=_by(_in(session, Sighting, Sighting.debrief_id, ids), "debrief_id"),
        unknowns=list(unknowns),
        escalations=alerts,
        events=_by(events, "escalation_id"),
        who={
            id: (name, role)
            for id, name, role in session.execute(
                select(Account.id, Account.name, Account.role).where(Account.id.in_(people - {None}))
            )
        },
    )


def _of_visits(column: Any, ids: Sequence[str]) -> Any:
    """Alerts of these visits, or of none: practice raises nothing, and this keeps it so."""
    return or_(column.is_(None), column.in_(ids))


def _in(session: Session, model: type[Row], column: Any, ids: Sequence[Any]) -> list[Row]:
    """Rows of these parents in the order in which they were written; in parts, for SQLite takes no endless list."""
    found: list[Row] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found += session.scalars(select(model).where(column.in_(part)).order_by(model.id))  # type: ignore[attr-defined]
    return found


def _by(rows: list[Row], key: str) -> dict[Any, list[Row]]:
    grouped: dict[Any, list[Row]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, key), []).append(row)
    return grouped
