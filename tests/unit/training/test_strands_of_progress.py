"""Progress without marks: what grew, what holds, what comes back; and hours without breaks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pluis.training.hours import spent
from pluis.training.outcome import Met, Outcome
from pluis.training.picture import picture
from pluis.training.progress import progress

DAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
ORDER = ["asking", "child", "caregiver", "quiet"]


def course(*visits: dict[str, Met]) -> list[Outcome]:
    return [Outcome(f"v{n}", 0, DAY + timedelta(days=n), met) for n, met in enumerate(visits)]


def test_what_grew_what_holds_and_what_comes_back() -> None:
    told = progress(
        course(
            {"asking": "none", "child": "whole", "quiet": "whole"},
            {"asking": "part", "child": "whole"},
            {"asking": "whole", "caregiver": "none", "quiet": "part"},
        ),
        ORDER,
    )
    assert told.grew == ("asking",)
    assert told.holds == ("child",)
    assert [(one.strand, (one.on - DAY.date()).days) for one in told.coming] == [("caregiver", 4), ("quiet", 4)]
    assert told.row("caregiver") == [None, None, "none"]


def test_the_picture_fits_a_phone_however_much_was_done() -> None:
    drawn = picture(progress(course(*[{"asking": "whole", "child": "none"}] * 40), ORDER))
    assert [row.strand for row in drawn.rows] == ["asking", "child"]
    assert all(0 < mark.x < drawn.width for row in drawn.rows for mark in row.marks)
    assert all(row.y < drawn.height for row in drawn.rows)


@pytest.mark.parametrize(
    ("minutes", "counted"), [([], 0), ([0], 0), ([0, 3, 7], 7), ([0, 3, 200, 204], 17), ([204, 0, 200, 3], 17)]
)
def test_a_long_pause_counts_for_ten_minutes(minutes: list[int], counted: int) -> None:
    assert spent([DAY + timedelta(minutes=one) for one in minutes]) == timedelta(minutes=counted)
