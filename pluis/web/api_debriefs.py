"""Debriefs: begin, say something, look back; and the assistant outside a debrief."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from pluis.access.rights import may
from pluis.debrief import opening, view
from pluis.escalation.raising import told
from pluis.store import escalations
from pluis.store import training as practices
from pluis.training import practice as practising
from pluis.web import conversation, training
from pluis.web.api_cases import find_case
from pluis.web.problems import Problem
from pluis.web.who import CurrentAccount, CurrentBot, CurrentRuntime, api_account, now

router = APIRouter(prefix="/api", tags=["debriefs"])


class NewDebrief(BaseModel):
    case_id: int | None = None
    mode: Literal["visit", "short", "training"] = "visit"
    language: Literal["nl", "en"] | None = None
    vignette_id: str | None = None


class Said(BaseModel):
    text: str
    client_id: str | None = Field(default=None, max_length=64)
    question: str | None = Field(default=None, max_length=80)


@router.post("/debriefs", status_code=201, summary="Begin a debrief")
def create(new: NewDebrief, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    if new.mode == "training":
        return _practise(new, account, runtime)
    if new.case_id is None:
        raise Problem(422, "wrong_field", field="case_id")
    with runtime.store.transaction() as session:
        case = find_case(session, account, new.case_id)
        if not may(account, "debrief", case):
            raise Problem(403, "not_yours")
        debrief, reply = opening.open_debrief(
            session,
            runtime.protocol,
            case=case,
            account=session.merge(account),
            mode=new.mode,
            language=new.language or account.language,
            now=now(),
        )
        return {"id": debrief.id, **reply.as_json()}


def _practise(new: NewDebrief, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    """A debrief about a made-up family; never about a real one."""
    if new.vignette_id is None or new.case_id is not None:
        raise Problem(422, "no_training_yet")
    id, number = training.parse(new.vignette_id)
    vignette = training.find_vignette(runtime, id, number)
    language = new.language or account.language
    with runtime.store.transaction() as session:
        me = session.merge(account)
        visit = practices.waiting(session, account.id, id, number)
        if visit is None or visit.language != language:
            visit = practising.begin(session, vignette, number, me, language, now())
        debrief, reply = practising.debrief(session, runtime.protocol, vignette, visit, me, now())
        return {"id": debrief.id, **reply.as_json()}


@router.post("/debriefs/{debrief_id}/messages", summary="One turn")
def say(debrief_id: str, said: Said, request: Request, runtime: CurrentRuntime, bot: CurrentBot) -> JSONResponse:
    account = api_account(request)  # here and not before: as a dependency it would take a turn in a thread of its own
    message = conversation.Incoming(debrief_id, said.text, said.client_id, said.question)
    reply = conversation.say(runtime, bot, account, message, now())
    return JSONResponse(reply.as_json())


@router.get("/debriefs/{debrief_id}", summary="Answers, signals, level, note")
def one(debrief_id: str, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=False)
        return view.whole(session, runtime.protocol, debrief, now(), private=debrief.account_id == account.id)


@router.get("/debriefs/{debrief_id}/conversation", summary="The conversation so far")
def conversation_of(debrief_id: str, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=True)
        escalation = escalations.of_debrief(session, debrief.id)
        return {
            **view.conversation(session, runtime.protocol, debrief, now()),
            "escalation": {
                "id": escalation.id,
                "level": escalation.level,
                "state": escalation.state,
                "acknowledged_by": escalation.acknowledged_by.name if escalation.acknowledged_by else None,
                "acknowledged_at": escalation.acknowledged_at.isoformat() if escalation.acknowledged_at else None,
                "told": told(escalation),
            }
            if escalation
            else None,
        }


@router.post("/chat", summary="Say something to the assistant outside a debrief")
def chat(said: Said, account: CurrentAccount, runtime: CurrentRuntime, bot: CurrentBot) -> dict[str, Any]:
    message = conversation.Incoming(None, said.text, said.client_id)
    return conversation.say(runtime, bot, account, message, now()).as_json()
