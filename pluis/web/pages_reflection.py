"""Looking back on a period: questions for supervision, for colleagues together, or for a counselor alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from pluis.access.rights import may_do
from pluis.dossier.reflecting import reflection
from pluis.runtime import Runtime
from pluis.store.people import Account
from pluis.web.pages_shared import Reader, page
from pluis.web.problems import Problem
from pluis.web.who import CurrentAccount, CurrentRuntime, now

router = APIRouter()
api = APIRouter()
WEEKS = (4, 8, 13, 26)
Weeks = Annotated[int, Query(ge=1, le=52, description="Visits of so many weeks")]


@router.get("/reflection")
def reflection_page(request: Request, account: Reader, runtime: CurrentRuntime, weeks: Weeks = 8) -> Response:
    found = looked_back(runtime, account, weeks)
    return page(request, "reflection.html", found=found, weeks=sorted({*WEEKS, weeks}))


@api.get("/reflection.json", summary="Questions to look back on a period of visits with")
def reflection_json(account: CurrentAccount, runtime: CurrentRuntime, weeks: Weeks = 8) -> dict[str, Any]:
    return looked_back(runtime, account, weeks)


def looked_back(runtime: Runtime, account: Account, weeks: int) -> dict[str, Any]:
    """The own debriefs of a counselor, those of the team for its supervisor. Raises Problem for anybody else."""
    if not may_do(account, "reflect"):
        raise Problem(403, "reflection_not_yours")
    with runtime.store.reading() as session:
        return reflection(session, runtime.protocol, account, weeks, now())
