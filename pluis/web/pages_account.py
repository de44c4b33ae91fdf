"""Mijn account: the second factor, the password, and where somebody is signed in."""

from typing import Any

import segno
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from pluis.access import passwords, second_factor, signing_in
from pluis.store import access
from pluis.store.people import Account
from pluis.web import api_session
from pluis.web.few import few
from pluis.web.pages_shared import Form, Reader, Writer, go, own_path, page
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import (
    COOKIE,
    CurrentRuntime,
    account_or_none,
    address_of,
    demand_same_site,
    half_signed_in,
    keep_signed_in,
    now,
    runtime_of,
    token_of,
)

router = APIRouter(prefix="/account")


@router.get("")
def account_page(request: Request, account: Reader) -> Response:
    return _page(request, account)


@router.post("/password")
@few
def change_password(request: Request, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """A new password ends every sign-in; this browser gets a new one."""
    old, new = str(form.get("old", "")), str(form.get("new", ""))
    fault = passwords.fault(new, account.username, account.name)
    if fault:
        return _page(request, account, {"new": say(fault, language_of(request), shortest=passwords.SHORTEST)}, 422)
    tried = signing_in.try_password(runtime.store, account.username, old, now(), address_of(request))
    hashed = passwords.hash_password(new) if tried.fits else ""
    try:
        with api_session.counted(runtime) as session:
            me = signing_in.check_password(session, tried, now(), address_of(request))
            me.password_hash = hashed
            signing_in.end_all(session, me.id)
            token = api_session.begin(session, request, me)
    except Problem as problem:
        name = "old_password_wrong" if problem.name == "wrong_password" else problem.name
        return _page(request, account, {"old": say(name, language_of(request), **problem.values)}, problem.status)
    response = go("/account?done=password#password")
    keep_signed_in(request, response, token)
    return response


@router.post("/sign-ins/{number}/end")
def end_one(number: str, account: Writer, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        signing_in.end_one(session, account.id, number)
    return go("/account#sign-ins")


@router.post("/sign-ins/end")
def end_everywhere(account: Writer, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        signing_in.end_all(session, account.id)
    response = go("/sign-in")
    response.delete_cookie(COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@router.get("/second-factor")
def factor_page(request: Request, next: str = "/") -> Response:
    """Set up the second factor; whoever gave the right password may come here without one."""
    return _factor(request, _whoever(request), own_path(next))


@router.post("/second-factor")
def set_up(request: Request, form: Form) -> Response:
    """The first code from the phone. From now on one is asked; the recovery codes are shown, once."""
    demand_same_site(request)
    who, runtime, moment = _whoever(request), runtime_of(request), now()
    back = own_path(str(form.get("next", "/")))
    try:
        with api_session.counted(runtime) as session:
            me = session.get_one(Account, who.id)
            codes = second_factor.confirm(session, me, str(form.get("code", "")), moment)
            signing_in.end_all(session, me.id)
            token = api_session.begin(session, request, me)
    except Problem as problem:
        words = say(problem.name, language_of(request), **problem.values)
        return _factor(request, who, back, {"code": words}, problem.status)
    request.state.account = me
    response = page(request, "account_codes.html", codes=codes, next=back)
    keep_signed_in(request, response, token)
    return response


@router.post("/second-factor/codes")
def new_codes(request: Request, account: Writer, form: Form) -> Response:
    """New recovery codes, for whoever shows a code of the phone."""
    try:
        with api_session.counted(runtime_of(request)) as session:
            me = session.get_one(Account, account.id)
            signing_in.check_code(session, me, str(form.get("code", "")), now(), address_of(request))
            codes = second_factor.new_codes(session, me)
    except Problem as problem:
        words = say(problem.name, language_of(request), **problem.values)
        return _page(request, account, {"code": words}, problem.status)
    return page(request, "account_codes.html", codes=codes, next="/account")


def _whoever(request: Request) -> Account:
    """Who is signed in, or gave the right password and owes the second factor. Raises Problem 401."""
    found = account_or_none(request) or half_signed_in(request)
    if found is None:
        raise Problem(401, "sign_in_first")
    return found


def _factor(
    request: Request, who: Account, back: str, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    with runtime_of(request).store.transaction() as session:
        if second_factor.has(session, who.id):
            return go("/account" if account_or_none(request) else "/sign-in/code")
        secret = second_factor.begin(session, who, now())
    code = segno.make(second_factor.address_of(secret, who.username), error="m")
    return page(
        request, "account_factor.html", status, next=back, errors=errors or {},
        # Made here from letters and digits alone.
        picture=Markup(code.svg_inline(scale=5, border=2, svgclass=None, lineclass=None, omitsize=True)),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    )  # fmt: skip


def _page(request: Request, account: Account, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    runtime, moment, token = runtime_of(request), now(), token_of(request) or ""
    with runtime.store.reading() as session:
        shown: list[dict[str, Any]] = [
            {
                "number": signing_in.number_of(row),
                "device": row.device,
                "address": row.address,
                "began": row.created_at,
                "seen": row.seen_at,
                "this": signing_in.is_of(row, token),
            }
            for row in access.sign_ins(session, account.id, moment)
            if signing_in.good(row, moment)
        ]
        has = second_factor.has(session, account.id)
        left = access.codes_left(session, account.id)
    return page(
        request, "account.html", status,
        errors=errors or {}, sign_ins=shown, has=has, left=left, done=request.query_params.get("done", ""),
        needed=second_factor.needed(account, runtime.settings.demo), shortest=passwords.SHORTEST,
    )  # fmt: skip
