"""Take away lines of the access log whose time is over, so that the rest is still seen to be whole."""

from datetime import datetime

from sqlalchemy.orm import Session

from pluis.access.log import Line
from pluis.access.log_end import End
from pluis.access.verify import cut_seal
from pluis.runtime import Runtime
from pluis.store import access_log, retention
from pluis.store.access_log import AccessCut


def lines_before(session: Session, before: datetime) -> int:
    """How many lines are older than this."""
    newest = access_log.last_before(session, before)
    return access_log.count_up_to(session, newest.number) if newest else 0


def cut(runtime: Runtime, before: datetime, now: datetime) -> tuple[int, End | None]:
    """Remove the lines from before this moment. A sealed note says where the log now begins, and a line that it was done.

    Returns how many lines went, and the end of the log to note.
    """
    log = runtime.access_log
    with runtime.store.transaction() as session:
        access_log.alone(session)
        newest = access_log.last_before(session, before)
        if newest is None:
            return 0, None
        retention.overwrite_what_goes(session)
        made = AccessCut(number=newest.number, line_seal=newest.seal, at=now)
        made.seal = cut_seal(log.key, made)
        session.add(made)
        removed = access_log.remove_up_to(session, newest.number)
        line = Line(at=now, action="destroy", object="log", object_id=str(removed), actor="command",
                    route="retention purge")  # fmt: skip
        return removed, log.add(session, [line])
