"""The language in which terms are written."""

import pytest

from pluis.signals.patterns import PatternError, compile_pattern
from pluis.signals.words import plain


def _matches(source: str, text: str) -> bool:
    pattern = compile_pattern(source, {"ouder": "vader|moeder"}, lambda word: (plain(word),))
    return pattern.regex.search(f" {text} ") is not None


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("kan niet meer", "ze kan niet meer", True),
        ("kan niet meer", "ze kan , niet meer", True),
        ("kan niet meer", "ze kan . niet meer", False),
        ("kan niet", "kannibaal niet", False),
        ("sla*", "hij slaat", True),
        ("kind *slaan", "kind doodslaan", True),
        ("(sla|schop) hem", "schop hem", True),
        ("(sla|geef een klap) hem", "geef een klap hem", True),
        ("(echt)? bang", "bang", True),
        ("moeder ~ huilt", "moeder zit daar en huilt", True),
        ("moeder ~ huilt", "moeder zit daar maar en huilt", False),
        ("moeder ... huilt", "moeder zit daar maar en huilt", True),
        ("moeder ... huilt", "moeder zit daar . ze huilt", False),
        ("appjes >> niks", "appjes gestuurd . niks", True),
        ("<ouder> slaat", "vader slaat", True),
    ],
)
def test_a_term_matches_what_it_says(source: str, text: str, expected: bool) -> None:
    assert _matches(source, text) is expected


@pytest.mark.parametrize("source", ["(a|b", "a)", "a|b", "<nobody> slaat", "(a)?", "~", "*", "what?", ""])
def test_a_term_that_is_not_written_well_is_refused(source: str) -> None:
    with pytest.raises(PatternError):
        _matches(source, "x")


def test_a_pattern_needs_a_word_for_each_part() -> None:
    pattern = compile_pattern("(sla|schop*) ~ (hem)? kind", {}, lambda word: (word,))
    assert [[anchor.form for anchor in part] for part in pattern.anchors] == [["sla", "schop"], ["kind"]]
