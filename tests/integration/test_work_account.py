"""Signing in with the account of the organisation, at a real OpenID Connect provider."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import httpx
import pytest

from pluis.runtime import Runtime

with warnings.catch_warnings():
    # Libraries of the provider use what other libraries have deprecated.
    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from fastapi.testclient import TestClient

    from pluis.web.app import create_app

PUBLIC = "http://testserver"


@pytest.fixture(scope="module", params=["sqlite"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> object:
    """One kind of database: nothing here differs in SQL."""
    from tests.support.databases import Sqlite

    return Sqlite(tmp_path_factory.mktemp("organisation"))


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def http(runtime: Runtime, provider: str) -> Iterator[TestClient]:
    """A browser at a Pluis, no demo, of an organisation with this provider."""
    settings = runtime.settings.model_copy(
        update={"demo": False, "oidc_issuer": provider, "oidc_client": "pluis", "oidc_secret": "geheim",
                "public_url": PUBLIC}
    )  # fmt: skip
    with TestClient(create_app(Runtime(settings, runtime.store, runtime.protocol)), base_url=PUBLIC) as browser:
        yield browser


def come_back(http: TestClient, provider: str, who: str, **claims: object) -> httpx.Response:
    """Go to the provider, sign in there as somebody with these claims, and come back."""
    httpx.put(f"{provider}/users/{who}", json=claims).raise_for_status()
    away = http.get("/sign-in/work-account", follow_redirects=False)
    assert away.headers["location"].startswith(provider)
    assert "code_challenge_method=S256" in away.headers["location"]
    back = httpx.post(away.headers["location"], data={"sub": who})
    return http.get(back.headers["location"], follow_redirects=False)


def test_who_is_known_here_gets_in(http: TestClient, provider: str) -> None:
    assert "/sign-in/work-account" in http.get("/sign-in").text
    done = come_back(http, provider, "r", preferred_username="trainer")
    assert done.headers["location"] == "/"
    assert http.get("/api/session").json()["name"] == "Roos Demo"


@pytest.mark.parametrize(("claims", "leads_to"), [({}, "/account/second-factor"), ({"amr": ["pwd", "mfa"]}, "/")])
def test_the_second_factor_is_asked_unless_the_organisation_asked_it(
    http: TestClient, provider: str, claims: dict[str, object], leads_to: str
) -> None:
    done = come_back(http, provider, f"n{len(claims)}", preferred_username="counselor", **claims)
    assert done.headers["location"].partition("?")[0] == leads_to
    assert http.get("/api/session").status_code == (200 if leads_to == "/" else 403)


def test_who_is_not_known_here_gets_no_account(http: TestClient, provider: str) -> None:
    done = come_back(http, provider, "x", preferred_username="somebody-else", email="counselor@demo.example")
    assert done.status_code == 403
    assert http.get("/api/session").status_code == 401


def test_an_answer_that_nobody_asked_for_is_refused(http: TestClient, provider: str) -> None:
    httpx.put(f"{provider}/users/r", json={"preferred_username": "trainer"}).raise_for_status()
    away = http.get("/sign-in/work-account", follow_redirects=False)
    back = httpx.post(away.headers["location"], data={"sub": "r"}).headers["location"]
    http.cookies.clear()  # somebody else's browser
    assert http.get(back, follow_redirects=False).status_code == 401
    assert http.get("/sign-in/work-account/done?code=x&state=y").status_code == 401
