"""The cells of a spreadsheet, as Excel and its like write them: CSV or XLSX. Pure, save for the file that it is given."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pluis.dossier.case_list import WrongList

YES = {"ja", "j", "yes", "y", "x", "1", "waar", "true"}
NO = {"nee", "n", "no", "0", "onwaar", "false"}
KINDS = {"kind": "child", "child": "child", "volwassene": "adult", "adult": "adult"}
DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")


def rows_of_csv(content: bytes) -> list[list[Any]]:
    """Rows of text. Raises WrongList when it cannot be read as text."""
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if told := re.fullmatch(r"sep=(.)\s*", first):  # a line for Excel alone, which does not count it as a row
        return list(csv.reader(io.StringIO(rest, newline=""), delimiter=told[1]))
    # Excel in Dutch puts semicolons, for its decimals have commas.
    separator = max(";,\t", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(content: bytes) -> str:
    """Excel writes UTF-8 with a mark, UTF-16 as "Unicode text", and else what Windows uses in Western Europe."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongList(["this is no text that can be read. Save it as 'CSV UTF-8'."])


def rows_of_xlsx(content: bytes) -> list[list[Any]]:
    """Rows of the first sheet, with days as days. Raises WrongList when it is no such workbook."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
        raise WrongList(
            ["this is no workbook that can be read. Save it as .xlsx or as CSV, without a password."]
        ) from None
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what other programs write there is often wrong
    rows = [[_shown(cell) for cell in row] for row in sheet.iter_rows()]
    book.close()
    return rows


def _shown(cell: Any) -> Any:
    """What stands in a cell. A number with the form 00000 keeps the zeros that people see."""
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("0+", cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def plain(value: Any) -> str:
    """The text of a cell: one way of writing an accent, and no spaces that cannot be seen."""
    return " ".join(unicodedata.normalize("NFC", str("" if value is None else value)).split())


def as_text(value: Any) -> str:
    """A name or a number. Raises ValueError for what went wrong in the sheet itself."""
    text = plain(value)
    if text.startswith("#") and text.endswith(("!", "?", "/A", "/B")):
        raise ValueError("a formula went wrong here. Put the value itself in the cell.")
    return text


def as_day(value: Any) -> date | None:
    """A real day, or 31-3-2026, 31/3/2026 or 2026-03-31. Raises ValueError with the cure."""
    if isinstance(value, datetime):
        return value.date()
    text = plain(value)
    if not text:
        return None
    parts = [int(part) for part in found.groups()] if (found := YEAR_FIRST.fullmatch(text)) else []
    if found := DAY_FIRST.fullmatch(text):
        parts = [int(part) for part in reversed(found.groups())]
    try:
        return date(*parts)
    except (TypeError, ValueError):
        raise ValueError(f"'{text}' is no day. Write it as 31-03-2026, or give the cell the form of a date.") from None


def as_yes(value: Any) -> bool | None:
    """Yes, no, or nothing. Raises ValueError with the cure."""
    text = plain(value).casefold()
    if text and text not in YES | NO:
        raise ValueError(f"'{plain(value)}' is neither yes nor no. Write ja or nee, yes or no.")
    return text in YES if text else None


def as_kind(value: Any) -> str | None:
    """Raises ValueError with the cure."""
    text = plain(value).casefold()
    if not text:
        return None
    if text not in KINDS:
        raise ValueError(f"'{plain(value)}' is not possible. Write kind or volwassene, child or adult.")
    return KINDS[text]


Reading = Callable[[Any], Any]
