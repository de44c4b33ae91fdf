"""The rota: a gap, leave without a substitute and who left are seen by whoever can settle them."""

from __future__ import annotations

import html
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner

from pluis.cli_escalation import app as cli
from pluis.escalation import reach
from pluis.escalation.recipients import Roster
from pluis.runtime import Runtime
from pluis.store import rota
from pluis.store.people import Absence, OnCall
from pluis.web.app import create_app
from tests.support.databases import KEYS
from tests.support.families import account

with warnings.catch_warnings():
    # It asks for another version of its HTTP library, and works with this one.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
SignIn = Callable[[str], TestClient]
NOBODY = "staat buiten werktijd niemand op het rooster"


@pytest.fixture
def sign_in(runtime: Runtime) -> Iterator[SignIn]:
    with ExitStack() as open_until_the_end:

        def come(username: str) -> TestClient:
            made = TestClient(create_app(runtime), base_url="http://127.0.0.1", headers={"accept": "text/html"})
            client = open_until_the_end.enter_context(made)
            client.post("/sign-in", data={"username": username, "password": f"demo-{username}"})
            return client

        yield come


def day(days: int, time: str = "") -> str:
    moment = datetime.now(UTC) + timedelta(days=days)
    return f"{moment:%Y-%m-%d}{time}"


def test_a_gap_is_seen_and_filled(runtime: Runtime, sign_in: SignIn) -> None:
    with runtime.store.transaction() as session:
        session.execute(delete(OnCall))
        team = account(session, "supervisor").team_id
    page = sign_in("supervisor")
    assert NOBODY in page.get("/rota").text

    wrong = page.post(f"/rota/{team}/on-call", data={"who": "counselor", "starts": day(-1, "T18:00"), "ends": ""})
    assert wrong.status_code == 422
    assert "Kies een werkbegeleider" in wrong.text
    shift = {"who": "supervisor", "starts": day(-1, "T18:00"), "ends": day(6, "T18:00"), "times": "3", "every": "1"}
    for _twice in range(2):
        filled = html.unescape(page.post(f"/rota/{team}/on-call", data=shift).text)
    assert NOBODY not in filled
    assert "Diensten op het rooster (3)" in filled
    with runtime.store.reading() as session:
        assert team is not None
        assert [one.account.username for one in rota.on_call_at(session, datetime.now(UTC))] == ["supervisor"]

    # Leave of whoever is on call: a gap, until somebody stands in.
    leave = {"away_who": "supervisor", "from": day(2), "back": day(4), "substitute": ""}
    alone = html.unescape(page.post(f"/rota/{team}/away", data=leave).text)
    oneself = page.post(f"/rota/{team}/away", data=leave | {"substitute": "supervisor"})
    assert (oneself.status_code, "Niemand staat voor zichzelf in" in oneself.text) == (422, True)
    assert NOBODY in alone
    assert "niemand staat in. Kies een vervanger" in alone
    held = html.unescape(page.post(f"/rota/{team}/away", data=leave | {"substitute": "supervisor2"}).text)
    assert NOBODY not in held
    assert "in plaats van Ilse Demo" in held
    with runtime.store.reading() as session:
        who = Roster(session, datetime.now(UTC) + timedelta(days=3))
        assert [one.name for one in who.present(account(session, "supervisor"))] == ["Bram Demo"]


def test_only_who_keeps_the_rota_may_change_it(runtime: Runtime, sign_in: SignIn) -> None:
    with runtime.store.transaction() as session:
        other = next(one.id for one in rota.teams(session) if one.id != account(session, "supervisor").team_id)
        shift = OnCall(
            team_id=other, account_id=account(session, "manager").id, starts_at=datetime.now(UTC),
            ends_at=datetime.now(UTC) + timedelta(days=1),
        )  # fmt: skip
        away = Absence(
            account_id=account(session, "manager").id, starts_at=datetime.now(UTC),
            ends_at=datetime.now(UTC) + timedelta(days=1),
        )  # fmt: skip
        session.add_all([shift, away])
        session.flush()
        team, number, absence = account(session, "supervisor").team_id, shift.id, away.id
    assert sign_in("counselor").get("/rota").status_code == 403
    supervisor = sign_in("supervisor")
    assert supervisor.get(f"/rota?team={other}").status_code == 403
    assert supervisor.post(f"/rota/{other}/on-call/{number}/remove").status_code == 403
    supervisor.post(f"/rota/{team}/on-call/{number}/remove")
    assert supervisor.post(f"/rota/{team}/away/{absence}/end").status_code == 403
    with runtime.store.reading() as session:
        assert session.get(OnCall, number) is not None
    manager = sign_in("manager")
    assert manager.post(f"/rota/{other}/on-call/{number}/remove").status_code == 200
    assert manager.post(f"/rota/{other}/away/{absence}/end").status_code == 200
    with runtime.store.reading() as session:
        assert session.get(OnCall, number) is None
        assert rota.away_at(session, datetime.now(UTC)) == []


def test_the_check_names_who_left_and_who_cannot_be_reached(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    with runtime.store.transaction() as session:
        account(session, "supervisor").active = False
        account(session, "manager").mail = ""
    monkeypatch.setenv("DATABASE_URL", runtime.store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PLUIS_KEYS", KEYS)
    monkeypatch.setenv("PLUIS_MAIL_URL", "mailto://127.0.0.1?from=pluis@example.org&to={to}")
    found = CliRunner().invoke(cli, ["check"])
    assert found.exit_code == 1
    assert "Ilse Demo has left and is still the supervisor of" in found.output
    assert "Mira Demo has no address on any channel that is set up" in found.output
    assert "nobody is on call outside working hours" in found.output


def test_somebody_chooses_how_to_be_told_and_never_not_at_all(runtime: Runtime) -> None:
    settings = runtime.settings.model_copy(
        update={"mail_url": "mailto://127.0.0.1?from=a@b.nl&to={to}", "sms_url": "json://127.0.0.1/{to}"}
    )
    made = create_app(Runtime(settings, runtime.store, runtime.protocol))
    with TestClient(made, base_url="http://127.0.0.1", headers={"accept": "text/html"}) as page:
        page.post("/sign-in", data={"username": "supervisor", "password": "demo-supervisor"})
        with runtime.store.reading() as session:
            path = f"/rota/{account(session, 'supervisor').team_id}/channels"
        assert "Hoe jij bericht krijgt" in page.get("/rota").text
        refused = page.post(path, data={})
        assert refused.status_code == 422
        assert "minstens" in refused.text
        assert page.post(path, data={"channels": ["sms"]}).status_code == 200
        with runtime.store.reading() as session:
            wished = account(session, "supervisor").channels
        assert reach.channels_for("L2", ["console", "mail", "sms"], wished) == ["console", "sms"]
        assert page.post(path, data={"channels": ["mail", "sms"]}).status_code == 200
        with runtime.store.reading() as session:
            assert account(session, "supervisor").channels is None
