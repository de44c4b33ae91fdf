"""Moments go into the database in UTC and come back with their zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from pluis.store.base import Moment

LITE: Dialect = sqlite.dialect()
POST: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call, unused-ignore]
SUMMER = datetime(2026, 7, 1, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize("dialect", [LITE, POST], ids=["sqlite", "postgresql"])
def test_a_moment_comes_back_as_the_same_moment(dialect: Dialect) -> None:
    kept = Moment().process_bind_param(SUMMER, dialect)
    back = Moment().process_result_value(kept, dialect)

    assert back == SUMMER
    assert back is not None
    assert back.tzinfo is UTC


def test_nothing_stays_nothing() -> None:
    assert Moment().process_bind_param(None, LITE) is None
    assert Moment().process_result_value(None, LITE) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 7, 1), LITE)  # noqa: DTZ001 - that is the point
