"""Search for a family. What is looked for travels in the body of a form: a name never stands in an address."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from pluis.access.rights import may_do
from pluis.dossier.searching import LEVELS, Asked, search
from pluis.store import board
from pluis.store.people import Account
from pluis.web.pages_shared import Form, Reader, Writer, page
from pluis.web.problems import language_of
from pluis.web.who import now, runtime_of

router = APIRouter()
LONGEST = 80


@router.get("/search")
def families(request: Request, account: Reader) -> Response:
    return page(request, "search.html", **search_values(request, account, Asked()))


@router.post("/search")
def found(request: Request, account: Writer, form: Form) -> Response:
    return page(request, "search.html", **search_values(request, account, asked_in(form)))


def search_values(request: Request, account: Account, asked: Asked) -> dict[str, Any]:
    """What the list of families shows."""
    runtime, language = runtime_of(request), language_of(request)
    with runtime.store.reading() as session:
        result = search(session, runtime.protocol, account, asked, now())
        # Whoever sees more than one team chooses among them.
        teams = board.teams(session, None) if may_do(account, "see_audit") else []
    return {
        "asked": asked,
        "result": result,
        "cases": result["cases"],
        "teams": teams,
        "levels": list(LEVELS),
        "level_names": {level: words[language] for level, words in runtime.protocol.rules.levels.items()},
    }


def asked_in(form: FormData) -> Asked:
    """What a form asks; what it cannot mean counts as not asked."""
    team, number = str(form.get("team", "")), str(form.get("page", ""))
    return Asked(
        text=str(form.get("text", "")).strip()[:LONGEST],
        level=str(form.get("level", "")),
        late=form.get("late") == "yes",
        unseen=form.get("unseen") == "yes",
        team=int(team) if team.isascii() and team.isdigit() and len(team) < 10 else None,
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )
