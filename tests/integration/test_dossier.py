"""What is known before, what is recorded, and what nobody else may read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pluis.dossier import overview
from pluis.runtime import Runtime
from pluis.store.cases import Agreement, Case, Sighting
from pluis.store.debriefs import Debrief, Unknown
from tests.support.databases import NOW
from tests.support.families import add_family, add_visit
from tests.support.talk import Talk

SECRET = "Ik was bang voor de buurman en durfde niets te vragen."


def new_case(runtime: Runtime, children: int = 1, **more: object) -> str:
    """The number of a new family."""
    with runtime.store.transaction() as session:
        return add_family(session, NOW, children, **more).number  # type: ignore[arg-type]


def the_case(runtime: Runtime, number: str) -> Case:
    """The family as it is stored now."""
    with runtime.store.reading() as session:
        return session.scalars(select(Case).where(Case.number == number)).one()


def sightings(runtime: Runtime, talk: Talk) -> dict[str, tuple[bool, bool, bool]]:
    """Name → seen, spoken to, spoken to alone, in this debrief."""
    with runtime.store.reading() as session:
        rows = session.scalars(select(Sighting).where(Sighting.debrief_id == talk.id)).all()
        people = {person.id: person.name for person in session.get_one(Debrief, talk.id).case.people}
        return {people[row.person_id]: (row.seen, row.spoken, row.alone) for row in rows}


def test_who_was_seen_becomes_a_last_seen_date(runtime: Runtime) -> None:
    number = new_case(runtime, 3)
    talk = Talk(runtime, number)

    talk.finish({"B1": "Sem en Noor wel, Liv niet", "B2": "Alleen met Noor"})

    assert sightings(runtime, talk) == {
        "Sem": (True, False, False), "Noor": (True, True, True), "Liv": (False, False, False),
        "Lina": (True, True, False),
    }  # fmt: skip
    with runtime.store.reading() as session:
        case = session.scalars(select(Case).where(Case.number == number)).one()
        shown = overview.overview(session, runtime.protocol, case, "nl", talk.now)
    days = {person["name"]: person["days_unseen"] for person in shown["people"]}
    assert days == {"Sem": 0, "Noor": 0, "Liv": None, "Lina": 0}


def test_an_unseen_child_is_asked_about_and_gets_a_date(runtime: Runtime) -> None:
    talk = Talk(runtime, new_case(runtime, 3))
    talk.go_to("B1")
    talk.say("Sem en Noor wel, Liv niet")

    reason = talk.go_to("B1a")
    assert "Liv" in reason["text"]
    assert "Sem" not in reason["text"]
    date = talk.go_to("H1a", {"B1a": "Was bij oma, vorige week nog gezien."})
    assert "Liv" in date["text"]
    talk.say("Dinsdag op school")
    talk.finish()

    assert "Liv" in (talk.debrief().note or "")
    assert "niet gezien" in (talk.debrief().note or "").lower()


def test_earlier_agreements_come_back_one_by_one(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1002")
    question = talk.go_to("F2")
    assert [item["label"] for item in question["items"]] == [
        "Erik brengt Finn en Liv naar de opvang op dinsdag en donderdag",
        "De kinderen zijn nooit alleen met z'n vijven thuis",
    ]
    first, second = (item["id"] for item in question["items"])

    talk.say(f"F2/all={first}:kept,{second}:unknown")
    talk.finish()

    states = {f"a{a.id}": (a.state, a.checked_in) for a in the_case(runtime, "P-1002").agreements}
    assert states[first] == ("kept", talk.id)
    assert states[second] == ("open", None)


def test_a_broken_safety_agreement_needs_a_plan_and_counts_as_serious(runtime: Runtime) -> None:
    talk = Talk(runtime, new_case(runtime, agreements=[("Oma slaapt er", True)]))
    talk.go_to("F2")
    talk.tap("broken")

    assert "Wie beschermt de kinderen vannacht" in talk.question["text"] or talk.go_to("F2a")
    talk.finish({"upgrade": "=no", "F2a": "Opa komt vanavond"})

    assert talk.confirmations()["safety_agreement_broken"] == "yes"
    assert talk.debrief().level == "L2"


def test_an_ordinary_agreement_that_was_not_kept_is_no_signal(runtime: Runtime) -> None:
    talk = Talk(runtime, new_case(runtime, agreements=[("Huisarts bellen", False)]))

    talk.finish({"F2": "=broken"})

    assert "safety_agreement_broken" not in talk.confirmations()
    assert talk.debrief().level == "L0"


def test_new_agreements_and_unknowns_are_there_the_next_time(runtime: Runtime) -> None:
    number = new_case(runtime)
    talk = Talk(runtime, number)

    talk.finish({"H1": "Lina belt de huisarts, dinsdag\nIk kom donderdag terug", "F5": "Hoe het op school gaat"})

    assert [a.text for a in the_case(runtime, number).agreements] == [
        "Lina belt de huisarts, dinsdag", "Ik kom donderdag terug"
    ]  # fmt: skip
    with runtime.store.reading() as session:
        assert [u.text for u in session.scalars(select(Unknown).where(Unknown.debrief_id == talk.id))] == [
            "Hoe het op school gaat"
        ]
    assert talk.debrief().level == "L1"
    following = Talk(runtime, number, now=NOW + timedelta(days=7))
    assert [item["label"] for item in following.go_to("F2")["items"]] == [
        "Lina belt de huisarts, dinsdag", "Ik kom donderdag terug"
    ]  # fmt: skip


def test_answering_about_agreements_anew_replaces_what_the_first_answer_made(runtime: Runtime) -> None:
    number = new_case(runtime)
    talk = Talk(runtime, number)
    talk.go_to("H1")
    talk.say("Ik kom donderdag")
    talk.say("terug", "back")

    talk.say("Ik kom vrijdag")
    talk.finish()

    with runtime.store.reading() as session:
        case = the_case(runtime, number)
        rows = session.scalars(select(Agreement).where(Agreement.case_id == case.id)).all()
        assert [row.text for row in rows] == ["Ik kom vrijdag"]


@pytest.mark.parametrize("answer", ["=not_seen", "=asleep", "=elsewhere"])
def test_a_child_unseen_twice_in_a_row_is_out_of_sight(runtime: Runtime, answer: str) -> None:
    with runtime.store.transaction() as session:
        case = add_family(session, NOW, 2)
        add_visit(session, case, NOW - timedelta(days=14), unseen=["Noor"])
        number = case.number
        noor = next(f"p{person.id}" for person in case.people if person.name == "Noor")
    talk = Talk(runtime, number)
    talk.go_to("B1")
    other = next(item["id"] for item in talk.question["items"] if item["id"] not in (noor, "stranger"))

    talk.say(f"B1/all={noor}:{answer[1:]},{other}:seen")
    talk.finish()

    assert "R5" in talk.rules()
    assert talk.debrief().level == "L2"


def test_a_child_unseen_once_is_a_concern(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        case = add_family(session, NOW, 1)
        add_visit(session, case, NOW - timedelta(days=14))
        number = case.number
    talk = Talk(runtime, number)

    talk.finish({"B1": "=not_seen"})

    assert "R5" not in talk.rules()
    assert talk.debrief().level == "L1"


def test_a_serious_signal_that_comes_back_is_more_urgent(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        case = add_family(session, NOW)
        add_visit(session, case, NOW - timedelta(days=21), "L2", signals=[("child_unexplained_injury", "serious")])
        number = case.number
    talk = Talk(runtime, number)

    talk.finish({"C1": "Er zat een blauwe plek op zijn wang.", "upgrade": "=no"})

    assert talk.rules()[0] == "R3a"
    assert talk.debrief().level == "L2+"


def test_a_visit_with_a_divorced_parent_asks_about_the_other_one(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-1004")
    question = talk.go_to("B3")
    bas = next(item["id"] for item in question["items"] if item["label"] == "Bas")
    others = [item["id"] for item in question["items"] if item["id"] not in (bas, "stranger")]

    talk.say(f"B3/all={bas}:not_spoken," + ",".join(f"{id}:spoken" for id in others) + ",stranger:yes")

    assert "Wie was dat" in talk.go_to("B3a")["text"]
    talk.say("Een neef, die blijft hier slapen.")
    assert "Bas" in talk.go_to("B4")["text"]
    talk.tap("longer")
    assert "Bas" in talk.question["text"]
    assert talk.key == f"B4a/{bas}"
    assert talk.confirmations()["one_parent_out_of_view"] == "yes"


def test_a_family_with_one_parent_is_not_asked_about_another(runtime: Runtime) -> None:
    talk = Talk(runtime, "P-2002", counselor="counselor2", language="en")

    talk.finish({"B3": "=not_spoken", "upgrade": "=no"})

    assert talk.values_of("B4") == {}
