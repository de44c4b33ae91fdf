"""Conditions one by one: when they hold, and what they name as the reason."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pluis.protocol.because import Because, Condition
from pluis.protocol.conditions import LEADING, AnyCondition
from pluis.protocol.facts import Facts, Subject, months_before, rank
from tests.support.facts import FATHER, MOTHER, TODAY, child, earlier, facts, finding

CONDITION: TypeAdapter[Condition] = TypeAdapter(AnyCondition)


def holds(words: dict[str, Any], known: Facts, subject: Subject | None = None) -> bool:
    """Whether a condition, as it stands in a content file, holds."""
    return CONDITION.validate_python(words).holds(known, subject)


def because(words: dict[str, Any], known: Facts) -> Because | None:
    """What a condition names as its reason."""
    return CONDITION.validate_python(words).because(known)


CONCERN = finding("seeming_cooperation")
SERIOUS = finding("child_fearful", "serious", subject="p11")
ACUTE = finding("caregiver_suicidal", "acute", "open")
YES = facts(answers={"A1": "yes", "E2": ["move", "work"], "B1/p11": "seen", "B3/stranger": "yes"})

TABLE: list[tuple[dict[str, Any], Facts, bool]] = [
    ({"answer": "A1", "is": "yes"}, YES, True),
    ({"answer": "A1", "is": ["no", "yes"]}, YES, True),
    ({"answer": "A1", "is": ["no"]}, YES, False),
    ({"answer": "E2", "is": ["work"]}, YES, True),
    ({"answer": "E2", "is": ["loss"]}, YES, False),
    ({"answer": "B1", "is": ["seen"]}, YES, True),
    ({"answer": "B3", "is": ["yes"], "of": "stranger"}, YES, True),
    ({"answer": "B3", "is": ["yes"], "of": "p1"}, YES, False),
    ({"answer": "G1", "is": ["no"]}, YES, False),
    ({"signal": ["child_fearful"]}, facts(findings=(SERIOUS,)), True),
    ({"signal": ["child_fearful", "seeming_cooperation"], "at_least": 2}, facts(findings=(SERIOUS,)), False),
    ({"signal": ["child_fearful", "seeming_cooperation"], "at_least": 2}, facts(findings=(SERIOUS, CONCERN)), True),
    ({"signal": ["child_fearful"]}, facts(findings=(finding("child_fearful", "serious", "open"),)), False),
    ({"signal": ["child_fearful"], "open": True}, facts(findings=(finding("child_fearful", "serious", "open"),)), True),
    ({"signal": ["child_fearful"], "open": True}, facts(findings=(finding("child_fearful", "serious", "no"),)), False),
    ({"signal": ["caregiver_suicidal"]}, facts(findings=(ACUTE,)), True),
    ({"severity": "acute"}, facts(findings=(ACUTE,)), True),
    ({"severity": "acute"}, facts(findings=(finding("caregiver_suicidal", "acute", "no"),)), False),
    ({"severity": "acute"}, facts(findings=(finding("caregiver_suicidal", "acute", "left"),)), True),
    ({"severity": "acute"}, facts(findings=(finding("caregiver_suicidal", "acute", "open", status="historical"),)), False),
    ({"severity": "acute"}, facts(findings=(finding("caregiver_suicidal", "acute", "open", status="uncertain"),)), True),
    ({"severity": "serious"}, facts(findings=(finding("child_fearful", "serious", "unsure"),)), True),
    ({"severity": "serious"}, facts(findings=(finding("child_fearful", "serious", "left"),)), False),
    ({"severity": "concern", "at_least": 2, "domains": 2}, facts(findings=(CONCERN, finding("neglected_home"))), True),
    ({"severity": "concern", "at_least": 2, "domains": 2}, facts(findings=(CONCERN, finding("contact_dropping_off"))), False),
    ({"severity": "concern", "domain": "contact_process"}, facts(findings=(CONCERN,)), True),
    ({"severity": "concern", "domain": "worker"}, facts(findings=(CONCERN,)), False),
    ({"facet": "control"}, facts(findings=(finding("domestic_violence", "serious", facets=("control",)),)), True),
    ({"facet": "control", "signal": ["child_fearful"]},
     facts(findings=(finding("domestic_violence", "serious", facets=("control",)),)), False),
    ({"repeated": "serious"}, facts(findings=(SERIOUS,), earlier=(earlier("child_fearful"),)), True),
    ({"repeated": "serious"}, facts(findings=(SERIOUS,), earlier=(earlier("neglected_home"),)), False),
    ({"repeated": "serious", "debriefs": 2},
     facts(findings=(SERIOUS,), earlier=(earlier("child_fearful"), earlier("child_fearful"))), False),
    ({"repeated": "serious", "debriefs": 2},
     facts(findings=(SERIOUS,), earlier=(earlier("child_fearful"), earlier("child_fearful", debrief="d2"))), True),
    ({"recently": ["serious"], "months": 3}, facts(earlier=(earlier("x", "serious", 80),)), True),
    ({"recently": ["serious"], "months": 3}, facts(earlier=(earlier("x", "serious", 100),)), False),
    ({"recently": ["serious"], "months": 3}, facts(earlier=(earlier("x", "concern", 10),)), False),
    ({"recently": ["serious"], "months": 3}, facts(findings=(SERIOUS,)), True),
    ({"child": {"under_months": 12}}, facts(subjects=(child(1, 11),)), True),
    ({"child": {"under_months": 12}}, facts(subjects=(child(1, 12),)), False),
    ({"child": {"under_months": 12}}, facts(subjects=(child(1, None),)), False),
    ({"child": {"at_least_months": 24}}, facts(subjects=(child(1, 24),)), True),
    ({"child": {"speaks": False}}, facts(subjects=(child(1, 40, speaks=False),)), True),
    ({"child": {"unseen_before": True}, "answer": "B1", "is": ["not_seen"]},
     facts(subjects=(child(1, unseen_before=True), child(2)), answers={"B1/p11": "not_seen"}), True),
    ({"child": {"unseen_before": True}, "answer": "B1", "is": ["not_seen"]},
     facts(subjects=(child(1, unseen_before=True), child(2)), answers={"B1/p12": "not_seen"}), False),
    ({"child": {"days_unseen": 21}, "answer": "B1", "is": ["not_seen"]},
     facts(subjects=(child(1, days_unseen=20),), answers={"B1/p11": "not_seen"}), False),
    ({"child": {"days_unseen": 21}, "answer": "B1", "is": ["not_seen"]},
     facts(subjects=(child(1, days_unseen=None),), answers={"B1/p11": "not_seen"}), True),
    ({"signal_about": ["child_fearful"], "child": {"under_months": 12}},
     facts(subjects=(child(1, 6), child(2, 90)), findings=(SERIOUS,)), True),
    ({"signal_about": ["child_fearful"], "child": {"under_months": 12}},
     facts(subjects=(child(1, 90), child(2, 6)), findings=(SERIOUS,)), False),
    ({"signal_about": ["child_fearful"], "child": {"under_months": 12}},
     facts(subjects=(child(1, 6),), findings=(finding("child_fearful", "serious"),)), True),
    ({"unanswered": ["A1"]}, facts(closing=True), True),
    ({"unanswered": ["A1"]}, facts(closing=False), False),
    ({"unanswered": ["A1"]}, facts(closing=True, answers={"A1": "skipped"}), True),
    ({"unanswered": ["A1", "B1"]}, facts(closing=True, answers={"A1": "no", "B1/p11": "seen"}), False),
    ({"level_at_least": "L1"}, facts(level="L2"), True),
    ({"level_at_least": "L2+"}, facts(level="L2"), False),
    ({"level_at_least": "L1"}, facts(level=None), False),
    ({"level_at_least": "L1", "last": True}, facts(level="L0", last_level="L1"), True),
    ({"family": "one_parent"}, facts(one_parent=True), True),
    ({"family": "several_children"}, facts(), False),
    ({"family": "several_children"}, facts(subjects=(child(1), child(2))), True),
    ({"family": "earlier_signals"}, facts(earlier=(earlier("x", days=100),)), True),
    ({"family": "earlier_signals"}, facts(earlier=(earlier("x", days=200),)), False),
    ({"all": [{"family": "one_parent"}, {"level_at_least": "L1"}]}, facts(one_parent=True, level="L1"), True),
    ({"all": [{"family": "one_parent"}, {"level_at_least": "L1"}]}, facts(one_parent=True), False),
    ({"any": [{"family": "one_parent"}, {"level_at_least": "L1"}]}, facts(level="L1"), True),
    ({"any": [{"family": "one_parent"}, {"level_at_least": "L1"}]}, facts(), False),
    ({"not": {"family": "one_parent"}}, facts(), True),
    ({"not": {"family": "one_parent"}}, facts(one_parent=True), False),
    ({"some": [{"family": "one_parent"}, {"level_at_least": "L1"}, {"severity": "acute"}], "at_least": 2},
     facts(one_parent=True, level="L1"), True),
    ({"some": [{"family": "one_parent"}, {"level_at_least": "L1"}, {"severity": "acute"}], "at_least": 2},
     facts(level="L1"), False),
]  # fmt: skip


@pytest.mark.parametrize(("words", "known", "expected"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_a_condition(words: dict[str, Any], known: Facts, expected: bool) -> None:
    assert holds(words, known) is expected


def test_every_kind_of_condition_is_in_the_table() -> None:
    assert {next(word for word in LEADING if word in row[0]) for row in TABLE} | {"subject"} == set(LEADING)


def test_inside_a_loop_an_answer_is_that_of_the_same_person() -> None:
    known = facts(subjects=(MOTHER, FATHER, child(1), child(2)), answers={"C2/p11": "no", "C2/p12": "yes"})
    words = {"answer": "C2", "is": ["no"]}

    assert holds(words, known, child(1))
    assert not holds(words, known, child(2))
    assert holds({**words, "about": "any"}, known, child(2))


def test_inside_a_loop_a_signal_may_be_about_the_same_person() -> None:
    known = facts(findings=(SERIOUS,))
    words = {"signal": ["child_fearful"], "about": "subject"}

    assert holds(words, known, child(1))
    assert not holds(words, known, child(2))
    assert holds(words, facts(findings=(finding("child_fearful", "serious"),)), child(2))


def test_the_subject_of_a_loop() -> None:
    assert holds({"subject": {"parent": True}}, facts(), MOTHER)
    assert not holds({"subject": {"parent": True}}, facts(), child())
    assert not holds({"subject": {"parent": True}}, facts())
    assert holds({"subject": {"safety": True}}, facts(), Subject("a1", "agreement", "x", safety=True))
    assert holds({"subject": {"days_unspoken": 42}}, facts(), Subject("p2", "adult", "Joris", days_unspoken=50))
    assert not holds({"subject": {"days_unspoken": 42}}, facts(), Subject("p2", "adult", "Joris", days_unspoken=5))


def test_the_reason_names_findings_and_answers() -> None:
    words = {"all": [{"severity": "serious"}, {"any": [{"answer": "G1", "is": ["no"]}, {"family": "one_parent"}]}]}

    reason = because(words, facts(findings=(SERIOUS, CONCERN), answers={"G1": "no"}))

    assert reason == Because(frozenset([SERIOUS.id]), frozenset(["G1"]))


@pytest.mark.parametrize(
    "words",
    [{}, {"sinal": ["x"]}, {"any": []}, {"answer": "A1"}, {"signal": []}, {"answer": "A1", "is": ["x"], "maybe": 1}],
)
def test_a_condition_that_is_none_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CONDITION.validate_python(words)


def test_the_order_of_levels() -> None:
    assert [rank(level) for level in ("L0", "L1", "L2", "L2+", "L3")] == [0, 1, 2, 3, 4]
    assert rank(None) == rank("nonsense") == -1


def test_months_are_of_thirty_days_and_a_bit() -> None:
    assert (TODAY - months_before(TODAY, 3)).days == 91
