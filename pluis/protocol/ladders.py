"""The ladders as data: who is told at which level, on what, after how long."""

from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, model_validator

from pluis.content import Strict
from pluis.protocol.facts import LEVELS
from pluis.protocol.reassessing import Reassessment

Recipient = Literal["supervisor", "on_call", "manager"]
Channel = Literal["console", "mail", "sms", "chat", "webhook"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
YearlyDay = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")]
ACUTE = "L3"


class LadderStep(Strict):
    """Due `after` so many minutes, or `at` a time on the next working day."""

    after: Annotated[int, Field(ge=0)] | None = None
    at: time | None = None
    to: Annotated[list[Recipient], Field(min_length=1)]
    channels: Annotated[list[Channel], Field(min_length=1)]

    @model_validator(mode="after")
    def _timed(self) -> "LadderStep":
        if (self.after is None) == (self.at is None):
            raise ValueError("a step needs 'after' or 'at'.|Say after how many minutes, or at what time, it is due.")
        return self


class Ladder(Strict):
    """Times in minutes. `acknowledge_by`: a time of day on a working day. From `late_from` on, the first step goes to `late_to`."""

    acknowledge_within: Annotated[int, Field(gt=0)] | None = None
    acknowledge_by: time | None = None
    decide_within: Annotated[int, Field(gt=0)]
    repeat_every: Annotated[int, Field(gt=0)]
    late_from: time | None = None
    late_to: list[Recipient] = []
    steps: Annotated[list[LadderStep], Field(min_length=1)]

    @model_validator(mode="after")
    def _answerable(self) -> "Ladder":
        if (self.acknowledge_within is None) == (self.acknowledge_by is None):
            raise ValueError(
                "the time to acknowledge is not clear.|Give 'acknowledge_within' or 'acknowledge_by', one of the two."
            )
        if self.steps[0].after != 0:
            raise ValueError("the first step has to be at once.|Give it 'after: 0'.")
        minutes = [step.after for step in self.steps if step.after is not None]
        if any(later <= earlier for earlier, later in pairwise(minutes)):
            raise ValueError("a step is not later than the one before it.|Let 'after' rise from step to step.")
        if (self.late_from is None) != (not self.late_to):
            raise ValueError("'late_from' and 'late_to' belong together.|Give both of them, or neither.")
        return self


class WorkingHours(Strict):
    """`holidays`: a date of one year, or a day of every year as "12-25" (month-day)."""

    days: Annotated[list[Day], Field(min_length=1)]
    start: time
    end: time
    timezone: str = "Europe/Amsterdam"
    holidays: list[date | YearlyDay] = []

    @model_validator(mode="after")
    def _real(self) -> "WorkingHours":
        if self.start >= self.end:
            raise ValueError("the working day ends before it starts.|Let 'end' be later than 'start'.")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"'{self.timezone}' is no time zone.|Write for example Europe/Amsterdam.") from None
        return self


class Ladders(Strict):
    """The whole of `escalation.yml`."""

    working_hours: WorkingHours
    ladders: dict[str, Ladder]
    reassessment: Reassessment = Reassessment()

    @model_validator(mode="after")
    def _complete(self) -> "Ladders":
        unknown = next((level for level in self.ladders if level not in LEVELS), None)
        if unknown is not None:
            raise ValueError(f"'{unknown}' is no level.|Use: {', '.join(LEVELS)}.")
        if ACUTE not in self.ladders:
            raise ValueError(f"there is no ladder for {ACUTE}.|Add one: an acute alert has to reach somebody.")
        if all(channel == "console" for step in self.ladders[ACUTE].steps for channel in step.channels):
            raise ValueError(
                f"the ladder of {ACUTE} stays in the console.|Add a channel that reaches people elsewhere."
            )
        return self
