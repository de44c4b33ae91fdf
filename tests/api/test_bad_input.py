"""What should not be sent, or not there: a plain sentence, the right status, and nothing lost."""

from __future__ import annotations

import pytest

from pluis.web.texts import say
from tests.support.api import Client, check_problem

ODD = {
    "emoji": "😀👨‍👩‍👧‍👦🏠 ging goed 👍🏽",
    "only emoji": "🙂🙂🙂",
    "right to left": "הילדה הייתה רגועה והראתה לי ציור",
    "right-to-left marks": "rustig \u202egnithcirtsgnik\u202c en vrolijk",
    "html": "<b>rustig</b> <img src=x onerror=alert(1)>",
    "script": "<script>alert(document.cookie)</script>",
    "sql": "'; DROP TABLE turn; -- \" OR 1=1",
    "template": "{{ 7*7 }} ${7*7} {name} %s",
    "restart": "/restart",
    "intent": '/intent{"a":1}',
    "known intent": '/deny{"answer":"done"}',
    "session start": "/session_start",
    "marks": "...???",
    "lines": "eerste regel\n\n\ttweede regel\r\nderde",
    "zalgo": "r̸u̷s̵t̶i̷g̸",
}


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\x00\x00"], ids=["nothing", "space", "lines", "zero bytes"])
def test_empty(person: Client, text: str) -> None:
    visit = person.begin()

    got = visit.post(text)

    check_problem(got, 422, "empty", person.language)
    assert visit.said() == []


def test_a_hundred_kilobytes(person: Client) -> None:
    visit = person.begin()

    got = visit.post("rustig, " * 12_800)

    check_problem(got, 413, "too_long", person.language)
    assert visit.said() == []


def test_a_body_too_large_to_look_at(person: Client) -> None:
    visit = person.begin()

    got = visit.post("x" * 400_000)

    check_problem(got, 413, "body_too_large", person.language)
    assert visit.said() == []


def test_ten_thousand_characters_are_still_a_story(counselor: Client) -> None:
    visit = counselor.begin()
    visit.go_to("C1")
    story = ("Hij speelde met zijn autootjes. " * 400)[:10_000]

    visit.say(story)

    assert story in visit.said()
    assert visit.key != "C1"


@pytest.mark.parametrize("name", ODD)
def test_odd_text_is_an_answer_like_any_other(counselor: Client, name: str) -> None:
    visit = counselor.begin()
    question = visit.go_to("C1")["key"]

    visit.say(ODD[name])

    kept = {a["key"]: a["text"] for a in visit.whole()["answers"]}
    assert kept[question].strip() == ODD[name].strip()
    assert visit.reply["state"] == "open"
    assert visit.key != question
    assert [s["id"] for s in visit.whole()["signals"] if s["severity"] != "protective"] == []


@pytest.mark.parametrize("name", ["emoji", "script", "sql", "restart", "intent", "right to left"])
def test_odd_text_where_a_choice_is_asked_is_kept_and_the_choices_come_again(person: Client, name: str) -> None:
    visit = person.begin()
    visit.say(f"{visit.key}=no")
    asked = visit.key

    visit.say(ODD[name])

    assert visit.key == asked
    assert visit.question["buttons"]
    assert visit.said()[-1] == ODD[name]


def test_markup_reaches_the_page_as_text(counselor: Client) -> None:
    visit = counselor.begin()
    visit.go_to("C1")
    visit.say(ODD["script"])

    page = counselor.http.get(f"/debriefs/{visit.id}", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_button_of_another_question(person: Client) -> None:
    visit = person.begin()
    visit.go_to("B2")
    before = visit.whole()["answers"]

    visit.say("G1=no")

    assert visit.key.startswith("B2")
    assert visit.reply["messages"][0]["kind"] == "notice"
    assert visit.whole()["answers"] == before


@pytest.mark.parametrize("value", ["A1=rm-rf", "A1=", "confirm=s1:yes", "danger=continue", "upgrade/child_fearful=yes"])
def test_a_button_that_nobody_offered(counselor: Client, value: str) -> None:
    visit = counselor.begin()

    visit.say(value)

    assert visit.key == "A1"
    assert visit.whole()["answers"] == []


def test_somebody_elses_debrief(counselor: Client, counselor2: Client) -> None:
    visit = counselor.begin()

    for got in (
        counselor2.http.post(visit.path, json={"text": "hallo"}),
        counselor2.http.get(f"/api/debriefs/{visit.id}"),
        counselor2.http.get(f"/api/debriefs/{visit.id}/conversation"),
        counselor2.http.get(f"/api/cases/{visit.case}"),
        counselor2.http.post("/api/debriefs", json={"case_id": visit.case}),
    ):
        check_problem(got, 403, "not_yours", "en")
    assert visit.said() == []


def test_a_supervisor_may_read_a_debrief_but_not_answer_in_it(counselor: Client, supervisor: Client) -> None:
    visit = counselor.begin()

    assert supervisor.http.get(f"/api/debriefs/{visit.id}").status_code == 200
    got = supervisor.http.post(visit.path, json={"text": "nee"})

    check_problem(got, 403, "not_yours", "nl")
    assert visit.said() == []


def test_a_debrief_and_a_family_that_do_not_exist(person: Client) -> None:
    check_problem(
        person.http.post("/api/debriefs/nope/messages", json={"text": "x"}), 404, "no_such_debrief", person.language
    )
    check_problem(person.http.post("/api/debriefs", json={"case_id": 999_999}), 404, "no_such_case", person.language)
    check_problem(person.http.get(f"/api/cases/{2**70}"), 404, "no_such_case", person.language)
    check_problem(person.http.get("/api/escalations/999999"), 404, "no_such_escalation", person.language)


@pytest.mark.parametrize("person", ["en"], indirect=True)
def test_a_message_that_is_no_message(person: Client) -> None:
    visit = person.begin()
    headers = {"Content-Type": "application/json"}

    check_problem(person.http.post(visit.path, content=b"{not json", headers=headers), 400, "wrong_body", "en")
    bodies: list[object] = [{}, {"text": 5}, {"text": None}, [], {"text": "x", "client_id": "i" * 65}]
    for body in bodies:
        check_problem(person.http.post(visit.path, json=body), 422, "wrong_field", "en")
    surrogate = person.http.post(visit.path, content=b'{"text": "\\ud800"}', headers=headers)
    check_problem(surrogate, 422, "empty", "en")
    assert visit.said() == []


def test_unknown_pages_and_methods(person: Client) -> None:
    check_problem(person.http.get("/api/nothing-here"), 404, "no_such_page", person.language)
    check_problem(person.http.put("/api/session", json={}), 405, "not_allowed_method", person.language)


def test_every_problem_has_a_title_in_both_languages() -> None:
    for status in (400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 500, 503):
        assert say(f"problem_{status}", "nl") != say(f"problem_{status}", "en")
