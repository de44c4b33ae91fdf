"""Families from a spreadsheet: a row for each person, with the family in the same columns of each of its rows.

A column that is not there, or an empty cell, leaves what Pluis knows as it is; for who is new it means the usual.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from pydantic import ValidationError

from pluis.dossier.case_list import CaseList, ListedFamily, ListedPerson, WrongList, doubles, said_of
from pluis.dossier.case_sheet_cells import (
    Reading,
    as_day,
    as_kind,
    as_text,
    as_yes,
    plain,
    rows_of_csv,
    rows_of_xlsx,
)

# Field → the column in Dutch; in English it is the field itself, with spaces or with underscores.
FAMILY = {
    "number": "nummer", "family": "gezin", "team": "team", "counselor": "begeleider", "supervisor": "werkbegeleider",
    "started_on": "begonnen op", "closed_on": "gesloten op", "assessed_on": "laatste risicotaxatie",
    "one_parent_reason": "waarom één ouder",
}  # fmt: skip
PERSON = {
    "name": "naam", "kind": "soort", "relation": "relatie", "born_on": "geboren op", "speaks": "praat",
    "lives_here": "woont hier", "parent": "ouder", "authority": "gezag",
}  # fmt: skip
READ_AS: dict[str, Reading] = {
    **dict.fromkeys(("started_on", "closed_on", "assessed_on", "born_on"), as_day),
    **dict.fromkeys(("speaks", "lives_here", "parent", "authority"), as_yes),
    "kind": as_kind,
}
SHEETS: dict[str, Callable[[bytes], list[list[Any]]]] = {".csv": rows_of_csv, ".xlsx": rows_of_xlsx}
Place = tuple[str | int, ...]


class Cells:
    """In which row and column of the sheet an entry of the list stands. `families`: number → place in the list."""

    def __init__(self, heads: dict[str, tuple[int, str]]) -> None:
        self._heads = heads
        self.rows: dict[Place, int] = {}
        self.families: dict[str, int] = {}

    def of(self, *place: str | int) -> str:
        row = next((self.rows[place[:size]] for size in range(len(place), 0, -1) if place[:size] in self.rows), 1)
        field = str(place[-1]) if place else ""
        return self.at(row, {"people": "name"}.get(field, field))

    def at(self, row: int, field: str) -> str:
        if field not in self._heads:
            return f"row {row}"
        column, head = self._heads[field]
        return f"row {row}, column {get_column_letter(column + 1)} ({head})"


def read_sheet(file: Path) -> tuple[CaseList, Cells]:
    """The list in a sheet. Raises WrongList with everything that is wrong in it."""
    rows = SHEETS[file.suffix.lower()](file.read_bytes())
    heads = _heads(rows[0] if rows else [])
    cells = Cells(heads)
    faults: list[str] = []
    families: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows[1:], 2):
        if any(plain(cell) for cell in row):
            _add(families, cells, number, _values(row, number, cells, heads, faults), faults)
    if faults:
        raise WrongList(faults)
    try:
        listed = CaseList.model_validate({"families": list(families.values())})
    except ValidationError as error:
        raise WrongList([f"{cells.of(*one['loc'])}: {said_of(one)}" for one in error.errors()]) from None
    if faults := list(doubles(listed, cells)):
        raise WrongList(faults)
    return listed, cells


def _heads(row: Sequence[Any]) -> dict[str, tuple[int, str]]:
    """Field → (column, what stands above it). Raises WrongList."""
    names = {name.casefold(): field for field, dutch in (FAMILY | PERSON).items() for name in (dutch, _english(field))}
    heads: dict[str, tuple[int, str]] = {}
    faults = []
    for column, cell in enumerate(row):
        head = plain(cell)
        field = names.get(head.replace("_", " ").casefold())
        where = f"row 1, column {get_column_letter(column + 1)}"
        if head and field is None:
            faults.append(
                f"{where}: there is no column '{head}' in a list of families. Correct its name or take it out."
            )
        elif field in heads:
            faults.append(f"{where}: '{head}' is there twice. Take one of them out.")
        elif field:
            heads[field] = (column, head)
    needed = [
        name for model in (ListedFamily, ListedPerson) for name, one in model.model_fields.items() if one.is_required()
    ]
    for field in needed:
        if field not in heads and field != "people":
            dutch = (FAMILY | PERSON)[field]
            faults.append(f"row 1: there is no column '{dutch}', in English '{_english(field)}'. Add it.")
    if faults:
        raise WrongList(faults)
    return heads


def _english(field: str) -> str:
    return field.replace("_", " ")


def _values(
    row: Sequence[Any], number: int, cells: Cells, heads: dict[str, tuple[int, str]], faults: list[str]
) -> dict[str, Any]:
    """Field → value of one row, without the empty ones; what cannot be read goes to the faults."""
    found = {}
    for field, (column, _head) in heads.items():
        try:
            reading: Reading = READ_AS.get(field, as_text)
            found[field] = reading(row[column] if column < len(row) else None)
        except ValueError as wrong:
            faults.append(f"{cells.at(number, field)}: {wrong}")
    return {field: value for field, value in found.items() if value not in ("", None)}


def _add(
    families: dict[str, dict[str, Any]], cells: Cells, row: int, values: dict[str, Any], faults: list[str]
) -> None:
    """Put the person of this row into its family. What describes the family stands in one of its rows, or in more."""
    key = values.get("number", "")
    if not key:
        faults.append(f"{cells.at(row, 'number')}: is empty. Write the number of the family in each of its rows.")
        return
    told = {field: values[field] for field in FAMILY if field in values}
    place = cells.families.setdefault(key, len(families))
    if key not in families:
        cells.rows["families", place] = row
        families[key] = {**told, "people": []}
    faults += _differing(families[key], told, cells, row, cells.rows["families", place])
    people = families[key]["people"]
    cells.rows["families", place, "people", len(people)] = row
    people.append({field: values[field] for field in PERSON if field in values})


def _differing(family: dict[str, Any], told: dict[str, Any], cells: Cells, row: int, first: int) -> Iterator[str]:
    for field, value in told.items():
        if value != family.setdefault(field, value):
            yield f"{cells.at(row, field)}: is not what row {first} says of this family. Make them the same, or empty this one."
