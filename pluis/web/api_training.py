"""Training: the vignettes, a visit to one, and feedback on a practice debrief."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pluis.store.training import of_debrief
from pluis.training import practice as practising
from pluis.web import conversation, training
from pluis.web.problems import Problem
from pluis.web.who import CurrentAccount, CurrentRuntime, now

router = APIRouter(prefix="/api", tags=["training"])


class Question(BaseModel):
    who: str = Field(max_length=40)
    text: str = Field(min_length=1, max_length=practising.MOST_CHARACTERS)


@router.get("/training/vignettes", summary="The made-up visits to practise on")
def listing(account: CurrentAccount, runtime: CurrentRuntime) -> list[dict[str, Any]]:
    with runtime.store.reading() as session:
        return training.listing(session, runtime, account)


@router.post("/training/vignettes/{vignette_id}", status_code=201, summary="Go on a made-up visit")
def visit(vignette_id: str, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    id, number = training.parse(vignette_id)
    vignette = training.find_vignette(runtime, id, number)
    with runtime.store.transaction() as session:
        practice = practising.begin(session, vignette, number, account, account.language, now())
        return training.scene_json(practice, vignette, vignette.visits[number])


@router.post("/training/visits/{practice_id}/ask", summary="Ask somebody there")
def ask(practice_id: str, question: Question, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with runtime.store.transaction() as session:
        practice = training.find_practice(session, account, practice_id)
        vignette = training.find_vignette(runtime, practice.vignette, practice.visit)
        says = practising.ask(practice, vignette, question.who, question.text)
        if says is None:
            raise Problem(422, "wrong_field", field="who")
        return {"says": says}


@router.get("/debriefs/{debrief_id}/feedback", summary="Feedback on a practice debrief")
def feedback(debrief_id: str, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with runtime.store.reading() as session:
        debrief = conversation.find_debrief(session, account, debrief_id, write=True)
        practice = of_debrief(session, debrief.id)
        if practice is None:
            raise Problem(404, "no_such_practice")
        return training.feedback_json(session, runtime, practice, debrief.language)
