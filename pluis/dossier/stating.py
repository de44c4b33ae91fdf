"""A person's own statement: what somebody of the family wants in the file, in own words, beside what it concerns."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.debrief.known import local_day, person_key
from pluis.protocol.read import Protocol
from pluis.store.assessments import Assessment, Statement
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief
from pluis.store.people import Account

LONGEST = 6000


class CannotState(Exception):
    """`field` and `why`, the name of a text that says what to do."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(why)


def state(
    session: Session, protocol: Protocol, case: Case, account: Account, given: Mapping[str, str], now: datetime
) -> Statement:
    """Keep a statement. `given`: `person` (p12), `text`, `about` (empty, `visit:<id>` or `assessment:<id>`).

    Raises CannotState.
    """
    person = next((one for one in case.people if person_key(one) == given.get("person")), None)
    if person is None:
        raise CannotState("person", "statement_who")
    text = given.get("text", "").strip()
    if not text:
        raise CannotState("text", "statement_empty")
    if len(text) > LONGEST:
        raise CannotState("text", "assess_too_long")
    kind, _, id = given.get("about", "").partition(":")
    debrief, assessment = _about(session, case, kind, id)
    row = Statement(
        case_id=case.id,
        person_id=person.id,
        debrief_id=debrief,
        assessment_id=assessment,
        text=text,
        on=local_day(now, protocol),
        recorded_by_id=account.id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _about(session: Session, case: Case, kind: str, id: str) -> tuple[str | None, int | None]:
    if kind == "visit":
        debrief = session.get(Debrief, id)
        if debrief is not None and debrief.case_id == case.id and debrief.mode != "training":
            return debrief.id, None
    elif kind == "assessment":
        row = session.get(Assessment, int(id)) if id.isascii() and id.isdigit() and len(id) < 10 else None
        if row is not None and row.case_id == case.id:
            return None, row.id
    else:
        return None, None
    raise CannotState("about", "statement_about")


def statement_json(row: Statement, case: Case) -> Json:
    """A statement with whose it is and what it is about."""
    return {
        "id": row.id,
        "person": next((one.name for one in case.people if one.id == row.person_id), ""),
        "person_id": f"p{row.person_id}",
        "text": row.text,
        "on": row.on.isoformat(),
        "visit": row.debrief_id,
        "assessment": row.assessment_id,
        "recorded_by": {"name": row.recorded_by.name, "role": row.recorded_by.role},
    }
