"""Which question is next: blocks, loops, skip logic, what comes in between."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pluis.protocol.facts import Facts, Subject
from pluis.protocol.order import Step, in_order, next_step, progress, subjects_for
from pluis.protocol.read import Protocol
from tests.support.facts import FATHER, MOTHER, TODAY, child, children, facts, finding
from tests.support.quiet import TAPS


def step(protocol: Protocol, known: Facts) -> Step:
    return next_step(protocol.blocks, known)


def at(protocol: Protocol, known: Facts) -> tuple[int, int]:
    return progress(known, list(in_order(protocol.blocks, known)))


def taken(known: Facts, following: Step, value: Any) -> dict[str, Any]:
    """The answers after this step was answered with this value, for all people where it is asked of all."""
    assert following.key is not None
    answers = {**known.answers, following.key: value}
    if following.asked is not None:
        answers |= {f"{following.asked.question.id}/{s.id}": value for s in following.asked.all}
    return answers


def walk(protocol: Protocol, known: Facts, given: dict[str, Any] | None = None) -> list[str]:
    """The keys that are asked, when everything not in `given` is answered as on a quiet visit."""
    keys: list[str] = []
    while (following := step(protocol, known)).key is not None:
        question = following.key.partition("/")[0]
        value = (given or {}).get(following.key, (given or {}).get(question, TAPS.get(question, "told")))
        known = facts(subjects=known.subjects, mode=known.mode, answers=taken(known, following, value))
        keys.append(following.key)
        assert len(keys) < 150
    return keys


def questions(keys: list[str]) -> list[str]:
    """The questions of these keys, each once, in order."""
    return list(dict.fromkeys(key.partition("/")[0] for key in keys))


def test_danger_is_asked_before_anything_else(protocol: Protocol) -> None:
    assert step(protocol, facts()).key == "A1"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_child_is_asked_about(protocol: Protocol, count: int) -> None:
    keys = walk(protocol, facts(subjects=(MOTHER, FATHER, *children(count))))

    assert len(keys) == len(set(keys))
    # Three children or more are asked about together; whoever is not named in the answer is asked about alone after it.
    one_by_one = [f"C1/p{10 + number}" for number in range(1, count + 1)]
    asked = [key for key in keys if key.startswith("C1/")]
    assert asked == (one_by_one if count < 3 else ["C1/all"])
    assert ("B1/all" in keys) == (count > 1)
    assert questions(keys) == [
        "A1", "B1", "B2", "B3", "C1", "C2", "C3", "D1", "D2", "D3", "E1", "E2", "F1", "F3", "F4", "F5", "G1", "G2", "G3",
        "H1", "H2",
    ]  # fmt: skip


def test_a_baby_is_not_asked_about_as_if_it_could_talk(protocol: Protocol) -> None:
    keys = walk(protocol, facts(subjects=(MOTHER, child(1, 8), child(2, 96))))

    assert "B2b/p11" in keys
    assert "B2/p12" in keys
    assert "B2/p11" not in keys
    assert "B2/all" not in keys


def test_a_child_of_unknown_age_is_asked_about_as_a_big_one(protocol: Protocol) -> None:
    keys = walk(protocol, facts(subjects=(MOTHER, child(1, None))))

    assert "B2/p11" in keys
    assert "B2b/p11" not in keys


def test_answers_by_name_leave_only_the_others_to_ask(protocol: Protocol) -> None:
    known = facts(
        subjects=(MOTHER, *children(3)),
        answers={"A1": "no", "B1/all": "each", "B1/p11": "seen", "B1/p13": "not_seen"},
    )

    assert step(protocol, known).key == "B1/p12"


def test_a_child_that_was_not_seen(protocol: Protocol) -> None:
    keys = walk(protocol, facts(subjects=(MOTHER, *children(2))), {"B1": "not_seen"})

    asked = questions(keys)
    assert "B1a" in asked
    assert "H1a" in asked
    assert "C3" in asked
    assert not {"B2", "B2a", "C1", "C2"} & set(asked)


def test_a_visit_at_which_nobody_was_seen_skips_home_and_parents(protocol: Protocol) -> None:
    asked = questions(walk(protocol, facts(), {"B1": "not_seen", "B3": "not_spoken", "F1": "not_home"}))

    assert not {"C1", "C2", "D1", "D2", "D3", "E1", "E2"} & set(asked)
    assert {"B1a", "B4", "F1", "G1", "H1", "H1a", "H2"} <= set(asked)


def test_a_parent_nobody_spoke_to_is_asked_about_and_a_friend_is_not(protocol: Protocol) -> None:
    friend = Subject("p3", "adult", "Dex", "vriend")
    keys = walk(protocol, facts(subjects=(MOTHER, FATHER, friend, child())), {"B3": "not_spoken", "B4": "never"})

    assert {"B4/p1", "B4/p2", "B4a/p1", "B4a/p2"} <= set(keys)
    assert "B4/p3" not in keys


def test_one_parent_families_are_not_asked_about_the_other_parent(protocol: Protocol) -> None:
    known = facts(answers={"A1": "no", "B1/p11": "seen", "B2/p11": "alone", "B3/all": "each", "B3/p1": "spoken",
                           "B3/p2": "not_spoken", "B3/stranger": "no"}, one_parent=True)  # fmt: skip

    assert "B4/p2" not in [asked.key for asked in in_order(protocol.blocks, known)]


@pytest.mark.parametrize(
    ("answer", "follows"), [("no", "B1/p11"), ("yes", "A1a"), ("unknown", "A1a"), ("cannot_talk", "A2")]
)
def test_what_follows_the_first_question(protocol: Protocol, answer: str, follows: str) -> None:
    assert step(protocol, facts(answers={"A1": answer})).key == follows


def test_after_danger_it_holds_until_a_person_answers_or_the_counselor_goes_on(protocol: Protocol) -> None:
    answers = {"A1": "yes", "A1a": "told"}

    assert step(protocol, facts(answers=answers)).key == "danger"
    assert step(protocol, facts(answers=answers, acknowledged=True)).key == "A2"
    assert step(protocol, facts(answers={**answers, "danger": "continue"})).key == "A2"
    assert step(protocol, facts(answers={"A1": "yes", "A1a": "skipped"})).key == "A2"


def test_an_acute_finding_is_asked_about_before_everything(protocol: Protocol) -> None:
    acute = finding("caregiver_suicidal", "acute", "open", key="C1/p11", id=7)
    known = facts(
        answers={"A1": "yes", "A1a": "told"}, findings=(acute, finding("child_fearful", "serious", "open", id=8))
    )

    assert step(protocol, known) == Step("confirm", findings=(7,))


def test_other_findings_wait_until_their_block_is_done(protocol: Protocol) -> None:
    found = (finding("child_behaviour_change", "concern", "open", key="C1/p11", id=9),)
    answers = {"A1": "no", "B1/p11": "seen", "B2/p11": "alone", "B3/all": "spoken", "B3/p1": "spoken", "B3/p2": "spoken",
               "B3/stranger": "no", "C1/p11": "told"}  # fmt: skip

    assert step(protocol, facts(answers=answers, findings=found)).key == "C2/p11"
    later = {**answers, "C2/p11": "yes", "C3/p11": "nothing"}
    assert step(protocol, facts(answers=later, findings=found)) == Step("confirm", findings=(9,))


def test_protective_factors_are_not_asked_about(protocol: Protocol) -> None:
    found = (finding("active_network", "protective", "open", protective=True, key="A1"),)

    assert step(protocol, facts(answers={"A1": "no"}, findings=found)).key == "B1/p11"


@pytest.mark.parametrize(
    ("confirmation", "level", "mode", "asked"),
    [("yes", "L2", "visit", True), ("unsure", "L2", "visit", True), ("no", "L2", "visit", False),
     ("left", "L2", "visit", False), ("yes", "L3", "visit", False), ("yes", "L2", "short", False)],
)  # fmt: skip
def test_the_question_that_may_make_a_signal_acute(
    protocol: Protocol, confirmation: str, level: str, mode: str, asked: bool
) -> None:
    known = facts(
        findings=(finding("child_fearful", "serious", confirmation),),
        upgrades=protocol.upgrades,
        level=level,
        mode=mode,
    )

    assert (step(protocol, known).key == "upgrade/child_fearful") == asked
    answered = facts(
        findings=known.findings, upgrades=protocol.upgrades, level=level, answers={"upgrade/child_fearful": "no"}
    )
    assert step(protocol, answered).key == "A1"


def test_a_follow_up_comes_for_the_child_with_the_finding_only(protocol: Protocol) -> None:
    known = facts(
        subjects=(MOTHER, *children(2)),
        answers={"B1/p11": "seen", "B1/p12": "seen"},
        findings=(finding("child_unexplained_injury", "serious", "open", subject="p12"),),
    )
    keys = [asked.key for asked in in_order(protocol.blocks, known)]

    assert "C1a/p12" in keys
    assert "C1a/p11" not in keys


def test_the_short_form_is_six_questions(protocol: Protocol) -> None:
    for count in (1, 2, 5):
        keys = walk(protocol, facts(subjects=(MOTHER, *children(count)), mode="short"))
        assert questions(keys) == ["A1", "B1", "S1", "G1", "G3", "H1"]
        assert len(keys) == 6


def test_agreements_come_back(protocol: Protocol) -> None:
    agreed = (Subject("a1", "agreement", "Oma past op", safety=True), Subject("a2", "agreement", "Huisarts"))

    keys = walk(protocol, facts(subjects=(MOTHER, child(), *agreed)), {"F2": "broken"})

    assert "F2/all" in keys
    assert "F2a/a1" in keys
    assert "F2a/a2" not in keys


def test_the_people_of_a_loop_follow_from_the_marks_of_answers(protocol: Protocol) -> None:
    known = facts(subjects=(MOTHER, *children(3)), answers={"B1/p11": "seen", "B1/p12": "asleep", "B1/p13": "skipped"})

    assert [s.id for s in subjects_for(protocol.blocks, known, "child_seen")] == ["p11"]
    assert [s.id for s in subjects_for(protocol.blocks, known, "child_unseen")] == ["p12"]
    assert len(subjects_for(protocol.blocks, known, "child")) == 3


def test_one_answer_about_five_children_is_one_step(protocol: Protocol) -> None:
    five = children(5)
    known = facts(subjects=(MOTHER, *five), answers={"A1": "no"})
    before = at(protocol, known)
    said = {"B1/all": "seen", **{f"B1/{child.id}": "seen" for child in five}}
    after = at(protocol, facts(subjects=known.subjects, answers={**known.answers, **said}))

    assert after[0] == before[0] + 1


def test_progress_never_exceeds_what_is_expected(protocol: Protocol) -> None:
    assert at(protocol, facts())[0] == 0
    answered, expected = at(protocol, facts(answers={"A1": "no", "gone": "x"}))
    assert answered == 1
    assert expected > 10


values = st.sampled_from(
    ["yes", "no", "seen", "not_seen", "told", "skipped", "spoken", "not_spoken", "unknown", "partly"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(values, min_size=90, max_size=90), st.integers(1, 5), st.booleans())
def test_whatever_is_answered_every_question_comes_once_and_it_ends(
    protocol: Protocol, answers: list[str], count: int, short: bool
) -> None:
    subjects = (MOTHER, FATHER, *children(count), Subject("a1", "agreement", "Oma past op", safety=True))
    known = Facts(TODAY, subjects, mode="short" if short else "visit")
    asked: list[str] = []
    for value in answers * 3:
        following = step(protocol, known)
        if following.key is None:
            break
        asked.append(following.key)
        known = Facts(TODAY, subjects, taken(known, following, value), mode=known.mode)
    assert step(protocol, known).key is None
    assert len(asked) == len(set(asked))
