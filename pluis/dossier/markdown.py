"""The dossier in Markdown, for another system or another program."""

import re
from collections.abc import Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


class Markdown:
    """A sheet that is written in Markdown. What people said stays plain text: nothing in it becomes markup."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def heading(self, level: int, text: str) -> None:
        self._parts.append(f"\n{'#' * level} {_plain(text)}\n")

    def text_block(self, text: str, style: str = "", size: float = 0, soft: bool = False) -> None:
        lines = [_plain(line) for line in text.splitlines()]
        self._parts.append("\n" + "  \n".join(lines) + "\n")

    def bullet(self, text: str, soft: str = "") -> None:
        self._parts.append(f"- {_plain(text)}" + (f"  \n  {_plain(soft)}" if soft else ""))

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        for name, value in rows:
            self._parts.append(f"- **{_plain(name)}**: {_plain(value)}")

    def grid(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        del widths
        table = [heads, ["---"] * len(heads), *rows]
        shown = [cells if place == 1 else [_plain(cell) for cell in cells] for place, cells in enumerate(table)]
        self._parts.append("\n" + "\n".join(f"| {' | '.join(cells)} |" for cells in shown) + "\n")

    def text(self) -> str:
        """All of it."""
        return "\n".join(self._parts).strip() + "\n"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
