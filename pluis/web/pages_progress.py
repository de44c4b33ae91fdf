"""The own progress in practice: what grew, what comes back, who may see along, and a certificate of hours."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from pluis.store import training_group
from pluis.training import consent, history
from pluis.training.certificate import certificate, practised
from pluis.web import training_progress
from pluis.web.pages_shared import Form, Reader, Writer, go, page
from pluis.web.problems import Problem
from pluis.web.texts import say
from pluis.web.training import vignettes
from pluis.web.who import CurrentRuntime, now

router = APIRouter(prefix="/training")
WORDS = (
    "title", "footer", "name", "period_word", "time", "made", "visits", "day", "visit", "hours", "minutes", "counted",
    "no_appraisal",
)  # fmt: skip
YEAR = timedelta(days=365)


@router.get("/progress")
def progress(request: Request, account: Reader, runtime: CurrentRuntime) -> Response:
    language, today = account.language, training_progress.today(runtime, now())
    library = vignettes(runtime)
    with runtime.store.reading() as session:
        outcomes = history.outcomes_of(session, library, runtime.protocol, [account.id])[account.id]
        following = training_progress.suggestions(session, runtime, library, account, outcomes, now())
        given = training_group.consent_of(session, account.id)
        trainers = [one.name for one in training_group.trainers(session) if one.id != account.id]
    return page(
        request, "training_progress.html", progress=training_progress.shown(runtime, library, outcomes, language),
        following=following, consent=given, trainers=trainers, first=today - YEAR, last=today,
    )  # fmt: skip


@router.post("/progress/consent")
def change_consent(account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """`consent`: yes or no."""
    with runtime.store.transaction() as session:
        (consent.give if form.get("consent") == "yes" else consent.withdraw)(session, account.id, now())
    return go("/training/progress#consent")


@router.get("/certificate.pdf")
def hours(
    account: Reader,
    runtime: CurrentRuntime,
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
) -> Response:
    """The own hours of a period; of the last year when it is left open. Raises Problem."""
    language, today = account.language, training_progress.today(runtime, now())
    try:
        since = date.fromisoformat(first) if first else today - YEAR
        until = date.fromisoformat(last) if last else today
    except ValueError:
        raise Problem(422, "certificate_period") from None
    if since > until:
        raise Problem(422, "certificate_period")
    with runtime.store.reading() as session:
        rows = practised(session, vignettes(runtime), account, since, until, language)
    words = {name: say(f"certificate_{name}", language) for name in WORDS}
    return Response(
        certificate(words, account.name, rows, since, until, language, now()),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="pluis-{since}-{until}.pdf"'},
    )
