"""Faults in content files: each names the file, the entry and the cure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pluis.content import ContentError, Fault, read_yaml
from pluis.protocol.read import load_protocol
from pluis.settings import ROOT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    shutil.copytree(ROOT / "data" / "protocol", tmp_path / "protocol")
    (tmp_path / "signals").mkdir()
    shutil.copy(ROOT / "data" / "signals" / "taxonomy.yml", tmp_path / "signals")
    return tmp_path


def spoil(data: Path, file: str, old: str, new: str) -> None:
    """Change one place in a content file."""
    path = data / "protocol" / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults(data: Path) -> list[Fault]:
    """What is wrong with the content."""
    with pytest.raises(ContentError) as caught:
        load_protocol(data)
    return caught.value.faults


def test_the_content_is_in_order(data: Path) -> None:
    load_protocol(data)


A, LEVELS, LADDERS, TEXTS = "questions/a_now.yml", "levels.yml", "escalation.yml", "texts.yml"

TABLE = [
    (A, "ask:\n      nl:", "aks:\n      nl:", "(A1)", "spelling"),
    (A, "    short: true\n", "    short: perhaps\n", "(A1)", ""),
    (A, "id: A1\n", 'id: "A 1"\n', "A 1", "letters"),
    (A, "- id: A1a", "- id: A1", "question A1", "another id"),
    (A, "- id: unknown", "- id: no", "(A1)", "own id"),
    (A, "relevant: {answer: A1, is: [yes, unknown]}", "relevant: {answer: A9, is: [yes]}", "A1a", "A9"),
    (A, "relevant: {answer: A1, is: [yes, unknown]}", "relevant: {answer: A1, is: [yess]}", "A1a", "Use: "),
    (A, "relevant: {answer: A1, is: [yes, unknown]}", "relevant: {anwser: A1, is: [yes]}", "(A1a)", "Begin it with"),
    (A, "records: danger", "records: dangr", "(A1a)", "Use one of"),
    ("questions/g_you.yml", "signal: worker_gut_feeling", "signal: worker_gut_feling", "G1", "taxonomy.yml"),
    ("questions/b_seen.yml", "for_each: child\n", "for_each: kid\n", "(B1)", "Use one of"),
    ("questions/b_seen.yml", "        not_seen: {nl:", "        not_sen: {nl:", "(B1)", "ids of the choices"),
    (LEVELS, "level: L3\n", "level: L4\n", "(R1)", "Use one of"),
    (LEVELS, "- id: R2\n", "- id: R1\n", "rule R1", "another id"),
    (LEVELS, "- {signal: [child_not_seen_alone]}", "- {signal: [child_not_sen]}", "rule K3", "taxonomy.yml"),
    (LEVELS, "when: {severity: acute}", "when: {severity: dire}", "(R1)", "Use one of"),
    (LADDERS, "- {after: 0, to: [supervisor, on_call]", "- {after: 5, to: [supervisor, on_call]", "L3", "after: 0"),
    (LADDERS, "    acknowledge_within: 15\n", "", "L3", "acknowledge_by"),
    (LADDERS, "- {after: 15, to: [manager]", "- {to: [manager]", "L3", "at what time"),
    (TEXTS, '    nl: "Overgeslagen."\n', "", "skipped", "Add 'nl'"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "entry", "cure"), TABLE, ids=[f"{r[0]} {r[2].strip()}" for r in TABLE])
def test_a_fault_names_file_entry_and_cure(data: Path, file: str, old: str, new: str, entry: str, cure: str) -> None:
    spoil(data, file, old, new)

    found = faults(data)

    assert any(Path(one.file).name == Path(file).name and entry in str(one) and cure in str(one) for one in found), [
        str(one) for one in found
    ]
    for one in found:
        assert one.cure.endswith(".")
        assert one.what.endswith(".")


def test_all_faults_of_all_files_are_told_at_once(data: Path) -> None:
    spoil(data, LEVELS, "level: L3\n", "level: L4\n")
    spoil(data, LADDERS, "    acknowledge_within: 15\n", "")
    spoil(data, A, "records: danger", "records: dangr")

    assert {Path(one.file).name for one in faults(data)} == {"levels.yml", "escalation.yml", "a_now.yml"}


def test_rules_of_which_none_always_holds(data: Path) -> None:
    spoil(data, LEVELS, "  - id: R8\n    level: L0\n", "  - id: R8\n    level: L0\n    when: {severity: acute}\n")

    assert "none of them always holds" in str(faults(data)[0])


def test_a_missing_file(data: Path) -> None:
    (data / "protocol" / "levels.yml").unlink()

    assert "levels.yml: file is missing. Put it back" in str(faults(data)[0]).replace(": file: ", ": file ")


def test_no_questions_at_all(data: Path) -> None:
    shutil.rmtree(data / "protocol" / "questions")

    assert "holds no questions" in str(faults(data)[0])


@pytest.mark.parametrize(
    ("text", "entry", "word"),
    [("a: [1, 2\nb: 3\n", "line", "Look at"), ("a: 1\na: 2\n", "line 2", "twice"), ("a: 'x\n", "line", "Look at"),
     ("a:\tb: c\n", "line", "")],
)  # fmt: skip
def test_yaml_that_cannot_be_read(tmp_path: Path, text: str, entry: str, word: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text)

    with pytest.raises(ContentError) as caught:
        read_yaml(path)

    assert entry in caught.value.faults[0].entry
    assert word in str(caught.value)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes("a: één".encode("latin-1"))

    with pytest.raises(ContentError, match="Save it as UTF-8"):
        read_yaml(path)


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("a: [yes, no, on, off, true]\n")

    assert read_yaml(path) == {"a": ["yes", "no", "on", "off", True]}
