"""What the taxonomy gives as examples is found; what looks like a signal and is none is not. The list only grows."""

from typing import Any

import pytest

from pluis.signals.finder import Finder
from tests.unit.signals.cases import cases, told

EXAMPLES = cases("examples.yml")


@pytest.mark.parametrize("case", EXAMPLES, ids=told)
def test_an_example_is_told_as_it_is(case: dict[str, Any], finder: Finder) -> None:
    if "limit" in case:
        pytest.xfail(case["limit"])
    present = {f.signal for f in finder.find(case["text"], case["lang"]) if f.status == "present"}
    assert present >= set(case.get("present", ()))
    assert not present & set(case.get("absent", ()))


def test_every_signal_and_protective_factor_has_an_example_in_both_languages(finder: Finder) -> None:
    shown = {(name, case["lang"]) for case in EXAMPLES for name in case.get("present", ())}
    known = [*finder.taxonomy.signals, *finder.taxonomy.protective_factors]
    assert shown >= {(entry.id, lang) for entry in known for lang in ("nl", "en")}


@pytest.mark.parametrize(
    ("signal", "facet", "lang", "text"),
    [
        ("domestic_violence", "control", "nl", "Hij controleert haar telefoon."),
        ("domestic_violence", "control", "en", "He checks her phone."),
        ("domestic_violence", "physical", "nl", "Vader heeft moeder geslagen."),
        ("domestic_violence", "physical", "en", "Dad hit mum on Friday."),
        ("domestic_violence", "sexual", "en", "He forced her to have sex."),
        ("escalating_separation_conflict", "separation", "nl", "Ruzie over de omgang, advocaat ingeschakeld."),
        ("sudden_destabilising_change", "separation", "nl", "Ze zijn net uit elkaar."),
        ("sudden_destabilising_change", "separation", "en", "They split up last week."),
        ("caregiver_mental_health_worsening", "hopeless", "nl", "Moeder ziet geen uitweg."),
        ("caregiver_mental_health_worsening", "hopeless", "en", "Mum says there is no hope."),
    ],
)
def test_a_finding_names_the_sides_that_rules_ask_about(
    signal: str, facet: str, lang: Any, text: str, finder: Finder
) -> None:
    assert any(f.signal == signal and facet in f.facets for f in finder.find(text, lang))


@pytest.mark.parametrize(
    ("lang", "typed", "signal"),
    [
        ("nl", "vdr heeft zelfmoordt gepleegd gezegd ze denkt aan zelfmord", "caregiver_suicidal"),
        ("nl", "MDR HOORT STEMMEN", "caregiver_psychotic_or_confused"),
        ("nl", "moeder is suïcidaal", "caregiver_suicidal"),
        ("en", "mum is suicdal", "caregiver_suicidal"),
        ("en", "bruses and a black eye", "child_unexplained_injury"),
    ],
)
def test_capitals_accents_abbreviations_and_a_typing_error_do_not_matter(
    lang: Any, typed: str, signal: str, finder: Finder
) -> None:
    assert signal in {f.signal for f in finder.find(typed, lang) if f.status == "present"}
