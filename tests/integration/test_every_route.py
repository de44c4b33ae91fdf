"""Every address of the web, as every role: what the table of rights allows is let in, and nothing else is."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import event, select

from pluis.access import rights, signing_in
from pluis.access.routes import ROUTES
from pluis.access.seeing import readable
from pluis.dossier import overview
from pluis.protocol.read import Protocol
from pluis.runtime import Runtime
from pluis.signals.finder import Finder
from pluis.store import Store, access
from pluis.store.access import EmergencyAccess, Named
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief
from pluis.store.escalations import Escalation
from pluis.store.people import ROLES, Absence, Account, OnCall
from pluis.web.app import create_app
from tests.support.databases import Sqlite, settings_for
from tests.support.families import account

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

BEYOND = ("substitute", "named", "emergency", "on_call")
# A few addresses are walked with every relation; the rest with each role and the nearest relations.
EVERYBODY = ("GET /api/cases/{case_id}", "GET /api/debriefs/{debrief_id}", "GET /api/escalations/{escalation_id}")
# To be of the team says nothing about these roles.
NEAR_ENOUGH = ("manager-team", "trainee-team", "trainer-team", "quality-team", "admin-team")
# Paper takes long to make.
FOR_PAPER = ("counselor", "quality-none", "counselor-team", "admin-none", "manager-none")
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/debriefs": {"json": {"case_id": 0, "mode": "short"}},
    "POST /api/escalations/{escalation_id}/check": {"json": {"note": "x"}},
    "POST /api/escalations/{escalation_id}/hand-over": {"json": {"to": "manager"}},
    "POST /debriefs/{debrief_id}/say": {"data": {"text": "hallo"}},
    "POST /training/visits/{practice_id}/ask": {"data": {"who": "x", "text": "y"}},
    "POST /api/debriefs/{debrief_id}/messages": {"json": {"text": "hallo"}},
    "POST /api/training/visits/{practice_id}/ask": {"json": {"who": "x", "text": "y"}},
    "POST /api/escalations/{escalation_id}/decision": {"json": {}},
    "POST /cases/{case_id}/emergency": {"data": {"reason": ""}},
    "POST /cases/{case_id}/access": {"data": {"usernames": "nobody-of-that-name"}},
}
# Not called here: these run without end, ask Rasa, or end the very sign-in that is used.
NOT_CALLED = {"GET /live", "GET /healthz", "POST /api/chat", "POST /say", "DELETE /api/session",
              "POST /account/sign-ins/end", "GET /static"}  # fmt: skip
# Whoever has the duty may still be refused: that depends on whether somebody agreed to it, or on what is sent.
DEPENDS = ("GET /trainer/people/{account_id}", "POST /vignettes")
REFUSED = (401, 403, 404)


@dataclass(frozen=True)
class World:
    runtime: Runtime
    http: TestClient
    people: dict[str, int]
    tokens: dict[str, str]
    ids: dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, protocol: Protocol, finder: Finder) -> Iterator[World]:
    """The demo, an alert and a debrief of one family, and somebody of each role in each relation to it."""
    made = Sqlite(tmp_path_factory.mktemp("routes"))
    with made.copy() as url:
        settings = settings_for(url, tmp_path_factory.mktemp("home"))
        store = Store.of(settings)
        # Thousands of lines of the access log: here they need not outlive the machine.
        event.listen(store.engine, "connect", lambda made, _record: made.execute("PRAGMA synchronous=OFF"))
        runtime = Runtime(settings, store, protocol)
        runtime.__dict__["finder"] = finder
        now = datetime.now(UTC)
        with store.transaction() as session:
            people = {one.username: one for one in _people(session, now)}
            ids = {"case_id": _case(session).id, **_things(session, now)}
            tokens = {name: signing_in.start(session, one, now) for name, one in people.items()}
            numbers = {name: one.id for name, one in people.items()}
        with TestClient(create_app(runtime), base_url="http://127.0.0.1", raise_server_exceptions=False) as http:
            yield World(runtime, http, numbers, tokens, ids)
        store.engine.dispose()


def _case(session: Any) -> Case:
    return session.scalars(select(Case).where(Case.number == "P-1001")).one()  # type: ignore[no-any-return]


def _people(session: Any, now: datetime) -> Iterator[Account]:
    """`<role>-<relation>`, each made for it alone."""
    case, hour = _case(session), timedelta(hours=1)
    away = account(session, "counselor2").team_id
    yield from (case.counselor, case.supervisor)
    for role in ROLES:
        for relation in ("team", "none", *(BEYOND if role in ("counselor", "supervisor", "manager") else ())):
            one = Account(
                username=f"{role}-{relation}", name="Iemand", role=role, password_hash="!",
                team_id=case.team_id if relation == "team" else away, language="nl",
            )  # fmt: skip
            session.add(one)
            session.flush()
            if relation == "substitute":
                session.add(Absence(account_id=case.counselor_id, substitute_id=one.id, starts_at=now - hour,
                                    ends_at=now + hour))  # fmt: skip
            elif relation == "named":
                session.add(Named(case_id=case.id, account_id=one.id, named_by_id=case.supervisor_id, at=now))
            elif relation == "emergency":
                session.add(EmergencyAccess(case_id=case.id, account_id=one.id, reason="x", at=now, ends_at=now + hour))
            elif relation == "on_call":
                session.add(OnCall(team_id=case.team_id, account_id=one.id, starts_at=now - hour, ends_at=now + hour))
            yield one


def _things(session: Any, now: datetime) -> dict[str, Any]:
    case = _case(session)
    debrief = Debrief(
        id="walked", case_id=case.id, account_id=case.counselor_id, mode="visit", language="nl", state="done",
        greeting=[], opened_at=now, touched_at=now, closed_at=now, proposed="L2", level="L2", rules=[], note="Notitie",
    )  # fmt: skip
    alert = Escalation(
        case_id=case.id, team_id=case.team_id, debrief_id=None, raised_by_id=case.counselor_id, level="L2",
        confirmed=True, state="open", reasons=[], words=[], facts={}, ladder={"steps": []}, step=0, round=1,
        raised_at=now, due_at=now + timedelta(hours=1),
    )  # fmt: skip
    session.add_all([debrief, alert])
    session.flush()
    return {"debrief_id": debrief.id, "escalation_id": alert.id, "team_id": case.team_id}


def routes(http: TestClient) -> set[str]:
    found = set()
    for route in iter_route_contexts(http.app.routes):  # type: ignore[attr-defined]
        for method in getattr(route, "methods", None) or {"GET"}:
            if method != "HEAD":
                # The files of the pages stand under a name that changes with them.
                found.add(f"{method} {'/static' if route.path.startswith('/static') else route.path}")
    return found


def test_every_route_has_a_row_and_every_row_a_route(world: World) -> None:
    assert routes(world.http) == set(ROUTES)


def allowed(world: World, name: str, need: str | tuple[str, ...]) -> bool:
    """What the table says about this person and the family, the alert or the debrief of this test."""
    if isinstance(need, tuple):
        return any(allowed(world, name, one) for one in need)
    with world.runtime.store.reading() as session:
        me = session.get_one(Account, world.people[name])
        me.standing = access.standing(session, me.id, datetime.now(UTC))
        if need in get_args(rights.Duty):
            return rights.may_do(me, need)  # type: ignore[arg-type]
        if "escalation" in need:
            alert = session.get_one(Escalation, world.ids["escalation_id"])
            return rights.ground_for_escalation(me, need, alert) is not None  # type: ignore[arg-type]
        return rights.ground(me, need, _case(session)) is not None  # type: ignore[arg-type]


def call(world: World, route: str, name: str | None) -> int:
    method, path = route.split()
    for part, value in {"delivery_id": 99999, "token": "x", "number": "x", **world.ids}.items():
        path = path.replace("{" + part + "}", str(value))
    while "{" in path:
        path = path[: path.index("{")] + "9999" + path[path.index("}") + 1 :]
    body = BODIES.get(route, {})
    if "json" in body and "case_id" in body["json"]:
        body = {"json": {**body["json"], "case_id": world.ids["case_id"]}}
    headers = {"Authorization": f"Bearer {world.tokens[name]}"} if name else {}
    return world.http.request(method, path, headers=headers, follow_redirects=False, **body).status_code


@pytest.mark.parametrize("route", sorted(set(ROUTES) - NOT_CALLED))
def test_a_route_lets_in_whom_the_table_names(world: World, route: str) -> None:
    need = ROUTES[route]
    if need in ("anyone", "link"):
        assert call(world, route, None) not in (401, 403)
        return
    assert call(world, route, None) in (401, 403)
    if need in ("this_machine", "password", "signed_in"):
        return
    made_up = bool(set(re.findall(r"{(\w+)}", route)) - set(world.ids))  # there is nothing with the number asked for
    for name in sorted(world.people):
        relation = name.partition("-")[2]
        if (relation in BEYOND or name in NEAR_ENOUGH) and route not in EVERYBODY:
            continue
        if route.endswith(".pdf") and name not in FOR_PAPER:
            continue
        status = call(world, route, name)
        if need == "own":
            # Made by nobody here, or by the counselor of the family: all others are strangers.
            assert name == "counselor" or status in REFUSED, (name, status)
        elif allowed(world, name, need) and not ("{team_id}" in route and name == "supervisor-none"):
            assert status not in (401, 403) or route in DEPENDS, (name, status)
        else:
            assert status in (401, 403) or (status == 404 and made_up), (name, status)


def test_a_list_shows_the_very_cases_that_the_table_allows(world: World) -> None:
    with world.runtime.store.transaction() as session:
        _case(session).named_only = True
    try:
        for name, id in world.people.items():
            with world.runtime.store.reading() as session:
                me = session.get_one(Account, id)
                me.standing = access.standing(session, id, datetime.now(UTC))
                listed = {one.id for one in overview.visible_cases(session, me)}
                every = session.scalars(select(Case).where(Case.closed_on.is_(None), Case.vignette.is_(None)))
                assert listed == {one.id for one in every if rights.ground(me, "read_case", one)}, name
                assert overview.count_visible(session, me) == len(listed)
                assert bool(listed) <= (readable(me) is not None)
    finally:
        with world.runtime.store.transaction() as session:
            _case(session).named_only = False


def test_a_case_closed_to_named_colleagues(world: World) -> None:
    """Only its own people, those named, and who took emergency access read it; others may still take that."""
    with world.runtime.store.transaction() as session:
        _case(session).named_only = True
    try:
        readers = {name for name in world.people if call(world, "GET /api/cases/{case_id}", name) == 200}
        takers = {name for name in world.people if call(world, "GET /cases/{case_id}/access", name) == 200}
    finally:
        with world.runtime.store.transaction() as session:
            _case(session).named_only = False
    assert readers == {"counselor", "supervisor"} | {
        f"{role}-{how}" for role in ("counselor", "supervisor", "manager") for how in ("named", "emergency")
    } | {"counselor-substitute", "supervisor-substitute"}  # fmt: skip
    assert takers - readers == {
        "counselor-team", "counselor-on_call", "supervisor-team", "supervisor-none", "supervisor-on_call",
        "manager-team", "manager-none", "manager-on_call", "manager-substitute",
    }  # fmt: skip
