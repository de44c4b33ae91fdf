"""The inbox of whoever is told: what needs a human first, in the counselor's own words."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from pluis.escalation import answering, view
from pluis.protocol.facts import LEVELS, rank
from pluis.store.people import Account
from pluis.web.api_escalations import find_escalation
from pluis.web.pages_shared import Form, Reader, Writer, go, is_script, page, zone_of
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import CurrentRuntime, now, runtime_of

router = APIRouter(prefix="/inbox")
DECIDED_SHOWN = 20
FIELDS = ("level", "reason", "action", "tell_family", "check_on")


@router.get("")
def inbox(request: Request, account: Reader) -> Response:
    return _page(request, account)


@router.get("/list")
def inbox_list(request: Request, account: Reader) -> Response:
    """The list alone, to put in the place of an older one."""
    return page(request, "inbox_list.html", **_values(request, account))


@router.post("/{escalation_id}/acknowledge")
def acknowledge(request: Request, escalation_id: int, account: Writer, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        escalation = find_escalation(session, account, escalation_id, "answer_escalation")
        answering.acknowledge(session, escalation, session.merge(account), now())
    return inbox_list(request, account) if is_script(request) else go(f"/inbox#alert-{escalation_id}")


@router.post("/{escalation_id}/decision")
def decide(request: Request, escalation_id: int, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    given: dict[str, Any] = {name: str(form.get(name, "")) for name in FIELDS}
    given["children_known"] = form.get("children_known") == "yes"
    try:
        with runtime.store.transaction() as session:
            escalation = find_escalation(session, account, escalation_id, "answer_escalation")
            answering.decide(session, escalation, session.merge(account), given, now())
    except answering.CannotDecide as refused:
        error = {
            "id": escalation_id,
            "why": refused.why,
            "text": say(refused.why, language_of(request)),
            "given": given,
        }
        return _page(request, account, error, 409 if refused.why == "decided_already" else 422)
    return go(f"/inbox#alert-{escalation_id}")


def _page(request: Request, account: Account, error: dict[str, Any] | None = None, status: int = 200) -> Response:
    if account.role not in ("supervisor", "manager"):
        raise Problem(403, "inbox_not_yours")
    return page(request, "inbox.html", status, **_values(request, account, error))


def _values(request: Request, account: Account, error: dict[str, Any] | None = None) -> dict[str, Any]:
    runtime, moment, language = runtime_of(request), now(), language_of(request)
    with runtime.store.reading() as session:
        running = [
            {**view.as_json(one, language, moment), "told": _told(one.ladder, one.step)}
            for one in view.inbox(session, account, view.RUNNING)
        ]
        decided = [
            view.as_json(one, language, moment) for one in view.inbox(session, account, ("decided",), DECIDED_SHOWN)
        ]
    for alert in (*running, *decided):
        _words(request, alert, language)
    running.sort(key=urgency)
    return {
        "alerts": running,
        "decided": decided,
        "waiting": sum(alert["state"] == "open" for alert in running),
        "error": error,
        "levels": LEVELS,
        "level_names": {level: runtime.protocol.rules.levels[level][language] for level in LEVELS},
        "lowest": {
            alert["id"]: LEVELS[max(rank(alert["level"]) - 1, 0)] for alert in running if alert["level"] in LEVELS
        },
        "rank": rank,
        "actions": answering.ACTIONS,
        "today": moment.astimezone(zone_of(request)).date(),
        "check_default": moment.astimezone(zone_of(request)).date() + timedelta(days=7),
    }


def urgency(alert: dict[str, Any]) -> tuple[int, float]:
    """What needs a human first: acute and unanswered, then late, then open, then what somebody has; oldest first."""
    is_open = alert["state"] == "open"
    order = 0 if is_open and alert["level"] == "L3" else 1 if alert["late"] else 2 if is_open else 3
    return order, datetime.fromisoformat(alert["raised_at"]).timestamp()


def _told(ladder: dict[str, Any], step: int) -> list[str]:
    return list(dict.fromkeys(p["name"] for one in ladder.get("steps", [])[: step + 1] for p in one["people"]))


def _words(request: Request, alert: dict[str, Any], language: str) -> None:
    """Give each quote the name of its signal, and each text the words of its question."""
    protocol = runtime_of(request).protocol
    for word in alert["words"]:
        signal = word.get("signal")
        known = signal is not None and signal in protocol.taxonomy
        word["name"] = protocol.taxonomy.signal(signal).name.of("en" if language == "en" else "nl") if known else ""
    alert["texts"] = []
    for key, text in (alert["facts"].get("texts") or {}).items():
        question = protocol.question(key.partition("/")[0])
        if question is not None and text:
            alert["texts"].append({"ask": question.ask[language], "text": text})
