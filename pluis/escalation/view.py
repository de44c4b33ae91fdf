"""An escalation as plain data, for the inbox and the API."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.access.rights import ground_for_escalation
from pluis.access.trail import decided
from pluis.escalation import refusals
from pluis.escalation.auditor import GRACE
from pluis.store import escalations
from pluis.store.base import Json
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery
from pluis.store.people import Account

RUNNING = escalations.RUNNING
# As people and programs read the states of a message.
SHOWN = {"no_channel": "not_configured"}


def inbox(
    session: Session, account: Account, states: Sequence[str], most: int | None = None, *, by_check: bool = False
) -> list[Escalation]:
    """What this person may read: the own team's, what the own person was told, or what the own person raised.

    Newest first, or the earliest check date first; `most`: no more than so many.
    """
    if account.role == "counselor":
        found = escalations.raised_by(session, account.id, states, most)
    elif account.role in ("manager", "quality"):
        found = escalations.of_teams(session, None, states, most, by_check)
    elif account.role == "supervisor":
        found = escalations.of_team_or_told(session, account.team_id, account.id, states, most, by_check)
    else:
        found = []
    # The table of rights has the last word: a case may be closed to all but named colleagues.
    grounds = [(one, ground_for_escalation(account, "read_escalation", one)) for one in found]
    return [one for one, right in grounds if right and decided("escalation", one.id, one.case_id, right)]


def as_json(escalation: Escalation, language: str, now: datetime) -> Json:
    """The words in the reader's language, and whether it is late.

    `late`: somebody should have answered. `overdue`: the courier should have acted and did not.
    """
    running = escalation.state in RUNNING
    late = running and escalation.due_at is not None and escalation.due_at < now
    late_ack = escalation.state == "open" and escalation.acknowledge_by is not None and escalation.acknowledge_by < now
    return {
        "id": escalation.id,
        "case": {"id": escalation.case.id, "number": escalation.case.number, "family": escalation.case.family}
        if escalation.case
        else None,
        "debrief_id": escalation.debrief_id,
        "level": escalation.level,
        "confirmed": escalation.confirmed,
        "state": escalation.state,
        "counselor": {"name": escalation.raised_by.name, "phone": escalation.raised_by.phone},
        "reasons": [{"rule": r["rule"], "text": r[language], "words": r["words"]} for r in escalation.reasons],
        # Words of danger called outside a debrief, or added later, carry no signal.
        "words": [
            {"signal": None, "sentence": word["words"], "added": False} | word for word in escalation.words
        ],
        "facts": escalation.facts,
        "raised_at": escalation.raised_at.isoformat(),
        "step": escalation.step,
        "round": escalation.round,
        "due_at": _iso(escalation.due_at),
        "acknowledge_by": _iso(escalation.acknowledge_by),
        "late": late or late_ack,
        "overdue": _overdue(escalation, now),
        "acknowledged_at": _iso(escalation.acknowledged_at),
        "acknowledged_by": escalation.acknowledged_by.name if escalation.acknowledged_by else None,
        "spoke_at": _iso(escalation.spoke_at),
        "decision": escalation.decision,
        "decided_by": escalation.decided_by.name if escalation.decided_by else None,
        "check_on": escalation.check_on.isoformat() if escalation.check_on else None,
        "check_late": escalation.state == "decided" and escalation.check_on is not None
        and escalation.check_on < now.date(),
        "checked_at": _iso(escalation.checked_at),
        "people": people(escalation),
        "deliveries": [delivery_json(one) for one in escalation.deliveries],
    }  # fmt: skip


def people(escalation: Escalation) -> list[Json]:
    """Who was told since it opened last, whether a message came through, and who has answered.

    `reached`: yes | trying | no. Where no channel but the console is set up, the console is all there is: yes.
    """
    begun = escalation.ladder.get("begun", 1)
    found: dict[int, list[Delivery]] = {}
    for one in escalation.deliveries:
        if one.round >= begun:
            found.setdefault(one.account_id, []).append(one)
    return [
        {
            "name": rows[0].account.name,
            "told_at": rows[0].created_at.isoformat(),
            "reached": _reached(rows),
            "answered": account_id in (escalation.acknowledged_by_id, escalation.decided_by_id),
        }
        for account_id, rows in found.items()
    ]


def _reached(rows: list[Delivery]) -> str:
    outside = [row.state for row in rows if row.channel != "console" and row.state not in ("no_channel", "unneeded")]
    if not outside or "sent" in outside:
        return "yes"
    return "trying" if "waiting" in outside else "no"


def delivery_json(delivery: Delivery) -> Json:
    """The state of one message. `next_at`: when it is tried next; `failure`: the kind of its last failure, `error` what
    was said then.
    """
    failure, said = refusals.parts(delivery.error) if delivery.error else (None, "")
    return {
        "id": delivery.id,
        "key": delivery.key,
        "to": delivery.account.name,
        "channel": delivery.channel,
        "round": delivery.round,
        "step": delivery.step,
        "state": SHOWN.get(delivery.state, delivery.state),
        "attempts": delivery.attempts,
        "sent_at": _iso(delivery.sent_at),
        "next_at": _iso(delivery.next_at),
        "failure": failure,
        "error": said,
    }


def with_log(session: Session, escalation: Escalation, language: str, now: datetime) -> Json:
    return {
        **as_json(escalation, language, now),
        "log": [
            {"at": e.at.isoformat(), "kind": e.kind, "by": e.by_id, "detail": e.detail}
            for e in escalations.events(session, escalation.id)
        ],
    }


def _overdue(escalation: Escalation, now: datetime) -> bool:
    moments = [escalation.due_at] if escalation.state in RUNNING else []
    moments += [one.next_at for one in escalation.deliveries if one.state == "waiting"]
    return any(moment is not None and moment < now - GRACE for moment in moments)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
