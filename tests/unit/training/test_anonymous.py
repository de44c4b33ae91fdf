"""What a program takes out of a story before people read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pluis.training.anonymous import clean, left_open

NAMES = {"Lina": "Robin", "Daan": "Sam", "Eik": "‹…›", "Oak": "‹…›"}
STORIES = {
    "nl": (
        "Lina zei dat Daans oom Kees Jansen op 12 mei 2026 langskwam. Bel hem op 06-12345678 of kees@voorbeeld.nl. "
        "Hij woont op de Kerkstraat 12, 3511 AB Utrecht. De familie Eik kent hem.",
        ("Lina", "Daan", "Kees", "Jansen", "12 mei", "12345678", "voorbeeld", "Kerkstraat", "3511", "Utrecht", "Eik"),
        ("Robin zei dat Sams oom", "kent hem"),
    ),
    "en": (
        "Lina said that Daan's uncle Gareth Pugh came on the 12th of May. He came again on 3/6/2026 and May 14, 2026. "
        "Ring him on 07700 900123 or gareth@example.org. He lives at 14 Elm Tree Road, SW1A 1AA, near Swindon. "
        "Pugh works at Tesco. Mrs Hargreaves from St Oswald's rang on Monday. The Oak family knows him.",
        ("Lina", "Daan", "Gareth", "Pugh", "12th", "May", "3/6/2026", "900123", "example", "Elm Tree", "SW1A", "Swindon",
         "Tesco", "Hargreaves", "Oswald", "Oak"),
        ("Robin said that Sam's uncle", "rang on Monday", "works at", "knows him"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deduce")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_nobody_and_nowhere_is_left(home: Path, language: str) -> None:
    told, gone, kept = STORIES[language]
    (text,) = clean([told], NAMES, home, language)
    for name in gone:
        assert name not in text, text
    for words in kept:
        assert words in text, text
    assert list(left_open(text, "story"))


def test_an_ordinary_english_sentence_stays_as_it_is(home: Path) -> None:
    told = "She read to him on the sofa. I went up with Mum on Friday. They laughed. Played with blocks, age 7, 20 minutes."
    assert clean([told], NAMES, home, "en") == [told]


def test_the_same_name_has_the_same_mark_in_all_texts(home: Path) -> None:
    one, two = clean(["We met Gareth there.", "Gareth was cross. So was Imogen, said Gareth."], NAMES, home, "en")
    mark = one.removeprefix("We met ").removesuffix(" there.")
    assert mark.startswith("[")
    assert two.count(mark) == 2
