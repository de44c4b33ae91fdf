"""Ages and days as the people of the organisation count them."""

from datetime import UTC, date, datetime

import pytest

from pluis.debrief.known import local_day, months_old
from pluis.protocol.read import Protocol


@pytest.mark.parametrize(
    ("born", "today", "months"),
    [
        (date(2025, 3, 10), date(2026, 3, 10), 12), (date(2025, 3, 11), date(2026, 3, 10), 11),
        (date(2026, 3, 10), date(2026, 3, 10), 0), (date(2024, 2, 29), date(2026, 2, 28), 23),
        (date(2024, 2, 29), date(2026, 3, 1), 24), (None, date(2026, 3, 10), None),
    ],
)  # fmt: skip
def test_whole_months(born: date | None, today: date, months: int | None) -> None:
    assert months_old(born, today) == months


def test_the_day_is_that_of_the_organisation(protocol: Protocol) -> None:
    assert local_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), protocol) == date(2026, 7, 2)
    assert local_day(datetime(2026, 1, 1, 22, 30, tzinfo=UTC), protocol) == date(2026, 1, 1)
