"""Marked notes: read with their evidence in place, and refused with a plain word when something is wrong."""

import json
from pathlib import Path

import pytest

from pluis.content import ContentError
from pluis.settings import ROOT
from pluis.signals.notes import PARTS, SENTENCES, near_duplicates, read_jsonl, read_part
from tests.unit.signals.marked import TAXONOMY, note, notes, write

DATA = ROOT / "data"


def test_marks_become_places_in_the_text() -> None:
    read = note(
        "Thee. [Hij sloeg haar](domestic_violence, lethal_violence_marker), [bed schoon](+basic_care_in_order)."
    )
    assert read.text == "Thee. Hij sloeg haar, bed schoon."
    assert [(m.id, read.text[m.start : m.end]) for m in read.signals] == [
        ("domestic_violence", "Hij sloeg haar"),
        ("lethal_violence_marker", "Hij sloeg haar"),
    ]
    assert [m.id for m in read.protective] == ["basic_care_in_order"]


def test_a_look_alike_says_why() -> None:
    (mimic,) = note("[vroeger sloeg hij haar](!domestic_violence historical)").mimics
    assert (mimic.id, mimic.why) == ("domestic_violence", "historical")


@pytest.mark.parametrize(
    ("marked", "fault"),
    [
        ("[hij sloeg](violence)", "is no label"),
        ("[hij sloeg](+domestic_violence)", "is no label"),
        ("[hij sloeg](!domestic_violence)", "does not say why"),
        ("[hij sloeg(domestic_violence)", "not closed"),
    ],
)
def test_a_wrong_mark_is_refused(marked: str, fault: str) -> None:
    with pytest.raises(ContentError, match=fault):
        note(marked)


def test_the_same_note_twice_is_refused() -> None:
    with pytest.raises(ContentError, match="stands there already"):
        notes("Gezellig bezoek gehad.", "gezellig bezoek gehad")


def test_notes_too_much_alike_are_found() -> None:
    left = notes("De jongste had weer een blauwe plek op zijn wang.")
    right = notes("De jongste had weer n blauwe plek op zijn wang", "Soep gekookt en gelachen.")
    assert near_duplicates(left, right) == [("t-1", "t-1")]


def test_notes_from_outside_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    line = {"id": "x", "lang": "en", "kind": "hard", "text": "No bruise.", "signals": [], "mimics": []}
    line["mimics"] = [{"id": "child_unexplained_injury", "evidence": "No bruise", "why": "negated"}]
    file.write_text(json.dumps(line) + "\n\n")
    (read,) = read_jsonl(file, TAXONOMY)
    assert (read.kind, read.mimics[0].start, read.mimics[0].end) == ("hard", 0, 9)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '"word"',
        '{"id": "x", "lang": "en", "text": "a"}',
        '{"id": "x", "lang": "en", "text": "a", "signals": [{"id": "nothing", "evidence": "a"}]}',
        '{"id": "x", "lang": "en", "text": "a", "signals": [{"id": "domestic_violence", "evidence": "b"}]}',
    ],
)
def test_a_wrong_line_from_outside_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("\n" + line)
    with pytest.raises(ContentError, match="line 2"):
        read_jsonl(file, TAXONOMY)


def test_one_file_is_read_like_a_part(tmp_path: Path) -> None:
    assert [n.text for n in read_part(write(tmp_path / "b.yml", "Soep."), TAXONOMY)] == ["Soep."]


def test_our_own_notes_are_in_order() -> None:
    for part in PARTS:
        assert read_part(DATA / SENTENCES / part, TAXONOMY)
