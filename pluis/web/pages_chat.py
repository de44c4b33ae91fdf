"""The debrief as a conversation: works as plain forms, and without reloading where scripts run."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from pluis.debrief import view
from pluis.debrief.known import person_key
from pluis.escalation.raising import told
from pluis.runtime import Runtime
from pluis.store import debriefs, escalations, training
from pluis.store.base import Json
from pluis.store.debriefs import Debrief
from pluis.store.training import Practice
from pluis.web import conversation
from pluis.web import training as web_training
from pluis.web.pages_shared import Form, Reader, form_account, go, is_script, page
from pluis.web.problems import Problem, problem_response
from pluis.web.texts import say as words
from pluis.web.training_words import sections
from pluis.web.who import CurrentBot, CurrentRuntime, now, runtime_of

router = APIRouter(prefix="/debriefs")
MORE = ("why", "back", "skip", "pause", "correct", "summary")


@router.get("/{debrief_id}")
def chat(request: Request, debrief_id: str, account: Reader, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=True)
        values = _whole(request, session, debrief)
    language = values["chat_language"]
    tools = [(name, words(f"more_{name}", language), words(f"more_{name}_says", language)) for name in MORE]
    return page(request, "chat.html", language=language, tools=tools, **values)


@router.get("/{debrief_id}/part")
def part(request: Request, debrief_id: str, account: Reader, runtime: CurrentRuntime) -> Response:
    """The whole conversation as a part of a page: after another tab, or a colleague, did something."""
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=True)
        values = _whole(request, session, debrief)
    return page(request, "chat_part.html", language=values["chat_language"], **values)


@router.post("/{debrief_id}/say")
def say(request: Request, debrief_id: str, runtime: CurrentRuntime, bot: CurrentBot, form: Form) -> Response:
    account = form_account(request)  # in this thread, as in the API
    client_id, question = str(form.get("client_id", "")) or None, str(form.get("question", "")) or None
    message = conversation.Incoming(debrief_id, message_of(form), client_id, question)
    problem: Problem | None = None
    messages: list[Json] = []
    try:
        reply = conversation.say(runtime, bot, account, message, now())
        messages = reply.messages
    except Problem as raised:
        problem = raised
    if not is_script(request):
        if problem is not None and not problem.extra.get("kept"):
            raise problem
        return go(f"/debriefs/{debrief_id}#newest")
    if problem is not None:
        if not problem.extra.get("messages"):
            return problem_response(request, problem)
        messages = problem.extra["messages"]
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=True)
        values = _whole(request, session, debrief)
    values["messages"] = [{"from": "pluis", **message} for message in messages]
    return page(request, "chat_part.html", problem.status if problem else 200, values["chat_language"], **values)


@router.get("/{debrief_id}/note.md")
def note(debrief_id: str, account: Reader, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=False)
        if debrief.note is None:
            raise Problem(404, "no_such_page")
        name = f"{debrief.case.number}-{debrief.opened_at:%Y-%m-%d}.md"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return PlainTextResponse(debrief.note, media_type="text/markdown", headers=headers)


@router.get("/{debrief_id}/read")
def read(request: Request, debrief_id: str, account: Reader, runtime: CurrentRuntime) -> Response:
    """What was recorded, for who may read it."""
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=False)
        whole = view.whole(session, runtime.protocol, debrief, now(), private=debrief.account_id == account.id)
        values: dict[str, Any] = {
            "case": {"id": debrief.case.id, "number": debrief.case.number, "family": debrief.case.family},
            "counselor": {"name": debrief.account.name, "phone": debrief.account.phone},
            "subjects": {person_key(p): p.name for p in debrief.case.people},
        }
        language = "en" if account.language == "en" else "nl"
        rules = [{"rule": r["rule"], "level": r["level"], "text": r[language]} for r in whole["rules"]]
    return page(request, "read.html", whole=whole, rules=rules, answered=_answered(request, whole, language), **values)


def message_of(form: FormData) -> str:
    """The text of a message, from typed words, a tapped button, or a list that was ticked."""
    text = str(form.get("text", ""))
    key = str(form.get("key", ""))
    if not key:
        return text
    picked = [f"{name.removeprefix('item:')}:{value}" for name, value in form.multi_items() if name.startswith("item:")]
    return f"{key}={','.join(picked or [str(value) for value in form.getlist('pick')])}"


def _whole(request: Request, session: Session, debrief: Debrief) -> dict[str, Any]:
    runtime = runtime_of(request)
    shown = view.conversation(session, runtime.protocol, debrief, now())
    escalation = escalations.of_debrief(session, debrief.id)
    standing: dict[str, Any] = {"level": shown["level"], "told": [], "acknowledged": None, "escalation": None}
    if escalation is not None:
        standing |= {"escalation": escalation.id, "told": told(escalation), "by": escalation.acknowledge_by}
        if escalation.acknowledged_by and escalation.acknowledged_at:
            seen = {
                "name": escalation.acknowledged_by.name,
                "at": escalation.acknowledged_at,
                "id": escalation.id,
            }
            standing["acknowledged"] = seen
            _put_in_time(session, debrief, shown["messages"], seen)
    practice = training.of_debrief(session, debrief.id) if debrief.mode == "training" else None
    return {
        "id": debrief.id,
        "practice": practice.id if practice else None,
        "parts": _lookback(runtime, session, practice),
        "case": {"id": debrief.case.id, "number": debrief.case.number, "family": debrief.case.family},
        "messages": shown["messages"],
        "say_at": f"/debriefs/{debrief.id}/say",
        "state": debrief.state,
        "progress": shown["progress"],
        "standing": standing,
        "open_question": debrief.open_question,
        "chat_language": debrief.language,
    }


def _lookback(runtime: Runtime, session: Session, practice: Practice | None) -> list[Json]:
    """What a practice visit leaves to look back on, at the end of its conversation."""
    if practice is None or practice.debrief is None or practice.debrief.state != "done":
        return []
    vignette, visit, told = web_training.feedback_on(session, runtime, practice)
    return sections(told, vignette, visit, runtime.protocol, practice.language)


def _put_in_time(session: Session, debrief: Debrief, messages: list[Json], seen: dict[str, Any]) -> None:
    """Between the messages, the moment at which somebody had read the alert."""
    later = {t.client_id for t in debriefs.turns(session, debrief.id) if t.received_at > seen["at"]}
    place = next((i for i, m in enumerate(messages) if m.get("client_id") in later), len(messages))
    messages.insert(place, {"from": "seen", **seen})


def _answered(request: Request, whole: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Answers with the words of their questions; replaced ones stay visible as such."""
    protocol = runtime_of(request).protocol
    rows = []
    for answer in whole["answers"]:
        question = protocol.question(answer["question"])
        values = answer["value"] if isinstance(answer["value"], list) else [answer["value"]]
        if question is None or answer["value"] in ("each", None):
            continue
        choices = [question.choice(value) for value in values if isinstance(value, str)]
        titles = [choice.title[language] for choice in choices if choice]
        skipped = words("read_skipped", language) if answer["value"] == "skipped" else ""
        rows.append(
            {
                "ask": question.ask[language],
                "subject": answer["subject"],
                "chosen": ", ".join(titles) or skipped,
                "text": answer["text"],
                "replaced": answer["replaced_at"] is not None,
            }
        )
    return rows
