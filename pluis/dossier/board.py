"""The board of a team: what is open, late, out of view or asked for, so that a supervisor can help."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from pluis.debrief.known import local_day
from pluis.protocol.read import Protocol
from pluis.store import board
from pluis.store.base import Json

MOST = 25  # rows of each list; the number of all stands above it
LOAD_OVER = timedelta(weeks=4)
# Of a wish to talk only these go on: anything else is the counselor's own words.
BY_WHEN = ("today", "this_week")


def team_board(
    session: Session, protocol: Protocol, team: int, weeks: int, now: datetime, seen: ColumnElement[bool] | None = None
) -> Json:
    """`weeks`: a child not seen for so long is out of view. `seen`: the cases that whoever looks may read."""
    seen = true() if seen is None else seen
    today = local_day(now, protocol)
    alerts, alert_count = board.alerts(session, seen, team, MOST)
    due, due_count = board.overdue(session, seen, team, today, MOST)
    unseen, unseen_count = board.unseen_children(session, seen, team, today - timedelta(weeks=weeks), MOST)
    unfinished, unfinished_count = board.unfinished(session, seen, team, MOST)
    wishes = board.wishes(session, team)
    return {
        "weeks": weeks,
        "alerts": {
            "count": alert_count,
            "rows": [
                {**one._asdict(), "late": one.due_at is not None and one.due_at < now and one.state == "open"}
                for one in alerts
            ],
        },
        "assessments": {
            "count": due_count,
            "rows": [one._asdict() for one in due],
        },
        "unseen": {
            "count": unseen_count,
            "rows": [
                {**one._asdict(), "weeks": (today - one.seen_on).days // 7 if one.seen_on else None} for one in unseen
            ],
        },
        "unfinished": {"count": unfinished_count, "rows": [one._asdict() for one in unfinished]},
        "wishes": {
            "count": len(wishes),
            "rows": [
                {"counselor": one.counselor, "at": one.at, "by_when": one.by_when if one.by_when in BY_WHEN else "ask"}
                for one in wishes
            ],
        },
        "loads": [one._asdict() for one in board.loads(session, team, now - LOAD_OVER)],
    }
