"""What a dossier is written on: paper (`paper.py`) or Markdown (`markdown.py`)."""

from collections.abc import Sequence
from typing import Protocol


class Sheet(Protocol):
    """The few things that a dossier is made of."""

    def heading(self, level: int, text: str) -> None:
        """`level`: 1 to 3."""

    def text_block(self, text: str, style: str = "", size: float = ..., soft: bool = False) -> None:
        """A paragraph. `soft`: of less weight."""

    def bullet(self, text: str, soft: str = "") -> None:
        """A line of a list; `soft` stands below it."""

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names with their values."""

    def grid(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table."""
