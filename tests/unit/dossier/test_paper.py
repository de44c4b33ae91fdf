"""Text on paper: broken into lines as the library would, only quicker."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from pluis.dossier.paper import TEXT, Paper

TEXTS = (
    "Kort.",
    "",
    "Ze speelde met de blokken en vertelde over school. " * 12 + "Klaar.",
    "Eerste regel.\n\nDerde regel, met een é en een streep – erbij.",
    "Een woord dat nergens past: " + "x" * 400,
    "• " + "Afspraak over de opvang op dinsdag en donderdag, " * 80 + "en dan weer.",
)


def pages(paper: Paper) -> list[bytes]:
    return [
        page.get_contents().get_data()  # type: ignore[union-attr]
        for page in PdfReader(io.BytesIO(bytes(paper.output()))).pages
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_lines_are_those_of_the_library(text: str) -> None:
    ours, theirs = (Paper("Titel", "Voet", "nl") for _ in range(2))
    for _ in range(3):
        ours.text_block(text)
        theirs._pen("", TEXT, (34, 30, 26))
        theirs.multi_cell(0, TEXT * 0.48, theirs.plain(text), new_x="LMARGIN", new_y="NEXT", align="L")
        theirs.ln(0.8)
    assert pages(ours) == pages(theirs)


def test_a_table_below_a_picture_does_not_take_its_colour() -> None:
    paper = Paper("Titel", "Voet", "nl")
    paper.bars([("2026-10", 0.5, "50%")])
    paper.grid(("Regel", "Ging op"), [("R1", "2"), ("R7", "1")], (1, 1))
    drawn = b"".join(pages(paper)).decode("latin-1").split("0.6039 0.2902 0.1216 rg")
    assert len(drawn) == 2, "the colour of a bar is set once"
    until_white = drawn[1].partition("1 1 1 rg")[0]
    assert until_white.count(" re f") == 1, "one bar, and no cell, has its colour"
