"""Sign in, sign out, choose a language."""

from pathlib import Path
from urllib.parse import quote

import yaml
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from pluis.access import second_factor, signing_in
from pluis.store.people import Account
from pluis.web import api_session
from pluis.web.few import few
from pluis.web.pages_shared import Form, go, own_path, page
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import (
    COOKIE,
    account_or_none,
    address_of,
    demand_same_site,
    half_signed_in,
    keep_signed_in,
    now,
    over_tls,
    runtime_of,
    token_of,
)

router = APIRouter()
DEMO = Path(__file__).parent.parent / "demo" / "families.yml"


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:
    if account_or_none(request) is not None:
        return go(own_path(next))
    half = half_signed_in(request)
    if half is not None:
        return go(where_to(request, half.id, own_path(next)))
    return sign_in_form(request, next=next)


@router.post("/sign-in")
@few
def sign_in(request: Request, form: Form) -> Response:
    demand_same_site(request)
    username, password = str(form.get("username", "")).strip(), str(form.get("password", ""))
    back = own_path(str(form.get("next", "/")))
    language = language_of(request)
    missing = {
        name: f"sign_in_no_{name}" for name, value in (("username", username), ("password", password)) if not value
    }
    if missing:
        return sign_in_form(request, 422, back, username, {name: say(text, language) for name, text in missing.items()})
    try:
        signed = api_session.sign_in(request, username, password)
    except Problem as problem:
        words = say(problem.name, language, **problem.values)
        return sign_in_form(
            request,
            problem.status,
            back,
            username,
            {"password" if problem.status == 401 else "username": words},
        )
    response = go(where_to(request, signed.account.id, back) if signed.owes else back)
    keep_signed_in(request, response, signed.token)
    secure = over_tls(request)
    response.set_cookie(
        "pluis_language", signed.account.language, httponly=True, samesite="lax", secure=secure, path="/"
    )
    return response


@router.get("/sign-in/code")
def code_page(request: Request, next: str = "/") -> Response:
    if account_or_none(request) is not None:
        return go(own_path(next))
    if half_signed_in(request) is None:
        return go("/sign-in")
    return page(request, "sign_in_code.html", next=own_path(next), errors={})


@router.post("/sign-in/code")
def give_code(request: Request, form: Form) -> Response:
    """The second factor of somebody whose password was right: a sign-in with a new number comes of it."""
    demand_same_site(request)
    half, runtime, moment = half_signed_in(request), runtime_of(request), now()
    back = own_path(str(form.get("next", "/")))
    if half is None:
        return go("/sign-in")
    try:
        with api_session.counted(runtime) as session:
            account = session.get_one(Account, half.id)
            signing_in.check_code(session, account, str(form.get("code", "")), moment, address_of(request))
            token = api_session.begin(session, request, account)
    except Problem as problem:
        words = say(problem.name, language_of(request), **problem.values)
        return page(request, "sign_in_code.html", problem.status, next=back, errors={"code": words})
    response = go(back)
    keep_signed_in(request, response, token)
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    demand_same_site(request)
    token = token_of(request)
    if token:
        with runtime_of(request).store.transaction() as session:
            signing_in.end(session, token)
    # Drafts on this device belong to whoever typed them: the browser forgets them too.
    response = go("/sign-in")
    response.delete_cookie(COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@router.post("/language")
def change_language(request: Request, form: Form) -> Response:
    demand_same_site(request)
    language = "en" if form.get("language") == "en" else "nl"
    account = account_or_none(request)
    if account is not None:
        with runtime_of(request).store.transaction() as session:
            stored = session.get(Account, account.id)
            if stored is not None:
                stored.language = language
    response = go(own_path(str(form.get("next", "/"))))
    response.set_cookie("pluis_language", language, max_age=31_536_000, httponly=True, samesite="lax", path="/")
    return response


def where_to(request: Request, account_id: int, back: str) -> str:
    """Where somebody goes whose password was right and who owes the second factor."""
    with runtime_of(request).store.reading() as session:
        known = second_factor.has(session, account_id)
    path = "/sign-in/code" if known else "/account/second-factor"
    return f"{path}?next={quote(back, safe='/')}"


def sign_in_form(
    request: Request,
    status: int = 200,
    next: str = "/",
    username: str = "",
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    shown = _demo_accounts() if runtime_of(request).settings.demo else []
    return page(
        request,
        "sign_in.html",
        status,
        next=own_path(next),
        username=username,
        errors=errors or {},
        accounts=shown,
        organisation=bool(runtime_of(request).settings.oidc_issuer),
    )


def _demo_accounts() -> list[dict[str, str]]:
    loaded = yaml.safe_load(DEMO.read_text("utf-8"))
    return [{"username": one["username"], "role": one["role"]} for one in loaded["accounts"]]
