"""The audit on a page, with pictures, for quality and management."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from pluis.dossier.printed_audit import figures
from pluis.web.api_audit import MOST, audit
from pluis.web.pages_shared import Reader, page
from pluis.web.problems import Problem
from pluis.web.who import CurrentRuntime

router = APIRouter(prefix="/audit")
WIDTH, HEIGHT, LEFT, FOOT = 300, 110, 34, 22
PICTURES = ("within_24_hours", "children_seen", "parents_spoken_to")


@router.get("")
def audit_page(
    request: Request,
    account: Reader,
    runtime: CurrentRuntime,
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    seed: Annotated[str, Query(max_length=10)] = "",
    sample: Annotated[int, Query(ge=1, le=MOST)] = 10,
) -> Response:
    """A form sends empty fields; they stand for what is usual."""
    drawn = int(seed) if seed.isascii() and seed.isdigit() and int(seed) < 2**31 else None
    report = audit(runtime, account, _day(first), _day(last), drawn, sample)
    pictures = [(name, picture(report["months"], name)) for name in PICTURES]
    return page(request, "team_audit.html", report=report, figures=figures(report), pictures=pictures)


def picture(months: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    """Where the bars of a share go: one per month, with its percentage above it."""
    known = [month for month in months if month[name] is not None][-12:]
    if not known:
        return None
    room = HEIGHT - FOOT - 16
    column = (WIDTH - LEFT) / len(known)
    bars = [
        {
            "x": round(LEFT + i * column + column * 0.15, 1),
            "width": round(min(column * 0.7, 40), 1),
            "y": round(16 + room * (1 - month[name]), 1),
            "height": round(room * month[name], 1),
            "middle": round(LEFT + i * column + column * 0.15 + min(column * 0.7, 40) / 2, 1),
            "percent": round(month[name] * 100),
            "month": month["month"],
        }
        for i, month in enumerate(known)
    ]
    return {"bars": bars, "width": WIDTH, "height": HEIGHT, "left": LEFT, "floor": HEIGHT - FOOT, "top": 16}


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Problem(422, "audit_period") from None
