"""The overview of a case: who was seen when, how the level went, what was agreed, what is not known."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from pluis.access.rights import Action, ground, may
from pluis.debrief.known import local_day
from pluis.dossier import overview, whole
from pluis.dossier.columns import columns
from pluis.dossier.printed import Say
from pluis.dossier.printed_visit import sections
from pluis.dossier.stating import statement_json
from pluis.protocol.facts import LEVELS, rank
from pluis.store import assessments
from pluis.web.api_cases import find_case
from pluis.web.pages_shared import Reader, page, zone_of
from pluis.web.problems import Problem, language_of
from pluis.web.who import CurrentRuntime, now

router = APIRouter(prefix="/cases")
RIGHTS: tuple[Action, ...] = ("debrief", "read_debrief", "read_dossier", "write_dossier")
SHOWN = 8  # visits in the chart
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 340, 190, 44, 16, 34


@router.get("/{case_id}")
def case_page(request: Request, case_id: int, account: Reader, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        case = find_case(session, account, case_id)
        rights = {name: ground(account, name, case) is not None for name in RIGHTS}
        shown = overview.overview(
            session, runtime.protocol, case, account.language, now(), words=rights["read_debrief"]
        )
        about = [
            one for one in assessments.statements(session, case.id) if not one.debrief_id and not one.assessment_id
        ]
        said = [statement_json(one, case) for one in about] if rights["read_dossier"] else []
    return page(
        request,
        "case.html",
        case=shown,
        rights=rights,
        chart=chart(shown["visits"]),
        today=local_day(now(), runtime.protocol).isoformat(),
        statements=said,
        writes=rights["write_dossier"],
        level_names={level: words[language_of(request)] for level, words in runtime.protocol.rules.levels.items()},
    )


@router.get("/{case_id}/visits/{debrief_id}")
def visit_page(
    request: Request,
    case_id: int,
    debrief_id: str,
    account: Reader,
    runtime: CurrentRuntime,
    view: Annotated[str, Query(max_length=10)] = "note",
) -> Response:
    """The contact note of one visit: facts, what others told and impressions, or three columns."""
    language = language_of(request)
    with runtime.store.reading() as session:
        case = find_case(session, account, case_id)
        if not may(account, "read_dossier", case):
            raise Problem(403, "dossier_not_yours")
        visit = whole.visit_of(session, runtime.protocol, case, debrief_id, language)
        if visit is None:
            raise Problem(404, "no_such_page")
        said = [statement_json(one, case) for one in assessments.statements(session, case.id)]
        writes = ground(account, "write_dossier", case) is not None
    words = Say(language, zone_of(request))
    return page(
        request,
        "case_note.html",
        case=case,
        visit=visit,
        sections=sections(visit, words),
        columns=columns(visit) if view == "columns" else None,
        statements=[one for one in said if one["visit"] == debrief_id],
        writes=writes,
        dossier_say=words,
    )


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
