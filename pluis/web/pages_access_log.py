"""Who looked into a file, when and why, on a page to print and as data; and what was logged about oneself."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from fastapi import APIRouter, Query, Request, Response

from pluis.access import looked
from pluis.access.rights import may
from pluis.store.cases import Case
from pluis.store.people import Account
from pluis.web.api_cases import find_case
from pluis.web.pages_shared import Reader, page, zone_of
from pluis.web.problems import Problem
from pluis.web.texts import known, say
from pluis.web.who import CurrentAccount, CurrentRuntime, now, runtime_of

router = APIRouter()
api = APIRouter(prefix="/api/cases", tags=["exports"])
USUAL = timedelta(days=91)
FIRST, LAST = date(2000, 1, 1), date(9000, 1, 1)

FirstDay = Annotated[str, Query(alias="from", max_length=10, description="First day; three months ago if left out")]
LastDay = Annotated[str, Query(alias="to", max_length=10, description="Last day; today if left out")]


@router.get("/cases/{case_id}/access-log")
def case_page(request: Request, case_id: int, account: Reader, first: FirstDay = "", last: LastDay = "") -> Response:
    case, lines, days = _of_case(request, account, case_id, first, last)
    return page(
        request,
        "access_log.html",
        case={"id": case.id, "number": case.number, "family": case.family},
        title=say("log_case_title", account.language),
        lines=[_words(line, account.language, zone_of(request)) for line in lines],
        days=days,
        most=looked.MOST,
        made_at=now(),
    )


@api.get("/{case_id}/access-log.json", summary="Who looked into the file of a case, when and on what ground")
def case_json(
    request: Request, case_id: int, account: CurrentAccount, first: FirstDay = "", last: LastDay = ""
) -> dict[str, Any]:
    case, lines, days = _of_case(request, account, case_id, first, last)
    return {"case": case.number, "from": days[0].isoformat(), "to": days[1].isoformat(), "lines": lines}


@router.get("/access-log")
def own_page(
    request: Request, account: Reader, runtime: CurrentRuntime, first: FirstDay = "", last: LastDay = ""
) -> Response:
    """One's own lines. An administrator also sees what anybody did that is about no file."""
    days = _days(request, first, last)
    with runtime.store.reading() as session:
        lines = looked.of_account(session, account, *_moments(request, days))
        others = looked.without_case(session, *_moments(request, days)) if account.role == "admin" else []
    return page(
        request,
        "access_log.html",
        case=None,
        title=say("log_own_title", account.language),
        lines=[_words(line, account.language, zone_of(request)) for line in lines],
        others=[_words(line, account.language, zone_of(request)) for line in others],
        days=days,
        most=looked.MOST,
        made_at=now(),
    )


def _of_case(
    request: Request, account: Account, case_id: int, first: str, last: str
) -> tuple[Case, list[dict[str, Any]], tuple[date, date]]:
    days = _days(request, first, last)
    with runtime_of(request).store.reading() as session:
        case = find_case(session, account, case_id)
        if not may(account, "read_access_log", case):
            raise Problem(403, "access_log_not_yours")
        return case, looked.of_case(session, case, *_moments(request, days)), days


def _days(request: Request, first: str, last: str) -> tuple[date, date]:
    """The days that were asked for. Raises Problem."""
    try:
        until = date.fromisoformat(last) if last else now().astimezone(zone_of(request)).date()
        since = date.fromisoformat(first) if first else until - USUAL
    except (ValueError, OverflowError):
        raise Problem(422, "log_period") from None
    if not FIRST <= since <= until <= LAST:
        raise Problem(422, "log_period")
    return since, until


def _moments(request: Request, days: tuple[date, date]) -> tuple[datetime, datetime]:
    zone = zone_of(request)
    return datetime.combine(days[0], time(), zone), datetime.combine(days[1] + timedelta(days=1), time(), zone)


def _words(line: dict[str, Any], language: str, zone: ZoneInfo) -> dict[str, Any]:
    """A line with its codes in words."""

    def name(prefix: str, code: str) -> str:
        return say(f"{prefix}_{code}", language) if known(f"{prefix}_{code}") else code

    who = line["who"] or name("log_actor", line["actor"])
    kind, _, browser = line["device"].partition(",")
    said = {
        # With the year: it goes out on paper.
        "when": format_datetime(datetime.fromisoformat(line["at"]).astimezone(zone), "d MMM y HH:mm", locale=language),
        "device": name("sign_ins_device", kind) + (f",{browser}" if browser else ""),
        "who": who,
        "role": name("role", line["role"]) if line["role"] else "",
        "did": name("log_did", line["action"]),
        "what": name("log_object", line["object"]),
        "ground": "" if line["outcome"] != "ok" else name("log_ground", line["ground"]),
        "outcome": "" if line["outcome"] == "ok" else name("log_outcome", line["outcome"]),
    }
    return {**line, **said}
