"""Who gets in outside the demo: the second factor, its recovery codes, and sign-ins that end."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import time_machine
from sqlalchemy import text
from typer.testing import CliRunner

from pluis.access import emergency, signing_in, slowing
from pluis.access.passwords import fault, fits
from pluis.cli import app as command_line
from pluis.runtime import Runtime
from pluis.store.access import FailedAddress
from pluis.store.people import Account, by_username
from pluis.web.app import create_app
from tests.support.databases import KEYS, NOW
from tests.support.families import account

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

PASSWORD = "demo-counselor"
CODE = re.compile(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>")
SECRET = re.compile(r'<p class="secret"><code>([A-Z2-7 ]+)</code>')


@pytest.fixture(scope="module", params=["sqlite"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> object:
    """One kind of database: what is asked of SQL here is the same on both."""
    from tests.support.databases import Sqlite

    return Sqlite(tmp_path_factory.mktemp("factor"))


@pytest.fixture
def http(runtime: Runtime) -> Iterator[TestClient]:
    """A browser at a Pluis that is no demo, at a moment that stands still until it is moved."""
    settings = runtime.settings.model_copy(update={"demo": False})
    real = Runtime(settings, runtime.store, runtime.protocol)
    with (
        time_machine.travel(NOW, tick=False) as clock,
        TestClient(create_app(real), base_url="http://testserver") as one,
    ):
        one.clock = clock  # type: ignore[attr-defined]
        yield one


def later(http: TestClient, **how: float) -> None:
    http.clock.shift(timedelta(**how))  # type: ignore[attr-defined]


def sign_in(http: TestClient, name: str = "counselor") -> str:
    """The password in the browser; returns where that leads."""
    got = http.post("/sign-in", data={"username": name, "password": f"demo-{name}"}, follow_redirects=False)
    return str(got.headers.get("location", got.status_code))


def set_up(http: TestClient) -> tuple[pyotp.TOTP, list[str]]:
    """Sign in for the first time, and set up the second factor; returns it and its recovery codes."""
    assert sign_in(http).startswith("/account/second-factor")
    found = SECRET.search(http.get("/account/second-factor").text)
    assert found
    totp = pyotp.TOTP(found[1].replace(" ", ""))
    done = http.post("/account/second-factor", data={"code": totp.at(datetime.now(UTC)), "next": "/"})
    return totp, CODE.findall(done.text)


def test_without_a_second_factor_nothing_opens_but_the_page_for_it(http: TestClient) -> None:
    assert sign_in(http).startswith("/account/second-factor")
    for path in ("/", "/account", "/cases/1"):
        got = http.get(path, headers={"accept": "text/html"}, follow_redirects=False)
        assert got.headers["location"].startswith("/sign-in"), path
    assert http.get("/api/cases").json()["type"].endswith("/second_factor_first")
    assert 'role="img"' in http.get("/account/second-factor").text
    assert http.post("/account/second-factor", data={"code": "123456"}).status_code == 401
    later(http, minutes=10)
    assert http.get("/account/second-factor", follow_redirects=False).status_code == 401


def test_a_program_sends_the_code_along_and_each_code_works_once(http: TestClient) -> None:
    def program(otp: str | None) -> str:
        http.cookies.clear()
        got = http.post("/api/session", json={"username": "counselor", "password": PASSWORD, "otp": otp})
        return "in" if got.status_code == 200 else str(got.json()["type"].rpartition("/")[2])

    assert program(None) == "otp_not_set_up"
    totp, codes = set_up(http)
    assert len(set(codes)) == 10
    assert program(None) == "otp_needed"
    assert program(totp.at(datetime.now(UTC))) == "wrong_code"  # used up when it was set up
    later(http, seconds=30)
    code = totp.at(datetime.now(UTC))
    assert program(code) == "in"
    assert program(code) == "wrong_code"
    assert program(codes[0].upper().replace("-", " ")) == "in"
    assert program(codes[0]) == "wrong_code"
    later(http, seconds=90)
    assert program(code) == "wrong_code"
    assert program(codes[1]) == "in"


def test_guessing_codes_closes_the_account(http: TestClient) -> None:
    totp, _codes = set_up(http)
    later(http, minutes=1)
    said = []
    for guess in range(5):
        http.cookies.clear()
        assert sign_in(http).startswith("/sign-in/code")
        said.append(http.post("/sign-in/code", data={"code": f"00000{guess}"}).status_code)
    assert said == [401, 401, 401, 401, 429]
    assert http.post("/sign-in/code", data={"code": totp.at(datetime.now(UTC))}).status_code == 429
    later(http, minutes=10)
    http.cookies.clear()
    sign_in(http)
    done = http.post("/sign-in/code", data={"code": totp.at(datetime.now(UTC))}, follow_redirects=False)
    assert done.headers["location"] == "/"


def test_the_number_of_a_sign_in_is_new_each_time_and_the_old_one_ends(http: TestClient) -> None:
    numbers = []
    totp, _codes = set_up(http)
    numbers.append(http.cookies["pluis_session"])
    later(http, minutes=1)
    assert sign_in(http).startswith("/sign-in/code")
    numbers.append(http.cookies["pluis_session"])
    http.post("/sign-in/code", data={"code": totp.at(datetime.now(UTC))})
    numbers.append(http.cookies["pluis_session"])
    assert len(set(numbers)) == 3
    opens = [http.get("/api/session", headers={"Authorization": f"Bearer {one}"}).status_code for one in numbers]
    assert opens == [401, 401, 200]


def test_the_cookie_goes_over_tls_alone_once_there_is_tls(http: TestClient) -> None:
    login = {"username": "trainee", "password": "demo-trainee"}
    plain = http.post("/sign-in", data=login, follow_redirects=False)
    cookie = next(one for one in plain.headers.get_list("set-cookie") if one.startswith("pluis_session"))
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert "secure" not in cookie.lower()
    http.app.state.runtime = Runtime(  # type: ignore[attr-defined]
        http.app.state.runtime.settings.model_copy(update={"public_url": "https://pluis.example.org"}),  # type: ignore[attr-defined]
        http.app.state.runtime.store,  # type: ignore[attr-defined]
        http.app.state.runtime.protocol,  # type: ignore[attr-defined]
    )
    http.cookies.clear()
    sealed = http.post("/sign-in", data=login, follow_redirects=False)
    assert all("secure" in one.lower() for one in sealed.headers.get_list("set-cookie"))


def test_a_new_password_ends_every_other_sign_in(http: TestClient) -> None:
    with http.app.state.runtime.store.transaction() as session:  # type: ignore[attr-defined]
        elsewhere = signing_in.start(session, account(session, "trainee"), datetime.now(UTC), device="phone, Firefox")
    sign_in(http, "trainee")
    assert "Firefox" in http.get("/account").text
    wrong = http.post("/account/password", data={"old": "nope", "new": "paars lopende vijver"})
    assert wrong.status_code == 401
    short = http.post("/account/password", data={"old": "demo-trainee", "new": "kort"})
    assert short.status_code == 422
    assert "Dit is te kort" in short.text
    done = http.post("/account/password", data={"old": "demo-trainee", "new": "paars lopende vijver"})
    assert "Je wachtwoord is gewijzigd" in done.text
    assert http.get("/api/session", headers={"Authorization": f"Bearer {elsewhere}"}).status_code == 401
    assert sign_in(http, "trainee") == "401"


def test_ending_a_sign_in_from_another_device(http: TestClient) -> None:
    store = http.app.state.runtime.store  # type: ignore[attr-defined]
    with store.transaction() as session:
        elsewhere = signing_in.start(session, account(session, "trainee"), datetime.now(UTC))
        of_another = signing_in.start(session, account(session, "trainer"), datetime.now(UTC))
    sign_in(http, "trainee")
    numbers = re.findall(r"/account/sign-ins/(\w+)/end", http.get("/account").text)
    assert len(numbers) == 1
    assert elsewhere not in http.get("/account").text
    http.post(f"/account/sign-ins/{numbers[0]}/end")
    assert http.get("/api/session", headers={"Authorization": f"Bearer {elsewhere}"}).status_code == 401
    assert http.get("/api/session", headers={"Authorization": f"Bearer {of_another}"}).status_code == 200
    http.post("/account/sign-ins/end")
    assert http.get("/api/session").status_code == 401


def test_the_secret_is_sealed_and_the_codes_are_hashed(http: TestClient) -> None:
    totp, codes = set_up(http)
    with http.app.state.runtime.store.reading() as session:  # type: ignore[attr-defined]
        kept = repr(session.execute(text("select * from second_factor")).all())
        kept += repr(session.execute(text("select * from recovery_code")).all())
    assert totp.secret not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


@pytest.mark.parametrize("name", ["trainee", "trainer"])
def test_who_sees_no_family_may_do_without(http: TestClient, name: str) -> None:
    assert sign_in(http, name) == "/"


def test_many_failures_from_one_address_slow_it_down_whatever_the_account(runtime: Runtime) -> None:
    def attempt(address: str, name: str, seconds: int = 0, password: str = "wrong") -> str:
        moment = NOW + timedelta(seconds=seconds)
        tried = signing_in.try_password(runtime.store, name, password, moment, address)
        with runtime.store.transaction() as session:
            try:
                signing_in.check_password(session, tried, moment, address)
            except signing_in.WrongPassword:
                return "wrong"
            except signing_in.LockedOut as locked:
                return "slow" if locked.whole else "closed"
            return "in"

    with runtime.store.transaction() as session:
        session.add(FailedAddress(address="192.0.2.7", failures=slowing.FREE, last_at=NOW))
    assert attempt("192.0.2.7", "nobody") == "wrong"
    assert attempt("192.0.2.7", "supervisor", password="demo-supervisor") == "slow"
    assert attempt("192.0.2.8", "supervisor", password="demo-supervisor") == "in"
    assert attempt("192.0.2.7", "supervisor", seconds=3, password="demo-supervisor") == "in"
    assert not slowing.counts("127.0.0.1")


def test_how_long_it_takes_to_guess() -> None:
    assert [slowing.lock_after(n) for n in (4, 5, 6, 10, 15)] == [
        None, timedelta(minutes=10), None, timedelta(minutes=20), timedelta(minutes=40)
    ]  # fmt: skip
    assert slowing.lock_after(500) == timedelta(hours=2)
    assert [slowing.pause_after(n).total_seconds() for n in (10, 11, 14, 30)] == [0, 2, 16, 900]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "password_short"), ("wachtwoord2026", "password_easy"), ("qwertyuiop12", "password_easy"),
        ("aaaaaaaaaaaaaaaa", "password_easy"), ("noorvandijk12", "password_easy"), ("x" * 201, "password_long"),
        ("paars lopende vijver", None), ("wolkendatsela", None), ("ééntje zonder regels", None),
    ],
)  # fmt: skip
def test_which_passwords_will_do(password: str, why: str | None) -> None:
    assert fault(password, "noorvandijk", "Noor van Dijk") == why


def test_the_first_administrator_and_what_else_the_command_line_does(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = runtime.store.engine.url.render_as_string(hide_password=False)
    for name, value in {"DATABASE_URL": url, "PLUIS_HOME": str(tmp_path), "PLUIS_KEYS": KEYS}.items():
        monkeypatch.setenv(name, value)

    def pluis(*words: str, typed: str = "paars lopende vijver\n") -> tuple[int, str]:
        done = CliRunner().invoke(command_line, ["user", *words], input=typed)
        return done.exit_code, done.output

    def kept(username: str) -> Account:
        with runtime.store.reading() as session:
            found = by_username(session, username)
            assert found is not None
            return found

    person = ("add", "Ada", "--name", "Ada de Wit", "--role", "admin")
    assert pluis(*person, typed="ada de wit 12\n")[0] == 1
    assert pluis(*person, "--channel", "mail") == (1, "Nothing can go over mail without an address: give --mail.\n")
    assert pluis(*person, "--mail", "ada@example.org", "--channel", "mail")[0] == 0
    ada = kept("ada")
    assert (ada.mail, ada.channels, ada.role) == ("ada@example.org", ["mail"], "admin")
    assert fits("paars lopende vijver", ada.password_hash)
    assert pluis(*person)[0] == 1
    with runtime.store.transaction() as session:
        token = signing_in.start(session, account(session, "ada"), NOW)
    assert pluis("passwd", "ada", typed="een heel andere zin\n")[0] == 0
    with runtime.store.reading() as session:
        assert signing_in.find(session, token, NOW) is None
    assert pluis("reset-factor", "ada")[0] == 0
    assert pluis("disable", "ada")[0] == 0
    assert not kept("ada").active
    assert pluis("disable", "nobody") == (1, "There is nobody called nobody.\n")


def test_emergency_access_is_seen_by_the_supervisor_and_ends(http: TestClient, runtime: Runtime) -> None:
    def headers(name: str) -> dict[str, str]:
        with runtime.store.transaction() as session:
            token = signing_in.start(session, account(session, name), datetime.now(UTC))
        return {"Authorization": f"Bearer {token}", "accept": "text/html"}

    stranger, own, other = headers("supervisor2"), headers("supervisor"), headers("counselor2")
    assert http.get("/cases/1", headers=stranger).status_code == 403
    assert "/cases/1/access" in http.get("/cases/1", headers=stranger).text
    assert http.post("/cases/1/emergency", headers=other, data={"reason": "nieuwsgierig"}).status_code == 403
    assert http.post("/cases/1/emergency", headers=stranger, data={"reason": " "}).status_code == 422
    taken = http.post("/cases/1/emergency", headers=stranger, data={"reason": "De collega is ziek, moeder belde."})
    assert taken.status_code == 200
    assert "Familie Eik" in taken.text
    inbox = http.get("/inbox", headers=own).text
    assert "De collega is ziek, moeder belde." in inbox
    number = re.search(r"/emergencies/(\d+)/seen", inbox)
    assert number
    assert http.post(number[0], headers=stranger).status_code == 403
    assert "moeder belde" not in http.post(number[0], headers=own).text
    assert "moeder belde" in http.get("/cases/1/access", headers=own).text
    later(http, seconds=emergency.LASTS.total_seconds())
    assert http.get("/cases/1", headers=stranger).status_code == 403


def test_closing_a_case_to_named_colleagues(http: TestClient, runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        own = signing_in.start(session, account(session, "supervisor"), datetime.now(UTC))
        quality = signing_in.start(session, account(session, "quality"), datetime.now(UTC))
        named = signing_in.start(session, account(session, "counselor2"), datetime.now(UTC))

    def get(token: str) -> int:
        return http.get("/api/cases/1", headers={"Authorization": f"Bearer {token}"}).status_code

    mine = {"Authorization": f"Bearer {own}"}
    assert [get(one) for one in (own, quality, named)] == [200, 200, 403]
    unknown = http.post("/cases/1/access", headers=mine, data={"usernames": "counselor2\ntrainee", "alone": "yes"})
    assert unknown.status_code == 422
    assert get(quality) == 200
    http.post("/cases/1/access", headers=mine, data={"usernames": "counselor2", "alone": "yes"})
    assert [get(one) for one in (own, quality, named)] == [200, 403, 200]
    http.post("/cases/1/access", headers=mine, data={"usernames": ""})
    assert [get(one) for one in (own, quality, named)] == [200, 200, 403]


def test_the_figures_are_for_this_machine_or_whoever_has_the_token(runtime: Runtime) -> None:
    token = "a token of forty characters, or a few more"
    with TestClient(create_app(runtime)) as stranger:
        assert stranger.get("/metrics").status_code == 403
        stranger.app.state.runtime = Runtime(  # type: ignore[attr-defined]
            runtime.settings.model_copy(update={"metrics_token": token}), runtime.store, runtime.protocol
        )
        assert stranger.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
        assert stranger.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    with TestClient(create_app(runtime), client=("127.0.0.1", 50000)) as here:
        assert here.get("/metrics").status_code == 200
