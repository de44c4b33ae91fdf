"""Looking back on a period: what it asks, of whom, and that nobody is named or compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from pluis.dossier.reflecting import reflection
from pluis.runtime import Runtime
from pluis.store.base import Json
from pluis.store.cases import Case, Sighting
from pluis.store.debriefs import Found, LevelChange, Turn, Unknown
from tests.integration.test_dossier_export import SECRET, client
from tests.support.databases import NOW
from tests.support.families import account, add_family, add_visit
from tests.support.talk import Talk

INJURY = ("child_unexplained_injury", "serious")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        yield


def looked_back(runtime: Runtime, who: str = "counselor", weeks: int = 8) -> dict[str, Json]:
    """The prompts by kind."""
    with runtime.store.reading() as session:
        found = reflection(session, runtime.protocol, account(session, who), weeks, NOW)
        return {one["kind"]: one for one in found["prompts"]}


@pytest.fixture
def case(runtime: Runtime) -> int:
    """A family with three quiet visits and then a grave one; the child was never alone, father was never there."""
    with runtime.store.transaction() as session:
        family = add_family(session, NOW)
        for days in (40, 30, 20):
            add_visit(session, family, NOW - timedelta(days=days), unseen=["Lina"])
        last = add_visit(session, family, NOW - timedelta(days=2), "L2", unseen=["Lina"], signals=[INJURY])
        session.add(LevelChange(debrief_id=last.id, kind="raised", level="L2", rules=[], by_id=last.account_id, at=NOW))
        last.proposed = "L1"
        return family.id


def test_what_came_up_late_and_who_was_seldom_spoken_to(runtime: Runtime, case: int) -> None:
    found = looked_back(runtime)
    late = next(row for row in found["seen_later"]["rows"] if row["case"]["id"] == case)
    assert late["visits"] == 3
    assert late["on"] == (NOW - timedelta(days=2)).date().isoformat()
    higher = next(row for row in found["raised"]["rows"] if row["case"]["id"] == case)
    assert (higher["proposed"], higher["level"]) == ("L1", "L2")
    with client(runtime, "counselor") as http:
        page = http.get("/reflection").text
        for said in ("voor het eerst op", "L1 werd L2 op", "Sem: 0 van 4 keer alleen", "Lina: 0 van 4 keer gesproken"):
            assert said in page
    for kind, name in (("alone", "Sem"), ("parent", "Lina")):
        row = next(row for row in found[kind]["rows"] if row["case"]["id"] == case)
        assert (row["name"], row["times"], row["visits"]) == (name, 0, 4)
    assert "seen_later" not in looked_back(runtime, "counselor2")


def test_a_no_that_came_back_is_asked_about_once(runtime: Runtime, case: int) -> None:
    with runtime.store.transaction() as session:
        family = session.get_one(Case, case)
        denied = add_visit(session, family, NOW - timedelta(days=10), signals=[INJURY])
        session.scalars(select(Found).where(Found.debrief_id == denied.id)).one().confirmation = "no"
    found = looked_back(runtime)
    (row,) = (row for row in found["came_back"]["rows"] if row["case"]["id"] == case)
    with client(runtime, "counselor") as http:
        assert ": niet op " in http.get("/reflection").text
    assert row["before"] == (NOW - timedelta(days=10)).date().isoformat()
    # It was in view before: it is no longer something that was seen late.
    assert all(row["case"]["id"] != case for row in found.get("seen_later", {"rows": []})["rows"])


def test_a_child_spoken_to_alone_and_a_baby_are_not_asked_about(runtime: Runtime, case: int) -> None:
    with runtime.store.transaction() as session:
        child = next(one for one in session.get_one(Case, case).people if one.kind == "child")
        for one in session.scalars(select(Sighting).where(Sighting.person_id == child.id)):
            one.alone = True
    assert all(row["case"]["id"] != case for row in looked_back(runtime).get("alone", {"rows": []})["rows"])
    with runtime.store.transaction() as session:
        child = next(one for one in session.get_one(Case, case).people if one.kind == "child")
        child.born_on = NOW.date() - timedelta(days=300)
        for one in session.scalars(select(Sighting).where(Sighting.person_id == child.id)):
            one.alone = False
    assert all(row["case"]["id"] != case for row in looked_back(runtime).get("alone", {"rows": []})["rows"])


def test_questions_that_are_skipped_and_what_stays_unknown(runtime: Runtime, case: int) -> None:
    for days in (6, 3):
        talk = Talk(runtime, "P-1002", now=NOW - timedelta(days=days))
        talk.go_to("D3")
        talk.say("sla over", "skip")
        talk.go_to("G2")
        talk.say("sla over", "skip")
        talk.finish()
    with runtime.store.transaction() as session:
        old = session.scalars(select(Turn.debrief_id).where(Turn.question == "D3")).first()
        visit = add_visit(session, session.get_one(Case, case), NOW - timedelta(weeks=7))
        session.add(Unknown(case_id=case, debrief_id=visit.id, text="Hoe het op school gaat"))
        assert old
    found = looked_back(runtime)
    (row,) = found["skipped"]["rows"]
    assert row["question"].startswith("Is er spanning")
    assert row["times"] == 2
    assert "Hoe het op school gaat" in [row["what"] for row in found["unknown"]["rows"]]
    with client(runtime, "counselor") as http:
        page = http.get("/reflection").text
    assert "Hoe het op school gaat, sinds" in page
    assert "Overgeslagen bij 2 van" in page


def test_it_names_no_colleague_and_nothing_that_is_about_the_counselor(runtime: Runtime) -> None:
    for days in (8, 5, 2):
        talk = Talk(runtime, "P-1002", now=NOW - timedelta(days=days))
        talk.finish({"G2": SECRET, "G3": "morgen graag"})
    for who in ("counselor", "supervisor"):
        with client(runtime, who) as http:
            shown = http.get("/api/reflection.json?weeks=26").text
            page = http.get("/reflection?weeks=26").text
        for private in ("Noor", "worker_threatened", "bang", "durfde"):
            assert private not in shown
        assert SECRET not in page
        assert page.count("Noor Demo") == (1 if who == "counselor" else 0)  # the menu of whoever signed in


@pytest.mark.parametrize("weeks", ["0", "53", "x"])
def test_a_period_that_cannot_be(runtime: Runtime, weeks: str) -> None:
    with client(runtime, "counselor") as http:
        assert http.get(f"/api/reflection.json?weeks={weeks}").status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [("counselor", 200), ("supervisor", 200), ("manager", 403), ("trainee", 403), ("trainer", 403), ("quality", 403),
     ("admin", 403)],
)  # fmt: skip
def test_who_may_look_back(runtime: Runtime, case: int, who: str, status: int) -> None:
    with client(runtime, who) as http:
        for path in ("/reflection", "/api/reflection.json"):
            assert http.get(path).status_code == status, path


def test_a_team_sees_its_own_families_and_a_counselor_the_own_visits(runtime: Runtime, case: int) -> None:
    def families(who: str) -> set[int]:
        return {row["case"]["id"] for one in looked_back(runtime, who).values() for row in one["rows"] if "case" in row}

    assert case in families("supervisor")
    assert case not in families("supervisor2")
    with runtime.store.transaction() as session:
        session.get_one(Case, case).named_only = True
    assert case in families("supervisor")  # it is in this supervisor's name
    with runtime.store.transaction() as session:
        session.get_one(Case, case).supervisor_id = account(session, "supervisor2").id
    assert case not in families("supervisor")


def test_a_visit_becomes_a_vignette_from_here(runtime: Runtime, case: int) -> None:
    with client(runtime, "counselor") as http:
        page = http.get("/reflection").text
        visit = next(row for row in looked_back(runtime)["raised"]["rows"] if row["case"]["id"] == case)["debrief"]
        assert f'name="debrief" value="{visit}"' in page
        made = http.post("/vignettes", data={"debrief": visit}, follow_redirects=False)
        assert made.status_code == 303
        assert made.headers["location"].startswith("/vignettes/")
    with client(runtime, "supervisor") as http:
        assert 'name="debrief"' not in http.get("/reflection").text
