"""What the counselor gets back on a turn."""

from dataclasses import asdict, dataclass, field
from typing import Any

from pluis.store.base import Json


@dataclass(frozen=True)
class Button:
    title: str
    value: str


@dataclass(frozen=True)
class Item:
    """A line to tick in a message about several people or findings at once. `value` is its part of a button's value."""

    id: str
    label: str
    words: str = ""
    choices: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Message:
    """One message. `kind`: question | confirm | danger | notice | summary | note | error. `key`: what it asks.

    `preselect`: the first choice of each item may stand chosen already, since it is what is usual.
    """

    text: str
    kind: str = "notice"
    buttons: tuple[Button, ...] = ()
    hint: str = ""
    key: str | None = None
    items: tuple[Item, ...] = ()
    several: bool = False
    preselect: bool = False
    numbers: tuple[Json, ...] = ()

    def as_json(self) -> Json:
        return {**asdict(self), "buttons": [asdict(button) for button in self.buttons]}


@dataclass(frozen=True)
class Reply:
    """`level` is None while nothing is worth a level yet, else `{"value", "name", "reasons", "safety"}`."""

    messages: list[Json]
    state: str
    progress: dict[str, int] = field(default_factory=lambda: {"answered": 0, "expected": 0})
    level: Json | None = None

    def as_json(self) -> Json:
        return dict(vars(self))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Reply":
        return cls(**stored)
