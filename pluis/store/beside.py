"""What stands beside a debrief, in one look: its newest escalation, and the level of the debrief before it."""

from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pluis.store.cases import Case
from pluis.store.debriefs import COUNTS, Debrief
from pluis.store.escalations import NEWEST_OF_DEBRIEF

_debrief, _case = Debrief.__table__.c, Case.__table__.c
_LEVEL_BEFORE = (
    select(_debrief.level)
    .join_from(Debrief.__table__, Case.__table__, _case.id == _debrief.case_id)
    .where(
        _debrief.case_id == bindparam("case"),
        _debrief.id != bindparam("debrief"),
        COUNTS,
        _debrief.state == "done",
        _debrief.opened_at <= bindparam("opened_at"),
    )
    .order_by(_debrief.opened_at.desc())
    .limit(1)
)
_BESIDE = select(NEWEST_OF_DEBRIEF.scalar_subquery(), _LEVEL_BEFORE.scalar_subquery())


class Beside(NamedTuple):
    """`level_before`: of the newest closed debrief of the same case before this one."""

    escalation_id: int | None
    level_before: str | None


def of(session: Session, debrief: Debrief) -> Beside:
    """What stands beside this debrief."""
    values = {"case": debrief.case_id, "debrief": debrief.id, "opened_at": debrief.opened_at}
    return Beside._make(session.execute(_BESIDE, values).one())
