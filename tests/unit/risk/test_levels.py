"""Every rule of data/protocol/levels.yml reaches its level, and no rule fires for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pluis.protocol.facts import Facts, rank
from pluis.protocol.read import Protocol
from pluis.risk.rules import Assessment, assess
from tests.support.facts import MOTHER, child, earlier, facts, finding

Signals = tuple[Any, ...]
SEPARATION = (
    finding("escalating_separation_conflict"),
    finding("one_parent_out_of_view"),
    finding("contact_dropping_off"),
)
DOOR = (finding("child_not_seen_alone"), finding("contact_dropping_off"), finding("seeming_cooperation"))
VIOLENCE = finding("domestic_violence", "serious", facets=("control", "physical", "separation"))
BABY = (MOTHER, child(1, 7, speaks=False))
FOUR = ("neglected_home", "child_behaviour_change", "family_stress_and_isolation", "caregiver_substance_problem")

# What is known → the rule that must fire, and the level that follows.
TABLE: list[tuple[str, str, Facts]] = [
    ("R1", "L3", facts(findings=(finding("caregiver_suicidal", "acute"),))),
    ("R1", "L3", facts(findings=(finding("caregiver_suicidal", "acute", "unsure"),))),
    ("R1", "L3", facts(findings=(finding("caregiver_suicidal", "acute", "open"),))),
    ("R2", "L3", facts(answers={"A1": "yes"})),
    ("R2", "L3", facts(answers={"A1": "unknown"})),
    ("R2", "L3", facts(answers={"G1": "no"}, findings=(finding("child_fearful", "serious"),))),
    ("R3a", "L2+", facts(findings=(finding("child_fearful", "serious"), finding("hazardous_home", "serious")))),
    ("R3a", "L2+", facts(subjects=BABY, findings=(finding("child_fearful", "serious"),))),
    ("R3a", "L2+", facts(subjects=(child(1, 60, speaks=False),), findings=(finding("child_fearful", "serious"),))),
    ("R3a", "L2+", facts(findings=(finding("child_fearful", "serious"),), earlier=(earlier("child_fearful", "serious"),))),
    ("R3b", "L2", facts(findings=(finding("child_fearful", "serious"),))),
    ("R4", "L2", facts(findings=tuple(finding(signal) for signal in FOUR))),
    ("R4", "L2", facts(findings=(finding("neglected_home"), finding("child_behaviour_change"), finding("seeming_cooperation")))),
    ("R5", "L2", facts(subjects=(child(1, unseen_before=True),), answers={"B1/p11": "not_seen"})),
    ("R5", "L2", facts(subjects=(child(1, unseen_before=True),), answers={"B1/p11": "asleep"})),
    ("R5", "L2", facts(answers={"A1": "skipped"}, closing=True)),
    ("R5", "L2", facts(answers={"A1": "cannot_talk"})),
    ("R5", "L2", facts(answers={"A1": "no", "B1/p11": "told"})),
    ("R5", "L2", facts(subjects=(child(1, days_unseen=30),), answers={"B1/p11": "elsewhere", "F1": "cancelled"})),
    ("R7", "L1", facts(findings=(finding("neglected_home"),))),
    ("R7", "L1", facts(answers={"F5": "told"})),
    ("R7", "L1", facts(answers={"G1": "doubt"})),
    ("R7", "L1", facts(answers={"D1a/p1": "not_asked"})),
    ("R8", "L0", facts(answers={"A1": "no", "B1/p11": "seen"}, closing=True)),
    ("K1", "L2", facts(findings=SEPARATION)),
    ("K1", "L2", facts(answers={"E2": ["move", "work", "new_partner"]}, findings=SEPARATION[:1])),
    ("K1_plus", "L2+", facts(findings=SEPARATION, answers={"D1a/p1": "not_asked"})),
    ("K1_plus", "L2+", facts(findings=(*SEPARATION, finding("caregiver_mental_health_worsening", facets=("hopeless",))))),
    ("K1_acute", "L3", facts(findings=(*SEPARATION, finding("caregiver_extended_suicide_hint", "acute")))),
    ("K2", "L2+", facts(findings=(VIOLENCE,))),
    ("K2", "L2+", facts(findings=(finding("domestic_violence", "serious"),),
                        answers={"D3a": ["control", "physical"], "E2": ["separation"]})),
    ("K2_acute", "L3", facts(findings=(VIOLENCE,), answers={"D3a": ["strangled"]})),
    ("K2_acute", "L3", facts(findings=(VIOLENCE, finding("lethal_violence_marker", "acute")))),
    ("K3", "L2+", facts(findings=DOOR)),
    ("K3", "L2+", facts(findings=(DOOR[0], finding("access_refused", "serious"), finding("child_out_of_sight_school")))),
    ("K4", "L2+", facts(subjects=BABY, findings=(finding("new_or_unknown_adult"),))),
    ("K4", "L2+", facts(subjects=BABY, findings=(finding("caregiver_intoxicated_in_charge", "serious"),))),
    ("K4_acute", "L3", facts(subjects=BABY, findings=(finding("child_unexplained_injury", "serious", subject="p11"),))),
    ("K5", "L2", facts(findings=(finding("worker_over_aligned"), finding("worker_gut_feeling")))),
    ("K5", "L2", facts(findings=(finding("worker_over_aligned"), finding("one_parent_out_of_view")))),
    ("K5", "L2", facts(findings=(finding("worker_over_aligned"),), answers={"G1": "doubt"})),
    ("K6", "L2", facts(findings=(finding("help_ending_while_risk_open"),), earlier=(earlier("x", "serious", 60),))),
    ("K6", "L2", facts(findings=(finding("help_ending_while_risk_open"),), earlier=(earlier("x", "acute", 60),))),
]  # fmt: skip

# Just short of a rule: it must not fire.
NOT: list[tuple[str, Facts]] = [
    ("R1", facts(findings=(finding("caregiver_suicidal", "acute", "no"),))),
    ("R1", facts(findings=(finding("caregiver_suicidal", "acute", "open", status="historical"),))),
    ("R2", facts(answers={"A1": "no", "G1": "no"}, findings=(finding("neglected_home"),))),
    ("R3a", facts(findings=(finding("child_fearful", "serious"),))),
    ("R3b", facts(findings=(finding("child_fearful", "serious", "open"),))),
    ("R3b", facts(findings=(finding("child_fearful", "serious", "left"),))),
    ("R4", facts(findings=tuple(finding(signal) for signal in FOUR[:3]))),
    ("R5", facts(subjects=(child(1, unseen_before=True),), answers={"A1": "no", "B1/p11": "seen"}, closing=True)),
    ("R5", facts(subjects=(child(1, days_unseen=10),), answers={"A1": "no", "B1/p11": "elsewhere", "F1": "cancelled"})),
    ("K1", facts(findings=SEPARATION[:2])),
    ("K1_plus", facts(findings=SEPARATION, answers={"D1a/p1": "no"})),
    ("K2", facts(findings=(finding("domestic_violence", "serious", facets=("physical",)),))),
    ("K3", facts(findings=DOOR[:2])),
    ("K4", facts(findings=(finding("new_or_unknown_adult"),))),
    ("K4_acute", facts(subjects=(child(1, 10),), findings=(finding("child_unexplained_injury", "serious"),))),
    ("K5", facts(findings=(finding("worker_gut_feeling"),))),
    ("K6", facts(findings=(finding("help_ending_while_risk_open"),), earlier=(earlier("x", "serious", 100),))),
    ("K6", facts(findings=(finding("help_ending_while_risk_open"),), earlier=(earlier("x", "concern", 10),))),
]  # fmt: skip


def judged(protocol: Protocol, known: Facts) -> Assessment:
    """The proposal, with the protective factors of the taxonomy."""
    return assess(known, protocol.rules, {f.id: list(f.answers) for f in protocol.taxonomy.protective_factors})


@pytest.mark.parametrize(("rule", "level", "known"), TABLE, ids=[f"{row[0]}-{n}" for n, row in enumerate(TABLE)])
def test_a_rule_reaches_its_level(protocol: Protocol, rule: str, level: str, known: Facts) -> None:
    assessment = judged(protocol, known)

    fired = {one.rule.id: one.rule.level for one in assessment.fired}
    assert fired[rule] == level
    assert assessment.level == max(fired.values(), key=rank)
    assert rank(assessment.level) >= rank(level)


@pytest.mark.parametrize(("rule", "known"), NOT, ids=[f"{row[0]}-{n}" for n, row in enumerate(NOT)])
def test_a_rule_does_not_fire_for_less(protocol: Protocol, rule: str, known: Facts) -> None:
    assert rule not in {one.rule.id for one in judged(protocol, known).fired}


def test_every_rule_of_the_file_is_in_the_table(protocol: Protocol) -> None:
    assert {row[0] for row in TABLE} == {rule.id for rule in protocol.rules.rules}


def test_every_rule_has_a_source_and_a_reason_in_both_languages(protocol: Protocol) -> None:
    for rule in protocol.rules.rules:
        assert rule.source
        assert rule.reason.nl != rule.reason.en


@pytest.mark.parametrize(
    ("known", "safety"),
    [
        (facts(), "none_named"),
        (facts(findings=(finding("neglected_home"),)), "none_named"),
        (facts(findings=(finding("child_fearful", "serious"),)), "safe_with_plan"),
        (facts(answers={"A1": "cannot_talk"}), "safe_with_plan"),
        (facts(findings=(finding("caregiver_suicidal", "acute", "open"),)), "unsafe"),
        (facts(findings=(finding("caregiver_suicidal", "acute", "unsure"),)), "unsafe"),
        (facts(answers={"A1": "unknown"}), "unsafe"),
    ],
)
def test_safety_now_is_judged_apart_from_the_level(protocol: Protocol, known: Facts, safety: str) -> None:
    assert judged(protocol, known).safety.id == safety


def protective(signal: str, seen: bool = True, confirmation: str = "open") -> Any:
    """A protective factor."""
    return finding(signal, "protective", confirmation, protective=True, seen=seen)


R4_ONLY = (finding("neglected_home"), finding("child_behaviour_change"), finding("family_stress_and_isolation"),
           finding("child_basic_needs_unmet"))  # fmt: skip


@pytest.mark.parametrize(
    ("helping", "lower"),
    [
        ((protective("active_network"), protective("basic_care_in_order")), "L1"),
        ((protective("active_network"),), None),
        ((protective("active_network"), protective("basic_care_in_order", seen=False)), None),
        ((protective("active_network"), protective("basic_care_in_order", confirmation="no")), None),
        ((protective("active_network"), protective("treatment_stable")), None),
    ],
)
def test_two_protective_factors_that_were_seen_may_lower_r4(
    protocol: Protocol, helping: tuple[Any, ...], lower: str | None
) -> None:
    assessment = judged(protocol, facts(findings=(*R4_ONLY, *helping)))

    assert assessment.level == "L2"
    assert assessment.may_lower_to == lower


@pytest.mark.parametrize(
    "also",
    [finding("child_fearful", "serious"), finding("caregiver_suicidal", "acute")],
    ids=["serious", "acute"],
)
def test_protective_factors_never_answer_anything_graver(protocol: Protocol, also: Any) -> None:
    helping = (protective("active_network"), protective("basic_care_in_order"), protective("child_has_safe_adult"))

    assert judged(protocol, facts(findings=(*R4_ONLY, *helping, also))).may_lower_to is None


SIGNALS = [("caregiver_suicidal", "acute"), ("child_fearful", "serious"), ("hazardous_home", "serious"),
           ("neglected_home", "concern"), ("seeming_cooperation", "concern"), ("one_parent_out_of_view", "concern"),
           ("contact_dropping_off", "concern"), ("escalating_separation_conflict", "concern")]  # fmt: skip
found_signals = st.lists(
    st.tuples(st.sampled_from(SIGNALS), st.sampled_from(["open", "yes", "unsure", "no", "left"])), max_size=6
)


@settings(max_examples=150, deadline=None)
@given(found_signals, st.tuples(st.sampled_from(SIGNALS), st.sampled_from(["yes", "unsure"])))
def test_one_more_confirmed_signal_never_lowers_the_level(protocol: Protocol, given: list[Any], more: Any) -> None:
    def findings(pairs: list[Any]) -> tuple[Any, ...]:
        return tuple(finding(s, severity, said, id=n) for n, ((s, severity), said) in enumerate(pairs))

    before = judged(protocol, facts(findings=findings(given)))
    after = judged(protocol, facts(findings=findings([*given, more])))

    assert rank(after.level) >= rank(before.level)


@settings(max_examples=60, deadline=None)
@given(found_signals)
def test_a_level_always_has_its_reasons(protocol: Protocol, given: list[Any]) -> None:
    known = facts(findings=tuple(finding(s, severity, said, id=n) for n, ((s, severity), said) in enumerate(given)))
    assessment = judged(protocol, known)

    assert assessment.fired
    ids = {f.id for f in known.counted}
    for one in assessment.fired:
        assert one.because.findings <= ids
    if assessment.level != "L0":
        assert all(one.rule.level != "L0" or len(assessment.fired) == 1 for one in assessment.fired)
