"""The overview of a case: who was seen when, how the level went, what was agreed, what is not known."""

from typing import Any

from fastapi import APIRouter, Request, Response

from pluis.access.rights import may
from pluis.dossier import overview
from pluis.protocol.facts import LEVELS, rank
from pluis.web.api_cases import find_case
from pluis.web.pages_shared import Reader, page
from pluis.web.who import CurrentRuntime, now

router = APIRouter(prefix="/cases")
SHOWN = 8  # visits in the chart
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 340, 190, 44, 16, 34


@router.get("/{case_id}")
def case_page(request: Request, case_id: int, account: Reader, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        case = find_case(session, account, case_id)
        whole = overview.overview(session, runtime.protocol, case, account.language, now())
        rights = {name: may(account, name, case) for name in ("debrief", "read_debrief")}
    return page(request, "case.html", case=whole, rights=rights, chart=chart(whole["visits"]))


def chart(visits: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Where the dots of the chart go: one per visit, oldest on the left, the lowest level at the bottom."""
    told = [visit for visit in visits if visit["level"] in LEVELS][:SHOWN][::-1]
    if not told:
        return None
    row = (HEIGHT - TOP - BOTTOM) / (len(LEVELS) - 1)
    column = (WIDTH - LEFT - 28) / max(len(told) - 1, 1)
    points = [
        {
            "x": round(LEFT + 12 + i * column, 1),
            "y": round(HEIGHT - BOTTOM - rank(visit["level"]) * row, 1),
            "level": visit["level"],
            "on": visit["on"],
        }
        for i, visit in enumerate(told)
    ]
    rows = [{"level": level, "y": round(HEIGHT - BOTTOM - rank(level) * row, 1)} for level in LEVELS]
    return {"points": points, "rows": rows, "width": WIDTH, "height": HEIGHT, "left": LEFT}
