"""The audit, the figures for operations, and the team board."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pluis.dossier.audit import Period, report
from pluis.dossier.board import team_board
from pluis.escalation import answering, raising
from pluis.protocol.facts import LEVELS, rank
from pluis.protocol.read import Protocol
from pluis.runtime import Runtime
from pluis.store.base import Json
from pluis.store.debriefs import Debrief, SupportWish
from pluis.store.escalations import Escalation
from tests.integration.test_dossier_export import client
from tests.support.databases import NOW
from tests.support.families import account, add_family, add_visit
from tests.support.talk import Talk

LATER = NOW + timedelta(hours=2)


def audit(runtime: Runtime, first: datetime = NOW, last: datetime = NOW, seed: int = 7, size: int = 10) -> Json:
    """The report of these days."""
    zone = runtime.protocol.ladders.working_hours

    period = Period(first.date(), last.date(), ZoneInfo(zone.timezone))
    with runtime.store.reading() as session:
        return report(session, runtime.protocol, period, seed, size, LATER)


def decide(runtime: Runtime, talk: Talk, **more: object) -> None:
    """The supervisor answers just in time and decides half an hour later."""
    with runtime.store.transaction() as session:
        row = session.query(Escalation).filter(Escalation.debrief_id == talk.id).one()
        who = account(session, "supervisor")
        assert row.acknowledge_by is not None
        taken = row.acknowledge_by - timedelta(minutes=1)
        answering.acknowledge(session, row, who, taken)
        given = {"reason": "gesproken", "action": "joint_visit", "tell_family": "Noor", "check_on": NOW.date()} | more
        answering.decide(session, row, who, given, taken + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("who", "status"),
    [("quality", 200), ("manager", 200), ("counselor", 403), ("supervisor", 403), ("trainee", 403), ("trainer", 403),
     ("admin", 403)],
)  # fmt: skip
def test_who_may_have_the_audit(runtime: Runtime, who: str, status: int) -> None:
    with client(runtime, who) as http:
        assert http.get("/api/audit.json?from=2026-03-01&to=2026-03-31&seed=1").status_code == status
        page = http.get("/audit?from=2026-01-01&to=2026-03-31", headers={"accept": "text/html"})
        assert page.status_code == status
        if status == 200:
            assert "<svg" in page.text


def test_the_audit_counts_a_visit_an_alert_and_who_changed_a_level(runtime: Runtime) -> None:
    before = audit(runtime)
    talk = Talk(runtime, "P-1002")
    talk.say("raise=L2")
    talk.finish({"B1": "Zoë niet, de anderen wel", "B1a": "Bij oma."})
    level = str(talk.debrief().level)
    decide(runtime, talk, level=LEVELS[rank(level) - 1], children_known=True)

    after = audit(runtime)

    assert after["debriefs"]["begun"] == before["debriefs"]["begun"] + 1
    assert after["debriefs"]["within_24_hours"]["count"] == before["debriefs"]["within_24_hours"]["count"] + 1
    assert after["children"]["all_seen_per_visit"]["of"] == 1
    assert after["children"]["all_seen_per_visit"]["count"] == 0
    assert after["levels"]["changed_by_role"] == {"raised": {"counselor": 1}, "lowered": {"supervisor": 1}, "kept": {}}
    alerts = after["escalations"]
    assert alerts["raised"] == 1
    for name in ("told_on_time", "acknowledged_on_time", "decided_on_time"):
        assert alerts[name] == {"count": 1, "of": 1, "share": 1.0}, name
    assert sum(rule["fired"] for rule in after["rules"]) == len(talk.rules())
    top = [rule for rule in after["rules"] if rule["lowered_under"]]
    assert top
    assert all(rule["raised_over"] == rule["lowered_under"] == 1 for rule in top)
    one = next(case for case in after["sample"]["cases"] if case["case"] == "P-1002")
    assert "every_child_seen" in one["missing"]


def test_the_audit_names_nobody(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    talk.say("raise=L2")
    talk.finish({"C1": "Ze vertelde over school."})
    shown = str(audit(runtime))
    for name in ("Noor", "Ilse", "Zoë", "Samira", "Berk", "school"):
        assert name not in shown


def test_practice_is_never_counted(runtime: Runtime) -> None:
    before = audit(runtime)
    talk = Talk(runtime, "P-1002", mode="training")
    talk.tap("yes")
    talk.finish({"danger": "=continue"})
    after = audit(runtime)
    assert after["debriefs"] == before["debriefs"]
    assert after["rules"] == before["rules"]
    assert after["sample"]["cases"] == before["sample"]["cases"]


def test_the_same_seed_draws_the_same_sample(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        for _ in range(12):
            add_visit(session, add_family(session, NOW), NOW)
    drawn = [[one["case"] for one in audit(runtime, seed=seed, size=4)["sample"]["cases"]] for seed in (1, 1, 2)]
    assert len(drawn[0]) == 4
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("dates", ["from=2026-03-02&to=2026-03-01", "from=1900-01-01&to=2026-01-01", "from=x"])
def test_a_period_that_cannot_be_is_refused(runtime: Runtime, dates: str) -> None:
    with client(runtime, "quality") as http:
        assert http.get(f"/api/audit.json?{dates}").status_code == 422


def test_figures_for_operations_hold_no_personal_data(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    talk.say("raise=L2")
    with client(runtime, "counselor") as http:
        http.get("/api/cases/1")
        got = http.get("/metrics", headers={"Authorization": ""})
    assert got.status_code == 200
    assert got.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in got.text.splitlines():
        assert re.fullmatch(
            r'# (HELP|TYPE) .+|pluis_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+', line
        ), line
    for name in ("pluis_escalations_open", "pluis_escalations_late", "pluis_deliveries", "pluis_queue_depth"):
        assert name in got.text
    assert 'pluis_escalations_open{level="L2",state="open"} 1' in got.text
    assert 'route="GET /api/cases/{case_id}"' in got.text
    for private in ("P-1002", "Berk", "Noor", "Demo", "/cases/1"):
        assert private not in got.text


def board(runtime: Runtime, protocol: Protocol, weeks: int = 3) -> Json:
    with runtime.store.reading() as session:
        team = account(session, "supervisor").team_id
        assert team is not None
        return team_board(session, protocol, team, weeks, LATER)


def test_the_board_shows_what_needs_somebody(runtime: Runtime, protocol: Protocol) -> None:
    talk = Talk(runtime, "P-1002")
    talk.say("raise=L2")
    with runtime.store.transaction() as session:
        case = add_family(session, NOW, 2)
        case.assessed_on = NOW.date() - timedelta(days=120)
        add_visit(session, case, NOW - timedelta(days=40))
        add_visit(session, case, NOW - timedelta(days=2), unseen=["Noor"])
        family, number = case.family, case.id
    shown = board(runtime, protocol)
    assert shown["alerts"]["count"] == 1
    assert [one["name"] for one in shown["unseen"]["rows"] if one["case_id"] == number] == ["Noor"]
    assert number in [one["id"] for one in shown["assessments"]["rows"]]
    assert [one["family"] for one in shown["unfinished"]["rows"]] == ["Familie Berk"]
    load = next(one for one in shown["loads"] if one["name"] == "Noor Demo")
    assert load["alerts"] == 1
    assert family
    assert not [one for one in board(runtime, protocol, weeks=8)["unseen"]["rows"] if one["case_id"] == number]


def test_of_a_wish_to_talk_only_the_day_goes_on(runtime: Runtime, protocol: Protocol) -> None:
    talk = Talk(runtime, "P-1002")
    with runtime.store.transaction() as session:
        words = "ik slaap er slecht van"
        session.add(SupportWish(account_id=talk.account_id, kind="contact", by_when=words, words=words, at=NOW))
    shown = board(runtime, protocol)
    assert [one["by_when"] for one in shown["wishes"]["rows"]] == ["ask"]
    with runtime.store.transaction() as session:
        session.add(SupportWish(account_id=talk.account_id, kind="contact", by_when="today", words="geheim", at=NOW))
    assert "geheim" not in str(board(runtime, protocol))
    with client(runtime, "supervisor") as http:
        page = http.get("/team", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "slaap er slecht" not in page.text
    assert "Noor Demo" in page.text


@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 200), ("manager", 200), ("counselor", 403), ("quality", 403), ("trainee", 403)]
)
def test_who_may_see_the_board(runtime: Runtime, who: str, status: int) -> None:
    with client(runtime, who) as http:
        assert http.get("/team", headers={"accept": "text/html"}).status_code == status


def test_a_supervisor_sees_no_other_team(runtime: Runtime) -> None:
    with runtime.store.reading() as session:
        other = account(session, "supervisor2").team_id
    with client(runtime, "supervisor") as http:
        assert http.get(f"/team?team={other}", headers={"accept": "text/html"}).status_code == 403


def test_a_long_list_of_cases_comes_in_pages(runtime: Runtime) -> None:
    with client(runtime, "quality") as http:
        everything = http.get("/api/cases").json()
        first = http.get("/api/cases?limit=2")
        second = http.get("/api/cases?limit=2&page=2").json()
    assert [*first.json(), *second] == everything[:4]
    assert first.headers["x-total-count"] == str(len(everything))
    assert "page=2" in first.headers["link"]


def test_an_alert_of_another_team_stays_with_whoever_was_told(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-2002", counselor="counselor2", now=NOW + timedelta(hours=8))
    talk.say("raise=L2")
    with runtime.store.reading() as session:
        assert session.get_one(Debrief, talk.id).case.team_id != account(session, "supervisor").team_id
    with client(runtime, "supervisor") as http:
        assert [one["debrief_id"] for one in http.get("/api/escalations").json()] == [talk.id]


def test_danger_called_without_a_family_stands_in_the_inbox_beside_the_rest(runtime: Runtime) -> None:
    talk = Talk(runtime)
    talk.tap("no")
    talk.say("Moeder zegt dat ze niet meer wil leven.")
    talk.say("nu staat ze buiten te schreeuwen")
    with runtime.store.transaction() as session:
        raising.raise_without_debrief(
            session, runtime.protocol, account(session, "counselor"), "er is nu gevaar", talk.now
        )
    with client(runtime, "supervisor") as http:
        page = http.get("/inbox", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert page.text.count("data-alert=") == 2
        assert "er is nu gevaar" in page.text
        assert "niet meer wil leven" in page.text


def test_an_alert_above_the_last_visit_is_what_the_overview_says_first(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    talk.go_to("C1")
    talk.say("Moeder zegt dat ze niet meer wil leven.")
    case = talk.debrief().case_id
    with client(runtime, "supervisor") as http:
        shown = http.get(f"/api/cases/{case}").json()
        assert shown["level"] == "L1"
        assert shown["alarm"]["level"] == "L3"
        assert shown["alarm"]["higher"]
        page = http.get(f"/cases/{case}").text
        assert "brief-level level-l3" in page
        assert page.index("hoger dan het laatste bezoek") < page.index("Laatste bezoek")
        assert "niet meer wil leven" in page[: page.index("Laatste bezoek")]
        assert "melding L3 loopt" in http.post("/search", data={"text": "berk"}).text
        assert next(one for one in http.get("/api/cases").json() if one["id"] == case)["alert"] == "L3"
    with client(runtime, "manager") as http:  # sees that there is an alert, and no words
        assert "niet meer wil leven" not in http.get(f"/cases/{case}").text
    with runtime.store.transaction() as session:
        session.query(Escalation).filter(Escalation.debrief_id == talk.id).one().state = "decided"
    with client(runtime, "supervisor") as http:
        assert http.get(f"/api/cases/{case}").json()["alarm"] is None
