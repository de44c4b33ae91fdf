"""The inbox of whoever is told: what needs a human first, in the counselor's own words."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from pluis.access import emergency
from pluis.access.rights import may_do
from pluis.escalation import answering, auditor, view
from pluis.escalation.raising import SEEN
from pluis.escalation.recipients import Roster
from pluis.protocol.facts import LEVELS, rank
from pluis.store.escalations import Escalation
from pluis.store.people import Account, by_username
from pluis.web.api_escalations import find_escalation, retry_delivery
from pluis.web.pages_shared import Form, Reader, Writer, go, is_script, page, zone_of
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import now, runtime_of

router = APIRouter(prefix="/inbox")
DECIDED_SHOWN = 50
MESSAGES_SHOWN = 40
DECISION = ("level", "reason", "action", "tell_family", "check_on")
CHECK = ("note", "done", "check_on")
# Somebody else was first: that is said above the list, for the form is gone.
OVER = ("decided_already", "not_decided_yet", "checked_already", "no_retry")
Act = Callable[[Session, Escalation, Account], None]


@router.get("")
def inbox(request: Request, account: Reader) -> Response:
    return _page(request, account)


@router.get("/list")
def inbox_list(request: Request, account: Reader) -> Response:
    """The list alone, to put in the place of an older one."""
    _demand(account)
    return page(request, "inbox_list.html", **_values(request, account))


@router.post("/{escalation_id}/acknowledge")
def acknowledge(request: Request, escalation_id: int, account: Writer) -> Response:
    def act(session: Session, escalation: Escalation, me: Account) -> None:
        answering.acknowledge(session, escalation, me, now())

    done = _answer(request, account, escalation_id, "acknowledge", {}, act)
    return inbox_list(request, account) if is_script(request) else done


@router.post("/{escalation_id}/spoke")
def spoke(request: Request, escalation_id: int, account: Writer) -> Response:
    def act(session: Session, escalation: Escalation, me: Account) -> None:
        answering.speak(session, escalation, me, now())

    return _answer(request, account, escalation_id, "spoke", {}, act)


@router.post("/{escalation_id}/hand-over")
def hand_over(request: Request, escalation_id: int, account: Writer, form: Form) -> Response:
    given = {"to": str(form.get("to", ""))}

    def act(session: Session, escalation: Escalation, me: Account) -> None:
        to = by_username(session, given["to"])
        if to is None:
            raise answering.CannotDecide("hand_over_choose" if not given["to"] else "cannot_hand_over")
        answering.hand_over(session, escalation, me, to, now())

    return _answer(request, account, escalation_id, "hand_over", given, act)


@router.post("/{escalation_id}/decision")
def decide(request: Request, escalation_id: int, account: Writer, form: Form) -> Response:
    given: dict[str, Any] = {name: str(form.get(name, "")) for name in DECISION}
    given["children_known"] = form.get("children_known") == "yes"

    def act(session: Session, escalation: Escalation, me: Account) -> None:
        answering.decide(session, escalation, me, given, now())

    return _answer(request, account, escalation_id, "decision", given, act)


@router.post("/{escalation_id}/check")
def check(request: Request, escalation_id: int, account: Writer, form: Form) -> Response:
    given = {name: str(form.get(name, "")) for name in CHECK}

    def act(session: Session, escalation: Escalation, me: Account) -> None:
        if given["done"] == "no":
            answering.check_failed(session, escalation, me, given["note"], given["check_on"], now())
        elif given["done"] == "yes":
            answering.check(session, escalation, me, given["note"], now())
        else:
            raise answering.CannotDecide("check_done")

    return _answer(request, account, escalation_id, "check", given, act)


@router.post("/{escalation_id}/deliveries/{delivery_id}/retry")
def retry(request: Request, escalation_id: int, delivery_id: int, account: Writer) -> Response:
    def act(session: Session, escalation: Escalation, me: Account) -> None:
        retry_delivery(session, escalation, delivery_id, me, now())

    return _answer(request, account, escalation_id, "retry", {}, act)


def _answer(
    request: Request, account: Account, escalation_id: int, form: str, given: dict[str, Any], act: Act
) -> Response:
    """Do it in one transaction and go back to the card, or show the card with what is missing."""
    try:
        with runtime_of(request).store.transaction() as session:
            escalation = find_escalation(session, account, escalation_id, "answer_escalation")
            act(session, escalation, session.get_one(Account, account.id))
    except answering.CannotDecide as refused:
        text = say(refused.why, language_of(request))
        error = {"id": escalation_id, "form": form, "why": refused.why, "text": text, "given": given}
        return _page(request, account, error, 409 if refused.why in OVER else 422)
    return go(f"/inbox#alert-{escalation_id}")


def _demand(account: Account) -> None:
    """Raises Problem for whoever has no inbox."""
    if not may_do(account, "see_inbox"):
        raise Problem(403, "inbox_not_yours")


def _page(request: Request, account: Account, error: dict[str, Any] | None = None, status: int = 200) -> Response:
    _demand(account)
    return page(request, "inbox.html", status, **_values(request, account, error))


def _values(request: Request, account: Account, error: dict[str, Any] | None = None) -> dict[str, Any]:
    runtime, moment, language = runtime_of(request), now(), language_of(request)
    today = moment.astimezone(zone_of(request)).date()
    with runtime.store.reading() as session:
        running = [_card(one, account, language, moment) for one in view.inbox(session, account, view.RUNNING)]
        decided = [
            view.as_json(one, language, moment)
            for one in view.inbox(session, account, ("decided",), DECIDED_SHOWN, by_check=True)
        ]
        stuck = auditor.overdue(session, moment)
        others = Roster(session, moment).colleagues(account) if running else []
        emergencies = emergency.to_see(session, account, moment)
    for alert in (*running, *decided):
        _words(request, alert, language)
    running.sort(key=urgency)
    return {
        "alerts": running,
        "to_check": [alert for alert in decided if _day(alert) <= today],
        "decided": [alert for alert in decided if _day(alert) > today],
        "colleagues": others,
        "emergencies": emergencies,
        "waiting": sum(alert["state"] == "open" for alert in running),
        "stuck": stuck,
        "error": error,
        "over": OVER,
        "levels": LEVELS,
        "level_names": {level: runtime.protocol.rules.levels[level][language] for level in LEVELS},
        "lowest": {
            alert["id"]: LEVELS[max(rank(alert["level"]) - 1, 0)] for alert in running if alert["level"] in LEVELS
        },
        "rank": rank,
        "actions": answering.ACTIONS,
        "today": today,
        "check_default": today + timedelta(days=7),
        "messages_shown": MESSAGES_SHOWN,
    }


def _card(escalation: Escalation, account: Account, language: str, moment: datetime) -> dict[str, Any]:
    shown = view.as_json(escalation, language, moment)
    sent = [one for one in shown["deliveries"] if one["state"] not in ("not_configured", "unneeded")]
    return {
        **shown,
        "mine": escalation.state == "acknowledged" and escalation.acknowledged_by_id == account.id,
        "messages": list(reversed(sent)),
        "failed": sum(one["state"] in ("failed", "no_address") and one["round"] == shown["round"] for one in sent),
        "not_set_up": sorted({one["channel"] for one in shown["deliveries"] if one["state"] == "not_configured"}),
    }


def _day(alert: dict[str, Any]) -> date:
    """When it is to be checked; one without a date cannot wait."""
    return date.fromisoformat(alert["check_on"]) if alert["check_on"] else date.min


def urgency(alert: dict[str, Any]) -> tuple[int, float]:
    """What needs a human first: acute and unanswered, then late, then open, then what somebody has; oldest first."""
    is_open = alert["state"] == "open"
    order = 0 if is_open and alert["level"] == "L3" else 1 if alert["late"] else 2 if is_open else 3
    return order, datetime.fromisoformat(alert["raised_at"]).timestamp()


def _words(request: Request, alert: dict[str, Any], language: str) -> None:
    """Give each quote the names of its signals, each text the words of its question, each child how it was seen."""
    protocol = runtime_of(request).protocol
    quotes: dict[str, list[dict[str, Any]]] = {}
    for word in alert["words"]:
        signal = word.get("signal")
        known = signal is not None and signal in protocol.taxonomy
        word["name"] = protocol.taxonomy.signal(signal).name.of("en" if language == "en" else "nl") if known else ""
        quotes.setdefault(word["sentence"], []).append(word)
    alert["quotes"] = quotes  # a sentence that holds two signals is read once
    alert["texts"] = []
    for key, text in (alert["facts"].get("texts") or {}).items():
        question = protocol.question(key.partition("/")[0])
        if question is not None and text:
            alert["texts"].append({"ask": question.ask[language], "text": text})
    asked = protocol.question(SEEN)
    titles = {choice.id: choice.title[language] for choice in asked.choices} if asked else {}
    how: dict[str, list[str]] = {}
    for child in alert["facts"].get("children") or []:
        how.setdefault(titles.get(child["seen"]) or say("alert_child_unasked", language), []).append(child["name"])
    alert["children"] = how
