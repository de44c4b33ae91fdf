"""Errors as pages: what happened, and what to do now."""

from contextlib import suppress
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from pluis.access.rights import TABLE
from pluis.web.pages_shared import page
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import account_or_none

EMERGENCY_ROLES = frozenset(role for (role, _relation), actions in TABLE.items() if "emergency_access" in actions)


def error_page(request: Request, problem: Problem) -> Response:
    """A page for this problem; somebody who is not signed in goes to sign in, and comes back."""
    if problem.status == 401 or problem.name == "second_factor_first":
        asked = request.url.path if request.method == "GET" else ""
        return RedirectResponse(f"/sign-in?next={quote(asked)}" if asked not in ("", "/") else "/sign-in", 303)
    recognise(request)
    language = language_of(request)
    return page(
        request,
        "error.html",
        problem.status,
        title=say(f"problem_{problem.status}", language),
        detail=say(problem.name, language, **problem.values),
        serious=problem.status >= 500,
        emergency_at=_emergency_at(request) if problem.name == "not_yours" else "",
    )


def _emergency_at(request: Request) -> str:
    """Where somebody asks for emergency access to the case whose page was refused; empty for roles without it."""
    account, case = getattr(request.state, "account", None), request.path_params.get("case_id")
    could = account is not None and account.role in EMERGENCY_ROLES
    return f"/cases/{case}/access" if could and request.url.path == f"/cases/{case}" else ""


def recognise(request: Request) -> None:
    """Speak the language of whoever is signed in; a database that is away is no reason for a second error."""
    if getattr(request.state, "account", None) is None:
        with suppress(SQLAlchemyError):
            account_or_none(request)
