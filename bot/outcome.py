"""Whether a turn was really answered.

Rasa swallows every exception of an action and goes on as if the action had said nothing. The action call
therefore notes here how it went, and the channel looks at the note before it says 200. The note travels in a
context variable: the channel and the call run in the same task.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Outcome:
    """How the remote calls of one turn went."""

    answered: int = 0
    failed: bool = False

    @property
    def complete(self) -> bool:
        """True when the action server was asked, and answered every time."""
        return self.answered > 0 and not self.failed


_current: ContextVar[Outcome | None] = ContextVar("outcome", default=None)


def watch() -> Outcome:
    """Begin a turn; what the calls of this task do from here on is noted in the object returned."""
    outcome = Outcome()
    _current.set(outcome)
    return outcome


def answered() -> None:
    """Note a call whose reply was received and understood."""
    outcome = _current.get()
    if outcome is not None:
        outcome.answered += 1


def failed() -> None:
    """Note a call that brought no usable reply."""
    outcome = _current.get()
    if outcome is not None:
        outcome.failed = True
