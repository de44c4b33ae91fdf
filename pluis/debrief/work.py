"""The hands of one turn: the open transaction, what belongs to it, and the messages that it gathers."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from pluis.debrief.known import Background, background, facts_from
from pluis.debrief.reply import Message
from pluis.protocol.facts import Facts
from pluis.protocol.read import Protocol
from pluis.signals.finder import Finder, Finding
from pluis.store.debriefs import (
    Answer,
    Debrief,
    Found,
    LevelChange,
    Turn,
    answers,
    findings,
    level_changes,
    turns,
)
from pluis.store.escalations import Escalation


@dataclass
class Work:
    """Rows are read once per turn and kept here. `intent` is what Rasa made of the words; None for a button."""

    session: Session
    protocol: Protocol
    finder: Finder | None
    debrief: Debrief
    turn: Turn
    now: datetime
    intent: str | None = None
    verb: str | None = None  # what the turn turned out to be; kept with it at the end
    reading: Future[list[Finding]] | None = None  # the finder is at the words already
    messages: list[Message] = field(default_factory=list)
    unclear: str | None = None  # the question at which words fitted no choice
    progress: tuple[int, int] | None = None  # questions answered and expected, once the next one is known

    @property
    def language(self) -> Any:
        return self.debrief.language

    def read(self) -> list[Finding]:
        """What the finder sees in the words of this turn."""
        assert self.finder is not None
        return self.reading.result() if self.reading else self.finder.find(self.turn.text, self.language)

    @cached_property
    def behind(self) -> Background:
        return background(self.session, self.protocol, self.debrief, self.now)

    @cached_property
    def answers(self) -> list[Answer]:
        return answers(self.session, self.debrief.id)

    @cached_property
    def found(self) -> list[Found]:
        return findings(self.session, self.debrief.id)

    @cached_property
    def changes(self) -> list[LevelChange]:
        return level_changes(self.session, self.debrief.id)

    @cached_property
    def earlier_turns(self) -> list[Turn]:
        return [turn for turn in turns(self.session, self.debrief.id) if turn.id != self.turn.id]

    @cached_property
    def escalation(self) -> Escalation | None:
        newest = self.behind.escalation_id
        return self.session.get(Escalation, newest) if newest is not None else None

    def text(self, name: str, /, **values: object) -> str:
        return self.protocol.say(name, self.language, **values)

    def say(self, name: str, /, **values: object) -> None:
        self.messages.append(Message(self.text(name, **values)))

    def facts(self, closing: bool = False) -> Facts:
        running = self.escalation
        return facts_from(
            self.behind,
            self.protocol,
            self.debrief,
            self.answers,
            self.found,
            closing=closing,
            acknowledged=running is not None and running.state != "open",
        )

    def put(self, key: str, value: Any, text: str = "") -> None:
        """Store an answer. An earlier answer to the same question stays, marked as replaced."""
        question, _, subject = key.partition("/")
        for old in self.answers:
            if old.key == key and old.replaced_at is None:
                old.replaced_at = self.now
        answer = Answer(
            debrief_id=self.debrief.id,
            turn_id=self.turn.id,
            key=key,
            question=question,
            subject=subject or None,
            value=value,
            text=text,
            at=self.now,
        )
        self.session.add(answer)
        self.answers.append(answer)

    def add_found(self, found: Found) -> None:
        self.session.add(found)
        self.session.flush()
        self.found.append(found)

    def change_level(self, kind: str, level: str, reason: str = "", by: int | None = None) -> None:
        change = LevelChange(
            debrief_id=self.debrief.id,
            kind=kind,
            level=level,
            reason=reason,
            rules=self.debrief.rules or [],
            by_id=by,
            at=self.now,
        )
        self.session.add(change)
        self.changes.append(change)
