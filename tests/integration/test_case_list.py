"""Families in and out: as JSON, and from a spreadsheet as people make them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from pluis.dossier.case_list import WrongList, bring_in, list_of
from pluis.dossier.case_list_json import read
from pluis.dossier.case_sheet import read_sheet
from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.store.cases import Case

HEAD = ["nummer", "gezin", "team", "begeleider", "werkbegeleider", "begonnen op", "naam", "soort", "relatie"]
MORE = ["geboren op", "ouder", "gezag", "woont hier"]
FAMILY = ["007", "Familie Linde", "Team Noord", "counselor", "supervisor"]


def rows() -> list[list[Any]]:
    """A family of three, as text."""
    return [
        [*HEAD, *MORE],
        [*FAMILY, "1-9-2026", "Joke", "volwassene", "moeder", "", "ja", "ja", ""],
        [*FAMILY, "01-09-2026", "Rik", "volwassene", "vader", "", "ja", "ja", "nee"],
        ["007", "", "", "", "", "", "Zoë", "kind", "dochter", "3/4/2019", "", "", ""],
    ]


def as_csv(file: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", separator: str = ";") -> Path:
    text = "".join(separator.join(map(str, row)) + "\r\n" for row in rows)
    file.write_bytes(text.encode(encoding))
    return file


def as_xlsx(file: Path, rows: Sequence[Sequence[Any]], forms: dict[str, str] | None = None) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, form in (forms or {}).items():
        book.active[cell].number_format = form
    book.active.cell(len(rows) + 40, 3).value = " "  # what is left where rows were emptied
    book.save(file)
    return file


def counted(runtime: Runtime, file: Path) -> tuple[int, int, int]:
    with runtime.store.transaction() as session:
        found = bring_in(session, *read_sheet(file))
        return found["new"], found["changed"], found["same"]


def faults(file: Path) -> list[str]:
    with pytest.raises(WrongList) as refused:
        read_sheet(file)
    return refused.value.faults


def test_a_list_of_families_goes_out_and_in_again(runtime: Runtime) -> None:
    with runtime.store.reading() as session:
        out = list_of(session)
    changed = copy.deepcopy(out)
    changed["families"][0]["family"] = "Familie Els"
    changed["families"][0]["people"].append({"name": "Puck", "kind": "child", "relation": "dochter"})
    changed["families"].append({**copy.deepcopy(out["families"][1]), "number": "N-1"})
    counted = []
    for listed in (out, changed, changed):
        with runtime.store.transaction() as session:
            counted.append(dict(bring_in(session, *read(json.dumps(listed, indent=1)))))
    size = len(out["families"])
    assert [(one["new"], one["changed"], one["same"]) for one in counted] == [
        (0, 0, size),
        (1, 1, size - 1),
        (0, 0, size + 1),
    ]
    with runtime.store.reading() as session:
        case = session.query(Case).filter(Case.number == out["families"][0]["number"]).one()
        assert "Puck" in [person.name for person in case.people]


def test_a_wrong_list_names_the_line_and_the_cure_and_changes_nothing(runtime: Runtime) -> None:
    with runtime.store.reading() as session:
        out = list_of(session)
    wrong = copy.deepcopy(out)
    wrong["families"][0]["started_on"] = "gisteren"
    text = json.dumps(wrong, indent=1)
    with pytest.raises(WrongList) as refused:
        read(text)
    line = 1 + text[: text.index("gisteren")].count("\n")
    assert f"line {line}: families > 1 > started_on" in str(refused.value)
    assert "2026-03-31" in str(refused.value)
    out["families"][0]["family"], out["families"][1]["counselor"] = "Familie Nieuw", "niemand"
    with pytest.raises(WrongList, match="nobody signs in as 'niemand'"), runtime.store.transaction() as session:
        bring_in(session, *read(json.dumps(out)))
    with runtime.store.reading() as session:
        assert "Familie Nieuw" not in str(list_of(session))


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ";"), ("utf-8", ","), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_a_sheet_is_read_as_excel_writes_it_and_only_once(
    runtime: Runtime, tmp_path: Path, encoding: str, separator: str
) -> None:
    file = as_csv(tmp_path / "list.csv", [*rows(), [""] * len(rows()[0])], encoding, separator)
    assert [counted(runtime, file) for _ in range(2)] == [(1, 0, 0), (0, 0, 1)]
    with runtime.store.reading() as session:
        case = session.query(Case).filter(Case.number == "007").one()
        assert case.started_on == date(2026, 9, 1)
        assert [(one.name, one.kind, one.lives_here, one.parent) for one in case.people] == [
            ("Joke", "adult", True, True), ("Rik", "adult", False, True), ("Zoë", "child", True, False),
        ]  # fmt: skip
        assert case.people[2].born_on == date(2019, 4, 3)


def test_a_workbook_with_real_days_and_numbers_that_look_as_they_should(runtime: Runtime, tmp_path: Path) -> None:
    told = rows()
    for row in told[1:]:
        row[0] = 7
    told[1][5] = told[2][5] = date(2026, 9, 1)
    told[3][9] = date(2019, 4, 3)
    told[3][10] = False
    file = as_xlsx(tmp_path / "list.xlsx", told, {"A2": "000", "A3": "000", "A4": "000"})
    assert counted(runtime, file) == (1, 0, 0)
    assert counted(runtime, as_csv(tmp_path / "list.csv", rows())) == (0, 0, 1)


def test_zeros_that_a_spreadsheet_took_away_do_not_make_a_second_family(runtime: Runtime, tmp_path: Path) -> None:
    counted(runtime, as_csv(tmp_path / "list.csv", rows()))
    lost = [[cell if cell != "007" else 7 for cell in row] for row in rows()]
    with pytest.raises(WrongList, match=r"row 2, column A \(nummer\): there is a family 007 already"):
        counted(runtime, as_xlsx(tmp_path / "list.xlsx", lost))


def test_what_a_sheet_does_not_mention_stays_as_it_is(runtime: Runtime, tmp_path: Path) -> None:
    counted(runtime, as_csv(tmp_path / "list.csv", rows()))
    few = [row[: len(HEAD)] for row in rows()]
    assert counted(runtime, as_csv(tmp_path / "few.csv", few)) == (0, 0, 1)
    few[1][1] = few[2][1] = "Familie Linde-Berg"
    assert counted(runtime, as_csv(tmp_path / "few.csv", few)) == (0, 1, 0)
    with runtime.store.reading() as session:
        case = session.query(Case).filter(Case.number == "007").one()
        assert case.people[2].born_on == date(2019, 4, 3)
        assert case.people[1].lives_here is False


def wrong_cells() -> Iterator[tuple[int, int, str, str]]:
    """(row, column, what stands there, what must be said of it)."""
    yield 2, 6, "gisteren", "row 2, column F (begonnen op): 'gisteren' is no day. Write it as 31-03-2026"
    yield 2, 6, "46000", "row 2, column F (begonnen op): '46000' is no day. Write it as 31-03-2026"
    yield 4, 10, "31-02-2019", "row 4, column J (geboren op): '31-02-2019' is no day."
    yield 3, 8, "oom", "row 3, column H (soort): 'oom' is not possible. Write kind or volwassene"
    yield 3, 11, "misschien", "row 3, column K (ouder): 'misschien' is neither yes nor no. Write ja or nee"
    yield 4, 7, "", "row 4, column G (naam): is missing. Add it."
    yield 4, 1, "", "row 4, column A (nummer): is empty. Write the number of the family in each of its rows."
    yield 3, 4, "counselor2", "row 3, column D (begeleider): is not what row 2 says of this family."
    yield 4, 7, "Rik", "row 4, column G (naam): family 007: two people have the same name."
    yield 2, 2, "#N/A", "row 2, column B (gezin): a formula went wrong here."
    yield 4, 9, "x" * 41, "row 4, column I (relatie): is too long. Use at most 40 letters."
    yield 1, 9, "verwant", "row 1, column I: there is no column 'verwant' in a list of families."
    yield 1, 9, "", "row 1: there is no column 'relatie', in English 'relation'. Add it."
    yield 1, 9, "naam", "row 1, column I: 'naam' is there twice."


@pytest.mark.parametrize(("row", "column", "stands", "said"), wrong_cells())
def test_each_fault_names_row_column_and_cure(tmp_path: Path, row: int, column: int, stands: str, said: str) -> None:
    told = rows()
    told[row - 1][column - 1] = stands
    found = faults(as_csv(tmp_path / "list.csv", told))
    assert any(one.startswith(said) for one in found), found
    assert row == 1 or len(found) == 1, found


def test_somebody_unknown_in_a_sheet(runtime: Runtime, tmp_path: Path) -> None:
    told = [[cell if cell != "counselor" else "niemand" for cell in row] for row in rows()]
    with pytest.raises(WrongList, match=r"row 2, column D \(begeleider\): .*nobody signs in as 'niemand'"):
        counted(runtime, as_csv(tmp_path / "list.csv", told))


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_file_that_is_something_else(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x81\x8d\x00\xff")
    assert "Save it as" in faults(file)[0]
    file.write_bytes(b"")
    assert faults(file)


def test_the_example_of_the_manual_can_be_read_by_the_demo(runtime: Runtime) -> None:
    assert counted(runtime, ROOT / "docs" / "families.csv") == (2, 0, 0)
