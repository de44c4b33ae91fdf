"""The taxonomy and what its reader refuses."""

import shutil
from pathlib import Path

import pytest

from pluis.content import ContentError
from pluis.settings import ROOT
from pluis.signals.taxonomy import read_taxonomy
from pluis.signals.terms import read_lexicon, read_words

DATA = ROOT / "data"


def _copy(tmp_path: Path, old: str = "", new: str = "") -> Path:
    (tmp_path / "signals").mkdir()
    text = (DATA / "signals" / "taxonomy.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "signals" / "taxonomy.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def test_the_taxonomy_knows_its_signals() -> None:
    taxonomy = read_taxonomy(DATA)
    assert (len(taxonomy.signals), len(taxonomy.protective_factors)) == (46, 12)
    assert taxonomy.signal("caregiver_suicidal").severity == "acute"
    assert taxonomy.severity("active_network") == taxonomy.kind("active_network") == "protective"
    assert taxonomy.signal("child_fearful").name.of("nl") != taxonomy.signal("child_fearful").name.of("en")
    with pytest.raises(KeyError):
        taxonomy.signal("nothing")


def test_every_serious_signal_says_what_makes_it_acute() -> None:
    assert all(s.upgrade is not None for s in read_taxonomy(DATA).signals if s.severity == "serious")


def test_questions_are_questions() -> None:
    upgrades = [s.upgrade for s in read_taxonomy(DATA).signals if s.upgrade]
    assert all(u.question.nl.endswith("?") and u.question.en.endswith("?") for u in upgrades)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "severity: serious",
            "severity: huge",
            r"taxonomy\.yml: .*child_unexplained_injury.*severity.*Use one of: 'acute'",
        ),
        ("domain: child", "domain: moon", r"child_unexplained_injury: unknown domain 'moon'\. Use one of child"),
        ("sources: [SDM", "sources: [XXX", r"child_unexplained_injury: unknown source 'XXX'"),
        ("answers: [child_fearful", "answers: [nothing", r"child_has_safe_adult: answers an unknown signal 'nothing'"),
        ("id: child_discloses_harm", "id: child_unexplained_injury", r"this id is used twice"),
        ("signals:\n", "signals: [\n", r"taxonomy\.yml: line \d+"),
        ("version: 1", "verzion: 1", r"version.*Add 'version'"),
    ],
)
def test_a_mistake_names_file_entry_and_cure(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ContentError, match=message):
        read_taxonomy(_copy(tmp_path, old, new))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"taxonomy\.yml: file: is missing"):
        read_taxonomy(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("signals:\n  - {signal: nothing, nl: [a]}\n", r"extra\.yml: nothing: this signal is not in taxonomy"),
        ("signals:\n  - {signal: child_fearful, nl: ['(bang']}\n", r"extra\.yml: child_fearful > '\(bang'"),
        ("signals:\n  - {signal: child_fearful, nl: 3}\n", r"extra\.yml: .*child_fearful.* > nl"),
    ],
)
def test_a_mistake_in_the_terms_names_file_and_term(tmp_path: Path, content: str, message: str) -> None:
    taxonomy = read_taxonomy(_copy(tmp_path))
    shutil.copytree(DATA / "signals" / "terms", tmp_path / "signals" / "terms")
    (tmp_path / "signals" / "terms" / "extra.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=message):
        read_lexicon(tmp_path, "nl", taxonomy, read_words(tmp_path))
