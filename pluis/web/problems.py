"""Errors as people and programs read them: a plain sentence that says what to do (RFC 9457)."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from pluis.web.texts import say


class Problem(Exception):
    """`name` is the id of a sentence in texts.yml. `extra` goes along in the document."""

    def __init__(self, status: int, name: str, extra: dict[str, Any] | None = None, **values: object) -> None:
        self.status, self.name, self.extra, self.values = status, name, extra or {}, values
        super().__init__(name)


def language_of(request: Request) -> str:
    """The language of the signed-in person, else of the browser, else Dutch."""
    account = getattr(request.state, "account", None)
    if account is not None:
        return str(account.language)
    asked = request.cookies.get("pluis_language") or request.headers.get("accept-language", "nl")
    return "en" if asked.lower().startswith("en") else "nl"


def problem_response(request: Request, problem: Problem) -> JSONResponse:
    language = language_of(request)
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    if "wait" in problem.extra:
        headers["Retry-After"] = str(problem.extra["wait"])
    if problem.status in (408, 413):
        # What is still on its way is not waited for.
        headers["Connection"] = "close"
    return JSONResponse(
        {
            "type": f"https://pluis.example/problems/{problem.name}",
            "title": say(f"problem_{problem.status}", language),
            "status": problem.status,
            "detail": say(problem.name, language, **problem.values),
            **problem.extra,
        },
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )
