"""The texts of messages as data: what goes out by mail, SMS and chat."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pluis.content import LANGUAGES, Strict, Wording, read_as

ITEMS = ("debrief", "assessment", "check", "wish")
ALLOWED = frozenset({"level", "level_name", "case", "number", "time", "by", "link", "phone"})


class AlertText(Strict):
    """One message: `short` for SMS and chat, `title` and `body` for mail."""

    title: Wording
    body: Wording
    short: Wording

    @model_validator(mode="after")
    def _anonymous(self) -> "AlertText":
        for wording in (self.title, self.body, self.short):
            for language in LANGUAGES:
                unknown = set(re.findall(r"\{(\w+)\}", wording[language])) - ALLOWED
                if unknown:
                    raise ValueError(
                        f"{{{min(unknown)}}} may not be in a message.|Use: {', '.join(sorted(ALLOWED))}; no names, no words."
                    )
        for wording in (self.body, self.short):
            if any("{link}" not in wording[language] for language in LANGUAGES):
                raise ValueError("the link is missing.|Put {link} in it: that is how people answer.")
        return self


class AlertTexts(Strict):
    first: AlertText
    next: AlertText


class ReminderTexts(Strict):
    title: Wording
    title_one: Wording
    opening: Wording
    closing: Wording
    items: Annotated[dict[Literal["debrief", "assessment", "check", "wish"], Wording], Field(min_length=len(ITEMS))]


class Messages(Strict):
    """The whole of `messages.yml`."""

    alerts: AlertTexts
    reminders: ReminderTexts
    words: dict[str, Wording]


@lru_cache(maxsize=4)
def load_messages(data: Path) -> Messages:
    """Raises ContentError."""
    return read_as(Messages, data / "protocol" / "messages.yml")
