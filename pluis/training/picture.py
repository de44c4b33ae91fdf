"""Progress as a picture: a row per strand, a column per visit, a shape for how it went. Where each thing stands. Pure."""

from dataclasses import dataclass

from pluis.training.outcome import Met
from pluis.training.progress import MOST_VISITS, Progress

WIDTH, LEFT, TOP, ROW = 360, 22, 8, 50
STEP = (WIDTH - 2 * LEFT) / (MOST_VISITS - 1)


@dataclass(frozen=True)
class Mark:
    """One shape; `how` is None where the strand was not in play."""

    x: float
    how: Met | None


@dataclass(frozen=True)
class Row:
    strand: str
    words_y: int
    y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    rows: tuple[Row, ...]
    xs: tuple[float, ...]


def picture(progress: Progress) -> Picture:
    """In units of the drawing: 360 wide, as high as there are strands. The newest visit stands at the right."""
    shown = len(progress.visits[-MOST_VISITS:])
    xs = tuple(round(LEFT + STEP * number, 1) for number in range(shown))
    rows = tuple(
        Row(
            strand,
            words_y=TOP + ROW * number + 12,
            y=TOP + ROW * number + 32,
            marks=tuple(Mark(x, how) for x, how in zip(xs, progress.row(strand), strict=True)),
        )
        for number, strand in enumerate(progress.strands)
    )
    return Picture(WIDTH, TOP + ROW * len(rows) + 24, rows, xs)
