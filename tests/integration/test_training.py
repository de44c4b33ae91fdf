"""Practice: three trainees get three feedbacks, a story remembers, trying again keeps answers, nobody real hears of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from pluis.access.rights import may
from pluis.dossier import audit, overview
from pluis.dossier.audit import Period
from pluis.dossier.board import team_board
from pluis.runtime import Runtime
from pluis.store import beside, board, debriefs, figures
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief, SupportWish
from pluis.store.escalations import Escalation, EscalationEvent
from pluis.store.outgoing import Delivery
from pluis.store.people import Account
from pluis.training import library
from pluis.web.texts import say
from tests.support.databases import NOW
from tests.support.practice import Client, Trainee, sign_in

ASKS = {
    "nl": [
        ("mother", "Denk je weleens aan doodgaan, en wat gebeurt er dan met de kinderen?"),
        ("mother", "Wie is er dit weekend bij je?"),
        ("daughter", "Hoe is het met mama?"),
    ],
    "en": [
        ("mother", "Do you think of dying, and what would happen to the children then?"),
        ("mother", "Who is around you this weekend?"),
        ("daughter", "How is mum?"),
    ],
}
SAID = {
    "nl": "Ze zei: zonder mij redden ze het toch niet, ik laat ze hier niet achter.",
    "en": "She said they'd never manage without her, and that she is not leaving them behind.",
}
FIGHT = {
    "nl": "Er is strijd over de omgang, over twee weken is de zitting en ze zegt dat Hugo ze niet krijgt.",
    "en": "There is a custody fight, the hearing is in two weeks.",
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_trainee_who_notices_and_asks(runtime: Runtime, language: str) -> None:
    trainee = Trainee(runtime, "fresh_flowers", language=language, asks=ASKS[language])
    feedback = trainee.debriefs(
        {
            "B3/father": "=not_spoken", "D1": SAID[language], "D1a": "=yes_children", "D3": FIGHT[language],
            "D3b": "Over twee weken." if language == "nl" else "In two weeks.", "confirm": "yes",
        }
    )  # fmt: skip

    assert feedback.not_asked == ()
    assert "caregiver_extended_suicide_hint" in [one.signal for one in feedback.noticed]
    assert [one for one in feedback.missed if not one.hidden] == []
    assert (feedback.level.gap, feedback.level.own) == ("same", "L3")
    assert [(one.signal, one.words) for one in feedback.over] == []
    assert feedback.next in ("keep", "notice")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_trainee_in_a_hurry(runtime: Runtime, language: str) -> None:
    trainee = Trainee(runtime, "fresh_flowers", language=language)
    feedback = trainee.debriefs()

    assert [one.who for one in feedback.not_asked] == ["mother", "mother", "daughter"]
    assert "caregiver_extended_suicide_hint" in [one.signal for one in feedback.missed]
    assert feedback.over == ()
    assert [one.who for one in feedback.seen] == ["father"]
    assert (feedback.level.gap, feedback.next) == ("lower", "danger_first")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_trainee_who_is_too_anxious(runtime: Runtime, language: str) -> None:
    trainee = Trainee(runtime, "ordinary_wednesday", language=language)
    worn = {"nl": "Moeder kan het niet meer aan, ze is op.", "en": "Mum can't cope any more, she is at the end."}
    feedback = trainee.debriefs(
        {
            "D1/mother": worn[language],
            "confirm": "yes",
            "G1": "=no",
            "F1": "=yes_but_nothing",
            "H2": "=raise",
            "H2a": "=l3",
        }
    )

    over = {one.signal: one.why for one in feedback.over}
    assert over.keys() >= {"caregiver_cannot_cope", "seeming_cooperation"}
    assert over["caregiver_cannot_cope"] is not None
    assert feedback.missed == ()
    assert (feedback.level.gap, feedback.level.own) == ("higher", "L3")


def counts(runtime: Runtime) -> dict[str, Any]:
    """All that people outside training could notice."""
    seen: dict[str, Any] = {}
    with runtime.store.reading() as session:
        for model in (Escalation, EscalationEvent, Delivery, SupportWish):
            seen[model.__name__] = session.scalar(select(func.count()).select_from(model))
        for one in session.scalars(select(Account).order_by(Account.id)):
            seen[one.username] = [case.number for case in overview.visible_cases(session, one)]
        seen["audit"] = audit.report(session, runtime.protocol, YEARS, 1, 50, NOW)
        seen["figures"] = (figures.running_alerts(session, NOW), figures.deliveries(session))
        for id, name in board.teams(session, None):
            seen[name] = team_board(session, runtime.protocol, id, 3, NOW)
    return seen


YEARS = Period(date(2020, 1, 1), date(2030, 1, 1), ZoneInfo("Europe/Amsterdam"))
ACUTE = "Vader zei: als ik haar in handen krijg sla ik haar dood, vannacht nog."


@pytest.mark.parametrize("who", ["trainee", "trainer", "counselor"])
def test_danger_in_practice_reaches_nobody(runtime: Runtime, who: str) -> None:
    before = counts(runtime)
    trainee = Trainee(runtime, "fresh_flowers", who=who)
    trainee.say("ja, er is gevaar: " + ACUTE)
    assert "danger" in trainee.kinds
    trainee.say("danger=continue")
    trainee.say("ik wil mijn werkbegeleider spreken", "want_contact")
    trainee.say("help, bel iemand", "danger")
    trainee.debriefs({"G2": "Ik was bang.", "G3": "=today", "confirm": "yes", "F5": "Weet niet waar Boaz slaapt."})

    assert trainee.debrief().level == "L3"
    assert trainee.escalation() is None
    assert counts(runtime) == before


def test_nobody_reads_a_made_up_family_as_a_case(runtime: Runtime) -> None:
    trainee = Trainee(runtime, "fresh_flowers")
    trainee.debriefs()
    with runtime.store.reading() as session:
        case = session.get_one(Case, trainee.debrief().case_id)
        for one in session.scalars(select(Account)):
            assert not any(
                may(one, action, case) for action in ("read_case", "debrief", "read_debrief", "read_escalation")
            )


def test_the_second_visit_remembers_what_the_trainee_noted(runtime: Runtime) -> None:
    first = Trainee(runtime, "the_long_summer", 0)
    first.debriefs(
        {"B1/son": "=not_seen", "D3": "De strijd over geld en omgang loopt op.", "confirm": "yes", "D3b": "=unknown"}
    )
    own = {row.signal for row in first.found() if row.confirmation == "yes"}
    second = Trainee(runtime, "the_long_summer", 1)
    with runtime.store.reading() as session:
        case = second.debrief().case_id
        earlier = {signal for signal, *_ in debriefs.earlier_signals(session, case, second.id)}
        assert earlier == own
        assert beside.of(session, session.get_one(Debrief, second.id)).level_before == first.debrief().level


def test_without_a_first_visit_the_experts_are_remembered(runtime: Runtime) -> None:
    third = Trainee(runtime, "next_week_for_sure", 2)
    with runtime.store.reading() as session:
        earlier = {signal for signal, *_ in debriefs.earlier_signals(session, third.debrief().case_id, third.id)}
    assert earlier == {one.id for visit in third.vignette.visits[:2] for one in visit.marking.signals}


def test_back_to_one_question_keeps_what_was_said_before(runtime: Runtime) -> None:
    first = Trainee(runtime, "fresh_flowers")
    first.debriefs({"B3/father": "=not_spoken", "C1": "Ze speelden in de tuin.", "F3": "Niemand."})
    second = Trainee(runtime, "fresh_flowers", again_of=(first.practice, "D1a"))

    assert second.key is not None
    assert second.key.startswith(("D1a", "D1", "D2"))
    texts = [row.text for row in second.answers() if row.question == "C1"]
    assert texts == ["Ze speelden in de tuin."] * 2
    assert not second.values_of("F3")
    assert {key.partition("/")[2] for key in second.values_of("C1")} <= set(second.people.values())
    assert second.debriefs().level.gap == "lower"
    assert first.feedback().level.own == "L0" or first.debrief().state == "done"


def test_every_visit_can_be_debriefed(runtime: Runtime) -> None:
    for vignette in library.load(runtime.settings.data, runtime.protocol).values():
        for number in range(len(vignette.visits)):
            for language in ("nl", "en"):
                trainee = Trainee(runtime, vignette.id, number, language=language)
                assert trainee.key == "A1"
                assert trainee.debrief().case.family == vignette.family.name[language]


@pytest.fixture
def client(runtime: Runtime) -> Client:
    return Client(runtime)


def test_a_trainee_begins_over_the_api(client: Client) -> None:
    me = sign_in(client, "trainee")
    listed = client.get("/api/training/vignettes", headers=me).json()
    assert len(listed) >= 19
    assert "marking" not in str(listed)
    scene = client.post("/api/training/vignettes/fresh_flowers", headers=me).json()
    assert "pillen" not in str(scene)
    said = client.post(
        f"/api/training/visits/{scene['id']}/ask", headers=me, json={"who": "mother", "text": "Denk je aan doodgaan?"}
    )
    assert "pillen" in said.json()["says"]
    begun = client.post("/api/debriefs", headers=me, json={"mode": "training", "vignette_id": "fresh_flowers"})
    assert begun.status_code == 201
    assert begun.json()["messages"][-1]["key"] == "A1"
    feedback = client.get(f"/api/debriefs/{begun.json()['id']}/feedback", headers=me)
    assert (feedback.status_code, feedback.json()["type"].rpartition("/")[2]) == (409, "practice_not_done")
    for other in ("trainer", "supervisor", "quality", "manager", "admin"):
        them = sign_in(client, other)
        for path in ("", "/conversation", "/feedback"):
            assert client.get(f"/api/debriefs/{begun.json()['id']}{path}", headers=them).status_code == 403
        assert client.get(f"/training/visits/{scene['id']}", headers=them).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"mode": "training"}, 422, "no_training_yet"),
        ({"mode": "training", "case_id": 1, "vignette_id": "fresh_flowers"}, 422, "no_training_yet"),
        ({"mode": "training", "case_id": 1}, 422, "no_training_yet"),
        ({"mode": "training", "vignette_id": "fresh_flowers.2"}, 404, "no_such_vignette"),
        ({"mode": "training", "vignette_id": "the_long_summer.x"}, 404, "no_such_vignette"),
        ({"mode": "visit"}, 422, "wrong_field"),
    ],
)
def test_what_cannot_be_practised(client: Client, body: dict[str, Any], status: int, problem: str) -> None:
    got = client.post("/api/debriefs", headers=sign_in(client, "counselor"), json=body)
    assert (got.status_code, got.json()["type"].rpartition("/")[2]) == (status, problem)


ASKED_AND_SAID = {
    "nl": ("Heb je Mare of Boaz vandaag gezien?", "Boaz: Gezien", "Judith: Goed, ze had boodschappen gedaan"),
    "en": ("Did you see Mare or Boaz today?", "Boaz: Seen", "Judith: Fine, she was cooking"),
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_feedback_page_tells_all_of_it(runtime: Runtime, client: Client, language: str) -> None:
    trainee = Trainee(runtime, "fresh_flowers", language=language)
    trainee.debriefs()
    me = sign_in(client, "trainee")
    shown = client.get(f"/training/visits/{trainee.practice}/feedback", headers=me).text
    words = [say("feedback_noticed", language), say("feedback_not_asked", language), say("feedback_next", language)]
    places = [shown.index(str(escape(one))) for one in words]
    assert places == sorted(places)
    assert str(escape(say("training_banner", language))) in shown
    told = client.get(f"/api/debriefs/{trainee.id}/feedback", headers=me).json()
    assert [part["kind"] for part in told["sections"]][:2] == ["noticed", "not_asked"]
    for path in ("/training", f"/training/visits/{trainee.practice}", f"/debriefs/{trainee.id}", "/"):
        assert client.get(path, headers=me).status_code == 200, path
    for words in ASKED_AND_SAID[language]:
        assert words in shown
    again = client.post(f"/training/visits/{trainee.practice}/again", headers=me, data={"question": "D1"})
    assert again.status_code == 303
    assert again.headers["location"].startswith("/debriefs/")
