"""The web application: routers, errors, headers."""

import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from pluis.runtime import Runtime, current
from pluis.web import (
    api_audit,
    api_cases,
    api_debriefs,
    api_dossier,
    api_escalations,
    api_session,
    api_training,
    assets,
    guard,
    health,
    limits,
    live,
    logged,
    metrics,
    pages_access_log,
    pages_work_account,
)
from pluis.web.bot import Bot
from pluis.web.problems import Problem, problem_response

log = logging.getLogger("pluis.web")
MOST_UNPACKED = 1500  # bytes that fit into one packet are not packed
THREADS = 64
PAGES = (
    "pages_sign_in",
    "pages_offline",
    "pages_account",
    "pages_work_account",
    "pages_access",
    "pages_home",
    "pages_chat",
    "pages_inbox",
    "pages_rota",
    "pages_case",
    "pages_assessment",
    "pages_search",
    "pages_answer_link",
    "pages_progress",
    "pages_training",
    "pages_trainer",
    "pages_vignettes",
    "pages_team",
    "pages_audit",
    "pages_access_log",
)

# What the libraries refuse by themselves, and the sentence for it.
PLAIN = {
    400: "wrong_body",
    404: "no_such_page",
    405: "not_allowed_method",
    408: "body_too_slow",
    413: "body_too_large",
}


def create_app(runtime: Runtime | None = None) -> FastAPI:
    """The application of this process, from its environment unless a runtime is given."""
    runtime = runtime or current()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        app.state.bot = Bot(runtime.settings)
        app.state.changes = live.Changes(runtime)
        await app.state.changes.start()
        yield
        await app.state.changes.stop()
        app.state.bot.close()

    app = FastAPI(
        title="Pluis",
        version="1",
        description="Debriefs a family counselor after a home visit and makes sure that a human being knows in time.",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.runtime = runtime
    app.state.once = logged.Once()
    app.state.limits = limits.Limits(shared=runtime.settings.demo)
    for router in (
        api_session.router,
        api_cases.router,
        api_dossier.router,
        api_audit.router,
        api_debriefs.router,
        api_escalations.router,
        api_training.router,
    ):
        app.include_router(router)
    app.include_router(pages_access_log.api)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(live.router)
    for name in PAGES:
        app.include_router(importlib.import_module(f"pluis.web.{name}").router, include_in_schema=False)
    # The second address is that of files whose name must not change, and of pages older than an upgrade.
    for where in (assets.address(), "/static"):
        app.mount(where, StaticFiles(directory=assets.FOLDER), name=where)
    pages_work_account.prepare(app, runtime.settings)
    _errors(app)
    # The last one added sees a request first.
    app.add_middleware(limits.Bodies)
    app.add_middleware(guard.Guard)
    app.add_middleware(GZipMiddleware, minimum_size=MOST_UNPACKED, compresslevel=5)
    return app


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def answer(request: Request, problem: Problem) -> Response:
    """The error as a page or as a document, in the language of whoever is signed in."""
    from pluis.web import pages_error

    if _wants_page(request):
        return pages_error.error_page(request, problem)
    pages_error.recognise(request)
    return problem_response(request, problem)


def _errors(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    def known(request: Request, problem: Problem) -> Response:
        return answer(request, problem)

    @app.exception_handler(HTTPException)
    def plain(request: Request, error: HTTPException) -> Response:
        name = PLAIN.get(error.status_code, "broken")
        status = error.status_code if name != "broken" else 500
        return answer(request, Problem(status, name))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        first: dict[str, Any] = dict(error.errors()[0])
        if first["type"] == "json_invalid":
            return answer(request, Problem(400, "wrong_body"))
        field = ".".join(str(part) for part in first["loc"][1:]) or "body"
        return answer(request, Problem(422, "wrong_field", field=field))

    @app.exception_handler(SQLAlchemyError)
    def database(request: Request, error: SQLAlchemyError) -> Response:
        log.error("database: %s", type(error).__name__)
        return answer(request, Problem(503, "not_kept"))

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        # The kind and the place, never the words: an error's text may hold what somebody typed.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
        log.error("%s at %s", type(error).__name__, where)
        return answer(request, Problem(500, "broken"))
