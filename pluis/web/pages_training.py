"""Practice as pages: the list, the visit, its feedback. The debrief itself is the usual conversation with a banner."""

from fastapi import APIRouter, Request, Response

from pluis.training import again as trying
from pluis.training import practice as practising
from pluis.web import training, training_progress
from pluis.web.pages_shared import Form, Reader, Writer, go, page
from pluis.web.problems import Problem
from pluis.web.training_words import sections
from pluis.web.who import CurrentRuntime, now

router = APIRouter(prefix="/training")


@router.get("")
def listing(request: Request, account: Reader, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        shown = training.listing(session, runtime, account)
        following = training_progress.next_for(session, runtime, account, now())
    return page(request, "training.html", vignettes=shown, following=following)


@router.post("/{vignette_id}")
def begin(vignette_id: str, account: Writer, runtime: CurrentRuntime) -> Response:
    id, number = training.parse(vignette_id)
    vignette = training.find_vignette(runtime, id, number)
    with runtime.store.transaction() as session:
        practice = practising.begin(session, vignette, number, account, account.language, now())
        return go(f"/training/visits/{practice.id}")


@router.get("/visits/{practice_id}")
def scene(request: Request, practice_id: str, account: Reader, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        practice = training.find_practice(session, account, practice_id)
        vignette = training.find_vignette(runtime, practice.vignette, practice.visit)
        shown = training.scene_json(practice, vignette, vignette.visits[practice.visit])
        done = practice.debrief is not None and practice.debrief.state == "done"
        before = training.before(session, runtime, practice)
    last = shown["talk"][-1]["who"] if shown["talk"] else shown["ask"][0]["who"]
    return page(
        request, "training_scene.html", language=practice.language, visit=shown, done=done, last=last, before=before
    )


@router.post("/visits/{practice_id}/ask")
def ask(practice_id: str, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    with runtime.store.transaction() as session:
        practice = training.find_practice(session, account, practice_id)
        vignette = training.find_vignette(runtime, practice.vignette, practice.visit)
        practising.ask(practice, vignette, str(form.get("who", "")), str(form.get("text", "")))
    return go(f"/training/visits/{practice_id}#newest")


@router.post("/visits/{practice_id}/debrief")
def debrief(practice_id: str, account: Writer, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        practice = training.find_practice(session, account, practice_id)
        vignette = training.find_vignette(runtime, practice.vignette, practice.visit)
        made, _ = practising.debrief(session, runtime.protocol, vignette, practice, session.merge(account), now())
        return go(f"/debriefs/{made.id}")


@router.get("/visits/{practice_id}/feedback")
def feedback(request: Request, practice_id: str, account: Reader, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        practice = training.find_practice(session, account, practice_id)
        vignette, visit, told = training.feedback_on(session, runtime, practice)
        language = practice.language
        parts = sections(told, vignette, visit, runtime.protocol, language)
        points = training.points(session, runtime, practice, vignette)
    following = practice.visit + 1 < len(vignette.visits)
    return page(
        request, "training_feedback.html", language=language, parts=parts, points=points, practice=practice.id,
        title=vignette.title[language], level=told.level, debrief=practice.debrief_id,
        following=f"{vignette.id}.{practice.visit + 2}" if following else None,
    )  # fmt: skip


@router.post("/visits/{practice_id}/again")
def again(practice_id: str, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """Try again: the whole visit, or the debrief from one question on."""
    question = str(form.get("question", "")) or None
    if question is not None and runtime.protocol.question(question) is None:
        raise Problem(422, "wrong_field", field="question")
    with runtime.store.transaction() as session:
        old = training.find_practice(session, account, practice_id)
        vignette = training.find_vignette(runtime, old.vignette, old.visit)
        me = session.merge(account)
        new = trying.again(session, runtime.protocol, vignette, old, me, question, now())
        return go(f"/debriefs/{new.debrief_id}" if new.debrief_id else f"/training/visits/{new.id}")
