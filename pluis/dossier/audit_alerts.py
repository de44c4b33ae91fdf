"""Alerts in the audit: told, taken up and decided, and whether in time."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy.orm import Session

from pluis.store import audits
from pluis.store.audits import Alert
from pluis.store.base import Json

TOLD_WITHIN = timedelta(minutes=5)
# What is logged when an alert stays without an answer or a decision for too long.
LATE = ("climbed", "told_again", "reopened")


def report(session: Session, since: datetime, until: datetime, now: datetime) -> Json:
    """By level, and all together."""
    alerts = audits.alerts(session, since, until)
    sent = audits.first_sent(session, since, until)
    logged = audits.events(session, since, until, ("acknowledged", *LATE))
    levels = {level: [a for a in alerts if _raised_at(a) == level] for level in ("L1", "L2", "L2+", "L3")}
    return {
        **_counts(alerts, sent, logged, now),
        "by_level": {level: _counts(some, sent, logged, now) for level, some in levels.items()},
    }


def _raised_at(alert: Alert) -> str:
    """The level at which its ladder ran: a decision may have changed the level since."""
    return str(alert.ladder.get("level", alert.level))


def _counts(
    alerts: list[Alert],
    sent: dict[int, tuple[datetime | None, datetime | None]],
    logged: dict[int, list[tuple[str, datetime]]],
    now: datetime,
) -> Json:
    waits = [
        (moment - alert.raised_at).total_seconds()
        for alert in alerts
        if (moment := sent.get(alert.id, (None, None))[0]) is not None
    ]
    told = sum(wait <= TOLD_WITHIN.total_seconds() for wait in waits)
    outside = sum(sent.get(alert.id, (None, None))[1] is not None for alert in alerts)
    acknowledged = [_acknowledged(alert, logged.get(alert.id, []), now) for alert in alerts]
    decided = [_decided(alert, logged.get(alert.id, []), now) for alert in alerts]
    due = [a for a in alerts if a.check_on is not None and (a.checked_at or a.check_on < now.date())]
    checked = sum(
        a.checked_at is not None and a.check_on is not None and a.checked_at.date() <= a.check_on for a in due
    )
    return {
        "raised": len(alerts),
        "told_on_time": _share(told, len(alerts)),
        "told_outside_the_console": outside,
        "seconds_until_told": {"median": median(waits) if waits else None, "most": max(waits, default=None)},
        "acknowledged_on_time": _share(acknowledged.count(True), len(acknowledged) - acknowledged.count(None)),
        "decided_on_time": _share(decided.count(True), len(decided) - decided.count(None)),
        "checked_on_time": _share(checked, len(due)),
        "opened_again": sum(any(kind == "reopened" for kind, _at in logged.get(a.id, ())) for a in alerts),
        "open": sum(alert.state in ("open", "acknowledged") for alert in alerts),
    }


def _acknowledged(alert: Alert, logged: list[tuple[str, datetime]], now: datetime) -> bool | None:
    """In time, too late, or None while there is still time. The first answer counts, against the first deadline."""
    first = next((at for kind, at in logged if kind == "acknowledged"), alert.acknowledged_at)
    if alert.acknowledge_by is None:
        return None
    if first is not None:
        return first <= alert.acknowledge_by
    return None if now <= alert.acknowledge_by else False


def _decided(alert: Alert, logged: list[tuple[str, datetime]], now: datetime) -> bool | None:
    if any(kind == "reopened" for kind, _at in logged):
        return False
    if alert.acknowledged_at is None:
        return None
    by = alert.acknowledged_at + timedelta(minutes=alert.ladder.get("decide_within", 0))
    if alert.decided_at is not None:
        return alert.decided_at <= by
    return None if now <= by else False


def _share(part: int, whole: int) -> dict[str, Any]:
    return {"count": part, "of": whole, "share": round(part / whole, 4) if whole else None}
