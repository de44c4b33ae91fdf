"""Cases: the list of a person, and the overview of one."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from pluis.access.rights import ground, may
from pluis.dossier import overview
from pluis.dossier.searching import Asked, search
from pluis.store.cases import Case
from pluis.store.people import Account
from pluis.web.problems import Problem
from pluis.web.who import CurrentAccount, CurrentRuntime, now

router = APIRouter(prefix="/api/cases", tags=["cases"])
MOST = 200  # cases in one answer


def find_case(session: Session, account: Account, case_id: int) -> Case:
    """The case, if this person may see it. Raises Problem."""
    case = session.get(Case, case_id) if case_id < 2**31 else None
    if case is None:
        raise Problem(404, "no_such_case")
    if not may(account, "read_case", case):
        raise Problem(403, "not_yours")
    return case


@router.get("", summary="The cases that you may see", response_model=list[dict[str, Any]])
def listing(
    account: CurrentAccount,
    runtime: CurrentRuntime,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at once")] = MOST,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> JSONResponse:
    """By number. `X-Total-Count` says how many there are; `Link` leads to the next page."""
    with runtime.store.reading() as session:
        found = overview.visible_cases(session, account, limit, (page - 1) * limit)
        shown = overview.lines(session, runtime.protocol, found, now())
        full = page > 1 or len(found) == limit
        total = overview.count_visible(session, account) if full else len(found)
    headers = {"X-Total-Count": str(total)}
    if page * limit < total:
        headers["Link"] = f'</api/cases?limit={limit}&page={page + 1}>; rel="next"'
    return JSONResponse(shown, headers=headers)


class Search(BaseModel):
    """A name never stands in an address, so it is sent along."""

    text: Annotated[str, Field(max_length=80)] = ""
    level: Literal["", "high", "L3", "L1", "L0"] = ""
    late: bool = False
    unseen: bool = False
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


@router.post("/search", summary="Look for families by number, name or person")
def find(asked: Search, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    """`late`: the assessment is overdue. `unseen`: a child was not seen for three weeks. `high`: L2 and higher."""
    with runtime.store.reading() as session:
        return search(session, runtime.protocol, account, Asked(**asked.model_dump()), now())


@router.get("/{case_id}", summary="The overview of one case")
def one(case_id: int, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with runtime.store.reading() as session:
        case = find_case(session, account, case_id)
        words = ground(account, "read_debrief", case) is not None
        return overview.overview(session, runtime.protocol, case, account.language, now(), words=words)
