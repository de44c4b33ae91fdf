"""Destroy a file, hold it, let it go. A file that is held, or that still has an alert running, is not destroyed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.access.log import AccessLog, Line
from pluis.access.log_end import End
from pluis.store import retention
from pluis.store.cases import Case
from pluis.store.retention import Destroyed, LegalHold


class NotNow(Exception):
    """It cannot be done; the message is a plain sentence with the cure."""


@dataclass(frozen=True)
class By:
    """Whose doing it is: a command on the machine, or an account."""

    who: str
    actor: str = "command"
    account_id: int | None = None


def destroy_case(
    session: Session, log: AccessLog, case: Case, because: str, reference: str, by: By, now: datetime
) -> End:
    """Destroy a file with everything that hangs on it; a stub stays that says that and why. Call it last.

    Returns the end of the access log, to note after the transaction. Raises NotNow.
    """
    id, number, closed_on = case.id, case.number, case.closed_on
    if hold := retention.hold_of(session, id):
        raise NotNow(
            f"{number} is held since {hold.held_at:%Y-%m-%d} ({hold.because} {hold.reference}".rstrip()
            + f"). Let it go first: pluis retention release {number}"
        )
    if running := retention.running_alerts(session, id):
        raise NotNow(f"{number} has {running} alerts without a decision. Decide them first.")
    counts = retention.destroy(session, Case, [id])
    session.add(
        Destroyed(
            case_id=id, case_number=number, because=because, reference=reference, destroyed_by=by.who,
            destroyed_at=now, closed_on=closed_on, rows=dict(sorted(counts.items())),
        )
    )  # fmt: skip
    return log.add(session, [_line("destroy", id, because, by, now)])


def hold(session: Session, log: AccessLog, case: Case, because: str, reference: str, by: By, now: datetime) -> End:
    """Forbid that a file is destroyed. Call it last; returns the end of the access log. Raises NotNow."""
    if retention.hold_of(session, case.id):
        raise NotNow(f"{case.number} is held already.")
    session.add(LegalHold(case_id=case.id, because=because, reference=reference, held_by=by.who, held_at=now))
    return log.add(session, [_line("hold", case.id, because, by, now)])


def release(session: Session, log: AccessLog, case: Case, by: By, now: datetime) -> End:
    """Let a file go that was held. Call it last; returns the end of the access log. Raises NotNow."""
    held = retention.hold_of(session, case.id)
    if held is None:
        raise NotNow(f"{case.number} is not held.")
    held.released_by, held.released_at = by.who, now
    return log.add(session, [_line("release", case.id, held.because, by, now)])


def _line(action: str, case_id: int, because: str, by: By, now: datetime) -> Line:
    return Line(
        at=now, action=action, object="case", object_id=str(case_id), case_id=case_id, ground=because, actor=by.actor,
        who=by.who, account_id=by.account_id, route=f"retention {action}",
    )  # fmt: skip
