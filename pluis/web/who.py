"""Who is asking: by bearer token (programs) or by session cookie (pages)."""

import math
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Request, Response

from pluis.access import signing_in
from pluis.runtime import Runtime
from pluis.store import access
from pluis.store.people import Account
from pluis.web.bot import Bot
from pluis.web.limits import kind_of
from pluis.web.problems import Problem

COOKIE = "pluis_session"


def runtime_of(request: Request) -> Runtime:
    return cast(Runtime, request.app.state.runtime)


async def _runtime(request: Request) -> Runtime:
    return runtime_of(request)


async def _bot(request: Request) -> Bot:
    return cast(Bot, request.app.state.bot)


def now() -> datetime:
    return datetime.now(UTC)


def token_of(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.cookies.get(COOKIE)


def keep_signed_in(request: Request, response: Response, token: str) -> None:
    """Give the browser its token: out of reach of scripts, for this site alone, and over TLS alone where there is TLS."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=over_tls(request), path="/")


def over_tls(request: Request) -> bool:
    """Whether people reach Pluis over TLS: PLUIS_PUBLIC_URL says so, or the web server in front of it does."""
    forwarded = request.headers.get("x-forwarded-proto") == "https"
    return runtime_of(request).settings.public_url.startswith("https:") or forwarded or request.url.scheme == "https"


def account_or_none(request: Request) -> Account | None:
    """The signed-in person; keeps the sign-in alive, at most once a minute."""
    token = token_of(request)
    if not token:
        return None
    runtime, moment = runtime_of(request), now()
    with runtime.store.reading() as session:
        row = signing_in.find(session, token, moment)
        if row is not None:
            row.account.standing = access.standing(session, row.account_id, moment)
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
    """The signed-in person. Raises Problem 401, or 403 for whoever still owes the second factor."""
    found = account_or_none(request)
    if found is None:
        raise Problem(403, "second_factor_first") if half_signed_in(request) else Problem(401, "sign_in_first")
    _demand_pace(request, found)
    return found


def _demand_pace(request: Request, account: Account) -> None:
    """Refuse what one person does not ask for in so short a time. Raises Problem 429."""
    route = str(getattr(request.scope.get("route"), "path", ""))
    wait = request.app.state.limits.wait(account.id, kind_of(request.method, route))
    if wait:
        raise Problem(429, "too_fast", extra={"wait": math.ceil(wait)}, seconds=math.ceil(wait))


def half_signed_in(request: Request) -> Account | None:
    """Whoever gave the right password and still owes the second factor."""
    token = token_of(request)
    if not token:
        return None
    with runtime_of(request).store.reading() as session:
        row = signing_in.find(session, token, now(), half=True)
        return row.account if row is not None and not row.complete else None


def address_of(request: Request) -> str:
    """The address of the network that a request comes from (behind a web server: what that one says)."""
    return request.client.host if request.client else ""


def api_account(request: Request) -> Account:
    """As `account`; a cookie alone may not change anything from another site."""
    found = account(request)
    if "authorization" not in request.headers and request.method not in ("GET", "HEAD"):
        demand_same_site(request)
    return found


def demand_same_site(request: Request) -> None:
    """Refuse a change that a page of another site started (browsers say where a request comes from)."""
    site = request.headers.get("sec-fetch-site")
    # A browser too old to send an origin, or told not to, may still say which page it comes from.
    origin = request.headers.get("origin") or _site_of(request.headers.get("referer", ""))
    if site in ("cross-site", "same-site") or (
        origin is not None and origin.split("://")[-1] != request.headers.get("host")
    ):
        raise Problem(403, "other_site")


def _site_of(address: str) -> str | None:
    """The scheme and host of a page; None when nothing is said."""
    return "/".join(address.split("/")[:3]) or None


CurrentAccount = Annotated[Account, Depends(api_account)]
# These two are no plain functions, for each such would take a turn in a thread of its own.
CurrentRuntime = Annotated[Runtime, Depends(_runtime)]
CurrentBot = Annotated[Bot, Depends(_bot)]
