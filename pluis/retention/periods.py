"""The periods, from data/retention.yml."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pluis.content import Identifier, Strict, Wording, read_as

FILE = "retention.yml"
Count = Annotated[int, Field(ge=1, le=1200)]


class Period(Strict):
    """So many years, months or days, and why."""

    years: Count | None = None
    months: Count | None = None
    days: Count | None = None
    why: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.years, self.months, self.days].count(None) != 2:
            raise ValueError("a period is a number of years, of months or of days.|Write exactly one of the three.")
        return self

    def before(self, now: datetime) -> datetime:
        """What is older than this has had its time."""
        if self.days:
            return now - timedelta(days=self.days)
        months = now.year * 12 + now.month - 1 - (self.years or 0) * 12 - (self.months or 0)
        year, month = divmod(months, 12)
        day = min(now.day, _length(year, month + 1))
        return now.replace(year=year, month=month + 1, day=day)

    def __str__(self) -> str:
        number, unit = next((n, u) for u in ("years", "months", "days") if (n := getattr(self, u)))
        return f"{number} {unit if number > 1 else unit[:-1]}"


class Periods(Strict):
    """All periods, and the words for why a file is destroyed or held."""

    case: Period
    alert_without_family: Period
    talk: Period
    support: Period
    training: Period
    access_log: Period
    sign_ins: Period
    reminders: Period
    destroy_because: dict[Identifier, Wording]
    hold_because: dict[Identifier, Wording]


def load_periods(data: Path) -> Periods:
    """Reads retention.yml. Raises ContentError with all its faults."""
    return read_as(Periods, data / FILE)


def _length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
