"""Who is asking: by bearer token (programs) or by session cookie (pages)."""

from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from pluis.access import signing_in
from pluis.runtime import Runtime
from pluis.store.people import Account
from pluis.web.bot import Bot
from pluis.web.problems import Problem

COOKIE = "pluis_session"


def runtime_of(request: Request) -> Runtime:
    return cast(Runtime, request.app.state.runtime)


def bot_of(request: Request) -> Bot:
    return cast(Bot, request.app.state.bot)


def now() -> datetime:
    return datetime.now(UTC)


def token_of(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.cookies.get(COOKIE)


def account_or_none(request: Request) -> Account | None:
    """The signed-in person; keeps the sign-in alive, at most once a minute."""
    token = token_of(request)
    if not token:
        return None
    runtime, moment = runtime_of(request), now()
    with runtime.store.reading() as session:
        row = signing_in.find(session, token, moment)
        stale = row is not None and moment - row.seen_at > signing_in.SEEN_EVERY
    if row is None:
        return None
    if stale:
        with runtime.store.transaction() as session:
            kept = signing_in.find(session, token, moment)
            if kept is not None:
                kept.seen_at = moment
    request.state.account = row.account
    return row.account


def account(request: Request) -> Account:
    """The signed-in person. Raises Problem 401."""
    found = account_or_none(request)
    if found is None:
        raise Problem(401, "sign_in_first")
    return found


def api_account(request: Request) -> Account:
    """As `account`; a cookie alone may not change anything from another site."""
    found = account(request)
    if "authorization" not in request.headers and request.method not in ("GET", "HEAD"):
        demand_same_site(request)
    return found


def demand_same_site(request: Request) -> None:
    """Refuse a change that a page of another site started (browsers say where a request comes from)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site in ("cross-site", "same-site") or (
        origin is not None and origin.split("://")[-1] != request.headers.get("host")
    ):
        raise Problem(403, "other_site")


CurrentAccount = Annotated[Account, Depends(api_account)]
CurrentRuntime = Annotated[Runtime, Depends(runtime_of)]
CurrentBot = Annotated[Bot, Depends(bot_of)]
