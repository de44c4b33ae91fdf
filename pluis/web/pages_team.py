"""The board of a team, for its supervisor: who needs help today."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from pluis.access.rights import may_do
from pluis.access.seeing import readable
from pluis.dossier.board import team_board
from pluis.store import board
from pluis.web.pages_shared import Reader, page
from pluis.web.problems import Problem
from pluis.web.who import CurrentRuntime, now

router = APIRouter(prefix="/team")
WEEKS = (2, 3, 4, 6, 8)


@router.get("")
def team_page(
    request: Request,
    account: Reader,
    runtime: CurrentRuntime,
    team: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    weeks: Annotated[int, Query(ge=1, le=52)] = 3,
) -> Response:
    """A supervisor sees the own team, a manager each of them."""
    if not may_do(account, "see_team") or (account.role == "supervisor" and account.team_id is None):
        raise Problem(403, "team_not_yours")
    with runtime.store.reading() as session:
        teams = board.teams(session, account.team_id)
        chosen = team if team in {id for id, _name in teams} else teams[0][0] if teams and team is None else None
        if chosen is None:
            raise Problem(403, "team_not_yours")
        shown: dict[str, Any] = team_board(session, runtime.protocol, chosen, weeks, now(), readable(account))
    return page(
        request,
        "team.html",
        board=shown,
        teams=teams,
        chosen=chosen,
        team_name=dict(teams)[chosen],
        weeks=sorted({*WEEKS, weeks}),
        level_names={level: words[account.language] for level, words in runtime.protocol.rules.levels.items()},
    )
