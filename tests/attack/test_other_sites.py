"""Requests that a page of another site makes with the cookie of whoever visits it; and cookies put there beforehand."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from pluis.access.routes import ROUTES
from tests.attack.conftest import Tried
from tests.support.api import Client

FOREIGN: dict[str, dict[str, str]] = {
    "origin": {"Origin": "https://evil.example"},
    "no origin": {"Origin": "null"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "referer": {"Referer": "https://evil.example/page"},
    "look-alike": {"Origin": "http://127.0.0.1.evil.example"},
}


def signed_in(client: Client, **more: Any) -> httpx.Client:
    """A browser with the cookie of this person."""
    return httpx.Client(
        base_url=client.system.url, cookies={"pluis_session": client.token}, timeout=30, trust_env=False, **more
    )


@pytest.mark.parametrize("name", FOREIGN)
def test_forms(counselor: Client, tried: Tried, name: str) -> None:
    """Every form and every change, sent from another site with the right cookie"""
    visit = counselor.begin()
    count = 0
    with signed_in(counselor, headers=FOREIGN[name]) as browser:
        for route in ROUTES:
            method, path = route.split()
            if method == "GET" or path.startswith("/answer/") or route == "POST /api/session":
                continue  # a link has its token in the address; programs sign in with a password
            path = path.replace("{debrief_id}", visit.id).replace("{case_id}", str(visit.case))
            body: dict[str, Any] = {"data": {"text": "x", "username": "admin", "password": "demo-admin"}}
            if path.startswith("/api/"):
                body = {
                    "content": b'{"text": "x", "case_id": 1, "level": "L1"}',
                    "headers": {"Content-Type": "application/json"},
                }
            got = browser.request(method, re.sub(r"{\w+}", "1", path), **body)
            assert got.status_code in (403, 422), (route, got.status_code)
            count += 1
    assert counselor.http.get("/api/session").status_code == 200, "nobody was signed out"
    assert visit.said() == []
    tried(count)


def test_a_form_that_is_plain_text(counselor: Client, tried: Tried) -> None:
    """JSON disguised as a plain form, which browsers send to other sites without asking"""
    visit = counselor.begin()
    with signed_in(counselor) as browser:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
            got = browser.post(visit.path, content=b'{"text": "x"}', headers={"Content-Type": kind})
            assert got.status_code in (400, 422)
    assert visit.said() == []
    tried(4)


def test_fixation(counselor: Client, tried: Tried) -> None:
    """A session number planted before somebody signs in, and numbers used after signing out"""
    for planted in ("planted-by-somebody", counselor.token):
        with httpx.Client(base_url=counselor.system.url, trust_env=False) as browser:
            browser.cookies.set("pluis_session", planted)
            got = browser.post("/sign-in", data={"username": "supervisor", "password": "demo-supervisor"})
            assert got.status_code in (303, 200)
            if "set-cookie" in got.headers:
                assert planted not in got.headers["set-cookie"]
                assert "HttpOnly" in got.headers["set-cookie"]
        with httpx.Client(base_url=counselor.system.url, cookies={"pluis_session": planted}, trust_env=False) as thief:
            got = thief.get("/api/session")
            assert got.status_code == 401 or got.json()["role"] != "supervisor"
    with Client(counselor.system, "counselor") as other:
        assert other.http.delete("/api/session").status_code == 204
        assert other.http.get("/api/cases").status_code == 401
    tried(3)


def test_tokens_in_odd_places(counselor: Client, tried: Tried) -> None:
    """A token in the address, under another scheme, cut, made longer, and with zero bytes"""
    token = counselor.token
    with httpx.Client(base_url=counselor.system.url, trust_env=False) as http:
        assert http.get("/api/cases", params={"token": token, "access_token": token}).status_code == 401
        odd = [f"Basic {token}", f"Token {token}", f"Bearer {token[:-1]}", f"Bearer {token}x", f"Bearer {token} {token}",
               "Bearer null", "Bearer ' OR 1=1 --", "Bearer"]  # fmt: skip
        for value in odd:
            assert http.get("/api/cases", headers={"Authorization": value}).status_code == 401, value
    tried(len(odd) + 1)


def test_where_one_lands(counselor: Client, tried: Tried) -> None:
    """Addresses to go to after signing in that lead to another site"""
    away = ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
            "/%0d%0aSet-Cookie: x=1", "\t//evil.example", "/\t/evil.example"]  # fmt: skip
    with signed_in(counselor) as browser:
        for next in away:
            got = browser.get("/sign-in", params={"next": next})
            assert got.status_code == 303
            assert re.match(r"/(?![/\\])", got.headers["location"]), next
            assert "x" not in got.cookies
    tried(len(away))
