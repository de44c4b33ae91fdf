"""The first page after signing in, by role; begin a debrief; talk with the assistant outside a debrief."""

from typing import Any

from fastapi import APIRouter, Request, Response

from pluis.access.rights import may
from pluis.debrief import opening
from pluis.dossier import overview
from pluis.dossier.searching import Asked
from pluis.escalation import view
from pluis.store.people import Account
from pluis.web import conversation, pages_reflection
from pluis.web.api_cases import find_case
from pluis.web.pages_search import search_values
from pluis.web.pages_shared import Form, Reader, Writer, go, is_script, page
from pluis.web.problems import Problem, problem_response
from pluis.web.who import CurrentBot, CurrentRuntime, now, runtime_of

router = APIRouter()
router.include_router(pages_reflection.router)
MODES = ("visit", "short")
MOST_LISTED = 200


@router.get("/")
def home(request: Request, account: Reader) -> Response:
    if account.role in ("supervisor", "manager"):
        return go("/inbox")
    return _home(request, account, [])


@router.post("/cases/{case_id}/debriefs")
def begin(case_id: int, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """A new debrief of this family, straight from its card."""
    mode = "short" if form.get("mode") == "short" else "visit"
    with runtime.store.transaction() as session:
        case = find_case(session, account, case_id)
        if not may(account, "debrief", case):
            raise Problem(403, "not_yours")
        debrief, _reply = opening.open_debrief(
            session,
            runtime.protocol,
            case=case,
            account=session.merge(account),
            mode=mode,  # type: ignore[arg-type]
            language=account.language,
            now=now(),
        )
        return go(f"/debriefs/{debrief.id}")


@router.post("/say")
def say_outside(request: Request, account: Writer, runtime: CurrentRuntime, bot: CurrentBot, form: Form) -> Response:
    """Words to the assistant from the home page."""
    text, client_id = str(form.get("text", "")), str(form.get("client_id", "")) or None
    try:
        reply = conversation.say(runtime, bot, account, conversation.Incoming(None, text, client_id), now())
    except Problem as problem:
        if not is_script(request):
            raise
        if problem.extra.get("messages") is None:
            return problem_response(request, problem)
        return _part(request, account, problem.extra["messages"], 503)
    if is_script(request):
        return _part(request, account, reply.messages)
    return _home(request, account, [{"from": "you", "text": text}, *({"from": "pluis", **m} for m in reply.messages)])


def _part(request: Request, account: Account, messages: list[dict[str, Any]], status: int = 200) -> Response:
    shown = [{"from": "pluis", **message} for message in messages]
    return page(
        request,
        "chat_part.html",
        status,
        messages=shown,
        say_at="/say",
        state="open",
        progress=None,
        standing=None,
        chat_language=account.language,
    )


def _home(request: Request, account: Account, messages: list[dict[str, Any]]) -> Response:
    if account.role != "counselor":
        found_values = search_values(request, account, Asked()) if account.role == "quality" else {}
        return page(request, "home_other.html", **found_values)
    runtime, moment = runtime_of(request), now()
    with runtime.store.reading() as session:
        found = overview.visible_cases(session, account, MOST_LISTED)
        lines = overview.lines(session, runtime.protocol, found, moment)
        alerts = [
            view.as_json(one, "en" if account.language == "en" else "nl", moment)
            for one in view.inbox(session, account, view.RUNNING)
        ]
    lines.sort(key=lambda line: line["unfinished"] is None)
    return page(request, "home.html", cases=lines, alerts=alerts, messages=messages)
