"""The audit report, for quality and management."""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import APIRouter, Query, Request, Response

from pluis.access.rights import may_do
from pluis.dossier.audit import Period, report
from pluis.dossier.printed_audit import printed_audit
from pluis.runtime import Runtime
from pluis.store.people import Account
from pluis.web import pages_reflection
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import CurrentAccount, CurrentRuntime, now

router = APIRouter(prefix="/api", tags=["exports"])
router.include_router(pages_reflection.api)
USUAL = timedelta(days=91)
LONGEST = timedelta(days=5 * 366)
MOST = 200


@router.get("/audit.json", summary="The audit of a period")
def audit_json(
    account: CurrentAccount,
    runtime: CurrentRuntime,
    first: Annotated[date | None, Query(alias="from", description="First day; three months ago if left out")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day; today if left out")] = None,
    seed: Annotated[int | None, Query(ge=0, le=2**31 - 1, description="Draws the same sample again")] = None,
    sample: Annotated[int, Query(ge=1, le=MOST, description="So many cases are looked at one by one")] = 10,
) -> dict[str, Any]:
    return audit(runtime, account, first, last, seed, sample)


@router.get(
    "/audit.pdf",
    summary="The audit of a period on paper, with pictures",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
def audit_pdf(
    request: Request,
    account: CurrentAccount,
    runtime: CurrentRuntime,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    seed: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    sample: Annotated[int, Query(ge=1, le=MOST)] = 10,
) -> Response:
    report = audit(runtime, account, first, last, seed, sample)
    language = language_of(request)

    def show(day: str) -> str:
        return format_date(date.fromisoformat(day), "d MMMM y", locale=language)

    words: Callable[..., str] = lambda name, **values: say(name, language, **values)  # noqa: E731
    name = f"audit-{report['from']}-{report['to']}.pdf"
    return Response(
        printed_audit(report, words, show, language),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def audit(
    runtime: Runtime, account: Account, first: date | None, last: date | None, seed: int | None, sample: int
) -> dict[str, Any]:
    """The report, if this person may have it. Raises Problem."""
    if not may_do(account, "see_audit"):
        raise Problem(403, "audit_not_yours")
    moment = now()
    zone = ZoneInfo(runtime.protocol.ladders.working_hours.timezone)
    last = last or moment.astimezone(zone).date()
    if first is None:
        first = last - USUAL if last - date.min > USUAL else date.min
    if first > last or last - first > LONGEST or first.year < 1900 or last.year > 9000:
        raise Problem(422, "audit_period")
    period = Period(first, last, zone)
    drawn = secrets.randbelow(2**31) if seed is None else seed
    with runtime.store.reading() as session:
        return report(session, runtime.protocol, period, drawn, sample, moment)
