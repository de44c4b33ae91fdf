"""Ids of others: every address that takes an id, asked by people who have nothing to do with the family."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from pluis.access.routes import ROUTES
from pluis.store.assessments import Assessment
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief, Turn
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery
from pluis.store.people import Absence, Account, OnCall
from pluis.store.training import Practice
from tests.attack.conftest import Tried
from tests.support.api import Client

CANARY = "kwikstaartnest"
STRANGERS = ("counselor2", "trainee", "trainer", "admin", None)
# What a stranger gets there is one's own, or what the role is for; nothing of it is about the family.
NOT_THEIRS = re.compile(r"vignette|/trainer/|/account/sign-ins|/sign-in|/static")


@pytest.fixture
def victim(counselor: Client) -> dict[str, Any]:
    """The ids of everything that belongs to a family of the counselor, with a canary in its debrief."""
    visit = counselor.begin()
    visit.go_to("C1")
    visit.say(f"De jongste sliep in een {CANARY}.")
    alarmed = counselor.begin()
    alarmed.go_to("C1")
    alarmed.say(f"Ze zei dat ze niet meer wil leven en dat ze de kinderen niet achterlaat, bij het {CANARY}.")
    vignette = counselor.get("/api/training/vignettes")
    listed = vignette if isinstance(vignette, list) else next(v for v in vignette.values() if isinstance(v, list))
    counselor.http.post(f"/api/training/vignettes/{listed[0]['id']}", json={})
    with counselor.system.store() as store, store.reading() as session:
        me = session.scalars(select(Account).where(Account.username == "counselor")).one()
        alert = session.scalars(select(Escalation).where(Escalation.debrief_id == alarmed.id)).one()

        def any_of(table: Any, *where: Any) -> Any:
            found = session.scalars(select(table).where(*where).order_by(table.id.desc())).first()
            return found.id if found is not None else 1

        return {
            "case_id": alarmed.case,
            "debrief_id": alarmed.id,
            "escalation_id": alert.id,
            "delivery_id": any_of(Delivery, Delivery.escalation_id == alert.id),
            "practice_id": any_of(Practice, Practice.account_id == me.id),
            "assessment_id": any_of(Assessment),
            "team_id": me.team_id,
            "shift_id": any_of(OnCall, OnCall.team_id == me.team_id),
            "absence_id": any_of(Absence),
            "account_id": me.id,
            "emergency_id": 1,
            "token": "x",
        }


def asked(path: str, ids: dict[str, Any]) -> str:
    """The address with the victim's ids in it."""
    return re.sub(r"{(\w+)}", lambda part: str(ids.get(part[1], 1)), path)


@pytest.mark.slow
def test_ids_of_others(counselor: Client, victim: dict[str, Any], tried: Tried) -> None:
    """Every address with the ids of a family, as strangers of four roles and without a session"""
    count = 0
    for name in STRANGERS:
        headers = {}
        if name is not None:
            with Client(counselor.system, name) as client:
                headers = {"Authorization": client.http.headers["Authorization"]}
        with httpx.Client(base_url=counselor.system.url, headers=headers, timeout=30, trust_env=False) as http:
            for route in ROUTES:
                method, path = route.split()
                if "{" not in path or NOT_THEIRS.search(path):
                    continue
                body = {"json": {"text": "x", "to": "manager", "note": "x", "who": "x"}} if "/api/" in path else {}
                got = http.request(method, asked(path, victim), **body)  # type: ignore[arg-type]
                assert got.status_code in (303, 401, 403, 404, 422), (name, route, got.status_code)
                assert got.status_code != 303 or got.headers["location"].startswith("/sign-in"), (name, route)
                assert CANARY not in got.text, (name, route)
                count += 1
            for page in ("/", "/inbox", "/team", "/api/cases", "/api/escalations", "/access-log", "/search"):
                assert CANARY not in http.get(page).text, (name, page)
                count += 1
    with counselor.system.store() as store, store.reading() as session:
        assert not session.scalars(
            select(Turn).where(Turn.conversation == victim["debrief_id"], Turn.text == "x")
        ).all()
        assert session.get_one(Escalation, victim["escalation_id"]).acknowledged_at is None
        assert session.get_one(Debrief, victim["debrief_id"]).state == "open"
    tried(count)


def test_ids_that_are_none(stranger: Client, tried: Tried) -> None:
    """Ids that are no ids: negative, enormous, SQL, paths upwards, zero bytes"""
    odd = ["-1", "0", str(2**63), str(2**70), "1 OR 1=1", "1;--", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%00", "%ff", "１",
           "1e3", "null", "'", "{{7*7}}", "%F0%9F%91%B6", "a" * 3000]  # fmt: skip
    count = 0
    for path in ("/api/cases/{}", "/api/cases/{}/dossier.pdf", "/api/debriefs/{}", "/api/escalations/{}", "/cases/{}",
                 "/debriefs/{}", "/answer/{}", "/training/visits/{}", "/static/{}"):  # fmt: skip
        for id in odd:
            got = stranger.http.get(path.format(id))
            assert got.status_code in (303, 307, 400, 403, 404, 410, 414, 422), (path, id, got.status_code)
            assert "root:" not in got.text
            count += 1
    tried(count)


def test_a_list_is_not_widened(stranger: Client, tried: Tried) -> None:
    """Search words that widen a search: SQL, patterns, other teams"""
    with stranger.system.store() as store, store.reading() as session:
        other = session.scalars(select(Case).where(Case.number == "P-1001")).one().family
    words = ["' OR '1'='1", "%", "_", "*", "') OR 1=1 --", '" OR ""="', "\\", "P-100%", other, f"{other}' --"]
    for word in words:
        for team in ("", "1", "1 OR 1=1"):
            got = stranger.http.post("/search", data={"text": word, "team": team, "level": "' OR 1=1"})
            assert got.status_code == 200
            assert 'href="/cases/' not in got.text or "P-1001" not in got.text, word
    tried(len(words) * 3)
