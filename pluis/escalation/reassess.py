"""Name the day of the next assessment for what the records tell: nobody seen, another counselor, a birth, an alert.

What a debrief itself tells of is named when it closes (`pluis.protocol.reassessing`).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pluis.protocol.reassessing import Reassessment
from pluis.store import reassess as stored
from pluis.store.cases import Case


def name_days(session: Session, reassessment: Reassessment, now: datetime, zone: ZoneInfo) -> None:
    """Bring the day forward on which an assessment is due, where something happened since the last one."""
    today = now.astimezone(zone).date()
    seen, alerts, births = stored.last_seen(session), stored.last_alerts(session), stored.last_births(session, today)
    others = stored.another_counselor(session)
    for case in stored.open_cases(session):
        happened = [
            lost_on(case, seen, reassessment, today),
            *(_local(moments.get(case.id), zone) for moments in (alerts, others)),
            births.get(case.id),
        ]
        days = [day for day in happened if day is not None and (case.assessed_on is None or day > case.assessed_on)]
        if days:
            due = min(days) + timedelta(days=reassessment.within)
            if due < case.assessment_due:
                case.assess_by = due


def lost_on(case: Case, seen: Mapping[int, date], reassessment: Reassessment, today: date) -> date | None:
    """The day on which the contact with this family counts as lost; None while it is not."""
    day = max(seen.get(case.id, case.started_on), case.started_on) + timedelta(days=reassessment.contact_lost)
    return day if day <= today else None


def _local(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None
