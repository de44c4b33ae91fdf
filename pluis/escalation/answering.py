"""A person answers: acknowledges, talks, decides, checks; or hands over."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pluis.escalation import ladder
from pluis.escalation.recipients import Roster
from pluis.escalation.telling import log, tell
from pluis.protocol.facts import LEVELS, rank
from pluis.store import escalations
from pluis.store.debriefs import Debrief, LevelChange
from pluis.store.escalations import RUNNING, Escalation
from pluis.store.people import Account

ACTIONS = (
    "call_112",
    "advice",
    "report",
    "safety_plan",
    "joint_visit",
    "team_meeting",
    "child_protection_board",
    "none",
)
# Protocol, section 3, after the safety plans of Los Angeles County: looked at within 7 days, at most 30.
PLAN_CHECKED_WITHIN = timedelta(days=30)


class CannotDecide(Exception):
    """The decision is refused; `why` is the id of a plain sentence."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def acknowledge(session: Session, escalation: Escalation, account: Account, now: datetime) -> None:
    """Somebody has it. The ladder stops climbing and the time to decide begins. Twice changes nothing."""
    escalations.lock(session, escalation)
    if escalation.state != "open":
        return
    escalation.state = "acknowledged"
    escalation.acknowledged_at, escalation.acknowledged_by = now, account
    escalation.due_at = now + timedelta(minutes=escalation.ladder["decide_within"])
    log(session, escalation, now, "acknowledged", account.id, {})


def speak(session: Session, escalation: Escalation, account: Account, now: datetime) -> None:
    """The counselor has been spoken to. Whoever says so has the escalation."""
    acknowledge(session, escalation, account, now)
    if escalation.spoke_at is None:
        escalation.spoke_at = now
        log(session, escalation, now, "spoke", account.id, {})


def hand_over(session: Session, escalation: Escalation, by: Account, to: Account, now: datetime) -> None:
    """Give it to somebody else. It is open again until that person has it: nothing is handed over into silence.

    Twice changes nothing: who was asked just now is not asked again.

    Raises CannotDecide when that person is away, left, may not answer, or is the one who hands over.
    """
    escalations.lock(session, escalation)
    if escalation.state not in RUNNING:
        raise CannotDecide("decided_already")
    if to.id == by.id or [one.id for one in Roster(session, now).present(to)] != [to.id]:
        raise CannotDecide("cannot_hand_over")
    asked = [person["id"] for person in escalation.ladder["steps"][0]["people"]]
    if escalation.state == "open" and escalation.step == 0 and asked == [to.id]:
        return
    log(session, escalation, now, "handed_over", by.id, {"to": to.id})
    within = escalation.ladder["repeat_every"]
    first = {
        "due_at": now.isoformat(),
        "to": [],
        "channels": escalation.ladder["steps"][0]["channels"],
        "people": [{"id": to.id, "name": to.name, "phone": to.phone}],
    }
    # The others come after, from now on as far apart as before.
    begun = datetime.fromisoformat(escalation.ladder["steps"][0]["due_at"])
    rest = [
        {
            **step,
            "due_at": (now + max(datetime.fromisoformat(step["due_at"]) - begun, timedelta(minutes=1))).isoformat(),
        }
        for step in escalation.ladder["steps"][1:]
    ]
    escalation.round += 1
    escalation.ladder = {**escalation.ladder, "steps": [first, *rest], "begun": escalation.round}
    escalation.state, escalation.step = "open", 0
    escalation.acknowledged_at, escalation.acknowledged_by = None, None
    escalation.due_at = ladder.due_after(escalation.ladder, 0, now)
    escalation.acknowledge_by = min(escalation.due_at, now + timedelta(minutes=within))
    escalation.ladder = {**escalation.ladder, "acknowledge_by": escalation.acknowledge_by.isoformat()}
    tell(session, escalation, now)


def check(session: Session, escalation: Escalation, account: Account, note: str, now: datetime) -> None:
    """What was agreed has been done: only now is it closed. Raises CannotDecide."""
    _may_check(session, escalation, note)
    escalation.state, escalation.checked_at = "closed", now
    escalation.decision = {**(escalation.decision or {}), "checked": note.strip(), "checked_by": account.name}
    log(session, escalation, now, "checked", account.id, {})


