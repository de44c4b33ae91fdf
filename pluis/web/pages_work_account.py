"""Sign in with the account of the organisation, through OpenID Connect (Authlib does the protocol).

Somebody gets in whose user name there is that of an account here; nobody gets an account by it. Where the organisation
says that they proved themselves in more than one way (`amr` holds `mfa`), no second factor of Pluis is asked.
"""

import logging
import warnings

import httpx
from fastapi import APIRouter, FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.middleware.sessions import SessionMiddleware

from pluis.access import second_factor
from pluis.settings import Settings
from pluis.store.people import by_username
from pluis.web import api_session
from pluis.web.pages_shared import go
from pluis.web.pages_sign_in import sign_in_form, where_to
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import keep_signed_in, runtime_of

with warnings.catch_warnings():
    # It speaks of an HTTP library that is to come, at every start, and sees to it that this is always shown.
    import authlib.deprecate  # noqa: F401

    warnings.simplefilter("ignore")
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.starlette_client import OAuth

log = logging.getLogger("pluis.web")
router = APIRouter(prefix="/sign-in/work-account")
MINUTES = 10  # so long may somebody take at the organisation's own page


def prepare(app: FastAPI, settings: Settings) -> None:
    """Make the application know the organisation's provider, if one is set."""
    if not settings.oidc_issuer:
        return
    oauth = OAuth()
    oauth.register(
        "organisation",
        client_id=settings.oidc_client,
        client_secret=settings.oidc_secret,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )
    app.state.organisation = oauth.organisation
    # What has to be the same when somebody comes back (state, nonce, PKCE) waits in a signed cookie, and nothing else.
    app.add_middleware(
        SessionMiddleware, secret_key=settings.secret, session_cookie="pluis_work_account", max_age=MINUTES * 60,
        same_site="lax", https_only=settings.public_url.startswith("https:"), path=router.prefix,
    )  # fmt: skip


@router.get("")
async def leave(request: Request) -> Response:
    """To the organisation's own page."""
    back = f"{runtime_of(request).settings.public_url.rstrip('/')}{router.prefix}/done"
    try:
        sent: Response = await _organisation(request).authorize_redirect(request, back)
    except (httpx.HTTPError, OAuthError) as error:
        return await run_in_threadpool(_failed, request, error)
    return sent


@router.get("/done")
async def come_back(request: Request) -> Response:
    try:
        token = await _organisation(request).authorize_access_token(request)
    except (httpx.HTTPError, OAuthError, ValueError) as error:
        return await run_in_threadpool(_failed, request, error)
    claims = token.get("userinfo") or {}
    request.session.clear()
    return await run_in_threadpool(
        _let_in, request, str(claims.get("preferred_username", "")), "mfa" in (claims.get("amr") or [])
    )


def _organisation(request: Request):  # type: ignore[no-untyped-def]
    found = getattr(request.app.state, "organisation", None)
    if found is None:
        raise Problem(404, "no_such_page")
    return found


def _let_in(request: Request, username: str, proved: bool) -> Response:
    runtime = runtime_of(request)
    with runtime.store.transaction() as session:
        account = by_username(session, username) if username else None
        if account is None or not account.active:
            return _refuse(request, "work_account_unknown", 403)
        owes = not proved and (
            second_factor.has(session, account.id) or second_factor.needed(account, runtime.settings.demo)
        )
        token = api_session.begin(session, request, account, complete=not owes)
    response = go(where_to(request, account.id, "/") if owes else "/")
    keep_signed_in(request, response, token)
    return response


def _failed(request: Request, error: Exception) -> Response:
    log.error("sign-in through the organisation failed: %s", type(error).__name__)
    return _refuse(request, "work_account_failed", 401)


def _refuse(request: Request, why: str, status: int) -> Response:
    return sign_in_form(request, status, errors={"username": say(why, language_of(request))})
