"""Paper: an A4 page with a text layer, headings in an outline, and page numbers."""

import importlib.util
import logging
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from pluis.dossier.words import say

INK, SOFT, LINE, TINT = (34, 30, 26), (96, 88, 78), (214, 205, 192), (247, 242, 234)
BAR, WHITE = (154, 74, 31), (255, 255, 255)
MARGIN = 20
SIZES = {1: 15.0, 2: 12.5, 3: 10.5}
TEXT = 9.5
# Fonts that hold the letters of most European names, the first one that is there.
PACKAGE = "font_source_sans_pro"
PACKAGED = {"": "SourceSansPro-Regular.ttf", "B": "SourceSansPro-Semibold.ttf", "I": "SourceSansPro-It.ttf"}
SYSTEM = Path("/usr/share/fonts/truetype/dejavu")
SYSTEM_FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}

# Subsetting a font tells much about its tables and nothing that anybody needs.
logging.getLogger("fontTools").setLevel(logging.ERROR)


def font_files() -> dict[str, Path]:
    """Style to file; empty where no such font is installed."""
    found = importlib.util.find_spec(PACKAGE)
    places = [(Path(found.origin).parent / "files", PACKAGED)] if found and found.origin else []
    for folder, names in (*places, (SYSTEM, SYSTEM_FILES)):
        files = {style: folder / name for style, name in names.items()}
        if files[""].exists() and files["B"].exists():
            return {style: path if path.exists() else files[""] for style, path in files.items()}
    return {}


class Paper(FPDF):
    """A document in the making."""

    def __init__(self, title: str, footer: str, language: str) -> None:
        super().__init__(format="A4")
        self._footer, self._language = footer, language
        self._widths: dict[tuple[str, float, str], float] = {}
        self.set_title(title)
        self.set_lang("nl-NL" if language == "nl" else "en-GB")
        self.set_creator("Pluis")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, 22)
        files = font_files()
        self._family = "pluis" if files else "Helvetica"
        for style, file in files.items():
            self.add_font("pluis", style, file)
        self.core_fonts_encoding = "windows-1252"
        self.add_page()

    def footer(self) -> None:
        """What it is, and the page."""
        self.set_y(-15)
        self._pen("", 8, SOFT)
        self.cell(0, 5, self.plain(self._footer))
        numbers = say("page", self._language, page=self.page_no(), pages="{nb}")
        self.set_x(self.l_margin)
        self.cell(0, 5, numbers, align="R")

    def plain(self, text: str) -> str:
        """A text in letters that the font has."""
        if self._family == "pluis":
            return text
        return "".join(_as_latin(letter) for letter in text)

    def heading(self, level: int, text: str) -> None:
        """A heading that stands in the outline, never alone at the foot of a page."""
        room = {1: 32, 2: 28, 3: 22}[level]
        if self.will_page_break(room):
            self.add_page()
        elif self.get_y() > MARGIN + 1:
            self.ln({1: 6, 2: 4.5, 3: 2.5}[level])
        self._pen("B", SIZES[level], INK)
        if level < 3:
            self.start_section(self.plain(text), level - 1)
        self._lines(SIZES[level] * 0.5, text)
        if level == 1:
            self.set_draw_color(*LINE)
            self.line(self.l_margin, self.get_y() + 1, self.w - self.r_margin, self.get_y() + 1)
            self.ln(1)
        self.ln(1)

    def text_block(self, text: str, style: str = "", size: float = TEXT, soft: bool = False) -> None:
        self._pen(style, size, SOFT if soft else INK)
        self._lines(size * 0.48, text)
        self.ln(0.8)

    def bullet(self, text: str, soft: str = "") -> None:
        """A line of a list; `soft` follows in smaller and lighter letters."""
        if self.will_page_break(TEXT):
            self.add_page()
        self._pen("", TEXT, INK)
        self.cell(4, TEXT * 0.48, self.plain("–"))
        self._lines(TEXT * 0.48, text)
        if soft:
            self._pen("", 8, SOFT)
            self.set_x(self.l_margin + 4)
            self._lines(4, soft)
        self.ln(0.8)

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names with their values, below each other."""
        self.ln(1.5)
        for name, value in rows:
            if self.will_page_break(TEXT):
                self.add_page()
            self._pen("B", TEXT, SOFT)
            self.cell(52, TEXT * 0.5, self.plain(name))
            self._pen("", TEXT, INK)
            self._lines(TEXT * 0.5, value)
            self.ln(0.6)

    def grid(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table whose head comes back on every page."""
        self._pen("", 9, INK)
        self.set_draw_color(*LINE)
        self.set_fill_color(*WHITE)  # a picture above leaves its own colour, which cells would take
        head = FontFace(emphasis="BOLD", color=INK, fill_color=TINT)
        with self.table(
            col_widths=tuple(widths), text_align="LEFT", line_height=4.6, padding=(1, 1.5),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, headings_style=head,
        ) as table:  # fmt: skip
            for line in (heads, *rows):
                cells = table.row()
                for value in line:
                    cells.cell(self.plain(value))
        self.ln(1.5)

    def bars(self, rows: Sequence[tuple[str, float, str]]) -> None:
        """A picture: per row its name, a bar for a part of one, and the figure itself as text."""
        for name, part, figure in rows:
            if self.will_page_break(6):
                self.add_page()
            self._pen("", 8.5, SOFT)
            self.cell(24, 5, self.plain(name))
            left, room = self.get_x(), 110.0
            self.set_fill_color(*TINT)
            self.rect(left, self.get_y() + 0.7, room, 3.6, "F")
            self.set_fill_color(*BAR)
            self.rect(left, self.get_y() + 0.7, max(room * min(part, 1), 0.1), 3.6, "F")
            self.set_x(left + room + 3)
            self._pen("", 8.5, INK)
            self.cell(0, 5, self.plain(figure), new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def _lines(self, height: float, text: str) -> None:
        """Text from here to the right margin, as `multi_cell` writes it; measured by the word instead of by the letter,
        which takes a third of the time of a long dossier."""
        text, room = self.plain(text), self.w - self.r_margin - self.x - 2 * self.c_margin
        parts = [part.split() for part in text.splitlines()] or [[]]
        if any(self._width(word) > room for part in parts for word in part):
            self.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT", align="L")
            return
        for words in parts:
            line, used = "", 0.0
            for word in words:
                wide = self._width(word) + (self._width(" ") if line else 0.0)
                if used + wide > room:
                    self.cell(0, height, line, new_x="LEFT", new_y="NEXT")
                    line, used = word, self._width(word)
                else:
                    line, used = f"{line} {word}" if line else word, used + wide
            self.cell(0, height, line, new_x="LEFT", new_y="NEXT")
        self.set_x(self.l_margin)

    def _width(self, word: str) -> float:
        key = (self.font_style, self.font_size, word)
        if key not in self._widths:
            self._widths[key] = self.get_string_width(word)
        return self._widths[key]

    def _pen(self, style: str, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font(self._family, style, size)
        self.set_text_color(*colour)


def _as_latin(letter: str) -> str:
    try:
        letter.encode("cp1252")
        return letter
    except UnicodeEncodeError:
        base = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
        return base or "?"