def check_failed(
    session: Session, escalation: Escalation, account: Account, note: str, check_on: object, now: datetime
) -> None:
    """What was agreed has not been done (yet): it stays decided, with the note and a new check date. Raises CannotDecide."""
    _may_check(session, escalation, note)
    again = _check_on(check_on, now)
    decision = escalation.decision or {}
    line = {"note": note.strip(), "by": account.name, "on": now.date().isoformat()}
    escalation.check_on = again
    escalation.decision = {
        **decision,
        "check_on": again.isoformat(),
        "not_done": [*decision.get("not_done", []), line],
    }
    log(session, escalation, now, "check_failed", account.id, {"check_on": again.isoformat()})


def _may_check(session: Session, escalation: Escalation, note: str) -> None:
    escalations.lock(session, escalation)
    if escalation.state != "decided":
        raise CannotDecide("not_decided_yet" if escalation.state in RUNNING else "checked_already")
    if not note.strip():
        raise CannotDecide("check_note")


def decide(session: Session, escalation: Escalation, account: Account, decision: dict[str, Any], now: datetime) -> None:
    """Record a decision: `level`, `reason`, `action`, `tell_family`, `check_on`, and `children_known` to lower an L3.

    Raises CannotDecide when something is missing: a reason, a known level, an action (one of ACTIONS, or
    own words), a check date that is not past;
    a level may go down one step at the most, and from L3 only when it is known where each child is;
    a safety plan is looked at within a month. The same decision sent twice is one decision.
    """
    escalations.lock(session, escalation)
    level = decision.get("level") or escalation.level
    check_on = _check_on(decision.get("check_on"), now)
    recorded = {
        "level": level,
        "reason": str(decision.get("reason") or "").strip(),
        "action": str(decision.get("action") or "").strip(),
        "tell_family": _whom(decision.get("tell_family")),
        "check_on": check_on.isoformat(),
    }
    if escalation.state not in RUNNING:
        if escalation.decided_by_id == account.id and escalation.decision == recorded:
            return
        raise CannotDecide("decided_already")
    if level not in LEVELS:
        raise CannotDecide("decision_level")
    if not recorded["reason"]:
        raise CannotDecide("decision_reason")
    if not recorded["action"]:
        raise CannotDecide("decision_action")
    if recorded["action"] == "safety_plan" and check_on > now.date() + PLAN_CHECKED_WITHIN:
        raise CannotDecide("decision_plan_check")
    if rank(level) < rank(escalation.level):
        if rank(escalation.level) - rank(level) > 1:
            raise CannotDecide("decision_one_step")
        if escalation.level == "L3" and decision.get("children_known") is not True:
            raise CannotDecide("decision_children")
    acknowledge(session, escalation, account, now)
    if decision.get("spoke") or decision.get("children_known"):
        speak(session, escalation, account, now)
    kind = "kept" if level == escalation.level else "raised" if rank(level) > rank(escalation.level) else "lowered"
    escalation.state, escalation.decided_at, escalation.decided_by = "decided", now, account
    escalation.check_on, escalation.due_at = check_on, None
    escalation.decision = recorded
    log(session, escalation, now, "decided", account.id, {"level": level, "kind": kind})
    debrief = session.get(Debrief, escalation.debrief_id) if escalation.debrief_id else None
    if debrief is not None:
        session.add(
            LevelChange(
                debrief_id=debrief.id,
                kind=kind,
                level=level,
                reason=recorded["reason"],
                rules=escalation.reasons,
                by_id=account.id,
                at=now,
            )
        )
        debrief.level = level
    escalation.facts = {**escalation.facts, "decided_over": escalation.level}
    escalation.level = level


def _check_on(given: object, now: datetime) -> date:
    if isinstance(given, date):
        day = given
    else:
        try:
            day = date.fromisoformat(str(given))
        except ValueError:
            raise CannotDecide("decision_check_on") from None
    if day < now.date():
        raise CannotDecide("decision_check_on_past")
    return day


def _whom(tell_family: object) -> str:
    """Who tells the family: a name or a few words; a program may say just yes or no."""
    if isinstance(tell_family, bool):
        return "yes" if tell_family else ""
    return str(tell_family or "").strip()
