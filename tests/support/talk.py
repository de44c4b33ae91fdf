"""A debrief in a test, without web and Rasa: says something, remembers what came back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from pluis.debrief import opening, turns
from pluis.debrief.reply import Reply
from pluis.runtime import Runtime
from pluis.store import debriefs, escalations
from pluis.store.cases import Case
from pluis.store.debriefs import Answer, Debrief, Found
from pluis.store.escalations import Escalation
from tests.support.databases import NOW
from tests.support.families import account
from tests.support.quiet import Message, answer, open_message

MOST_TURNS = 120


class Talk:
    """`verb` and `intent` are what Rasa would have made of the words."""

    def __init__(
        self,
        runtime: Runtime,
        case: str = "P-1001",
        *,
        counselor: str = "counselor",
        mode: Literal["visit", "short", "training"] = "visit",
        language: str = "nl",
        now: datetime = NOW,
    ) -> None:
        self.runtime, self.language, self.now = runtime, language, now
        self.turns = 0
        with runtime.store.transaction() as session:
            debrief, reply = opening.open_debrief(
                session,
                runtime.protocol,
                case=session.scalars(select(Case).where(Case.number == case)).one(),
                account=account(session, counselor),
                mode=mode,
                language=language,
                now=now,
            )
            self.id, self.account_id = debrief.id, debrief.account_id
        self.reply = reply

    @property
    def key(self) -> str | None:
        """The key of the question that is open."""
        return self.debrief().open_question

    @property
    def texts(self) -> str:
        """All that the last reply says."""
        return "\n".join(message["text"] for message in self.reply.messages)

    @property
    def kinds(self) -> list[str]:
        """The kinds of the messages of the last reply."""
        return [message["kind"] for message in self.reply.messages]

    @property
    def question(self) -> Message:
        """The message that asks."""
        found = open_message(self.reply.messages)
        assert found is not None, self.texts
        return found

    @property
    def values(self) -> list[str]:
        """The values of all buttons of the last reply."""
        return [button["value"] for message in self.reply.messages for button in message["buttons"]]

    def receive(self, text: str, *, client_id: str | None = None, question: str | None = None) -> str:
        """Store a message as the web process does; returns the id of its turn."""
        self.now += timedelta(seconds=15)
        with self.runtime.store.transaction() as session:
            turn = turns.receive(
                session,
                conversation=self.id,
                debrief=session.get(Debrief, self.id),
                account_id=self.account_id,
                text=text,
                client_id=client_id or secrets.token_hex(8),
                question=question,
                now=self.now,
            )
            return turn.id

    def handle(
        self, turn: str, verb: str = "answer", intent: str | None = None, confidence: float | None = 0.95
    ) -> Reply:
        """Answer a stored message as the action server does."""
        self.reply = turns.handle(turn, verb, intent, confidence, runtime=self.runtime, now=self.now)
        self.turns += 1
        return self.reply

    def say(
        self,
        text: str,
        verb: str = "answer",
        intent: str | None = None,
        confidence: float | None = 0.95,
        question: str | None = None,
    ) -> Reply:
        """One turn. `intent` follows from the verb unless it is an answer."""
        meant = intent or (None if verb == "answer" else verb)
        return self.handle(self.receive(text, question=question), verb, meant, confidence)

    def tap(self, choice: str) -> Reply:
        """Tap a button of the open question."""
        return self.say(f"{self.key}={choice}")

    def go_to(self, question: str, given: Mapping[str, str] | None = None) -> Message:
        """Answer as on a quiet visit until this question, or key, is open; returns its message."""
        for _ in range(MOST_TURNS):
            assert self.reply.state == "open", f"{question} was never asked"
            message = self.question
            if question in (message["key"], message["key"].partition("/")[0]):
                return message
            self.say(answer(message, self.language, given or {}))
        raise AssertionError(f"{question} was not reached in {MOST_TURNS} turns")

    def finish(self, given: Mapping[str, str] | None = None) -> Reply:
        """Answer as on a quiet visit to the end."""
        for _ in range(MOST_TURNS):
            if self.reply.state != "open":
                return self.reply
            self.say(answer(self.question, self.language, given or {}))
        raise AssertionError(f"not finished in {MOST_TURNS} turns")

    def debrief(self) -> Debrief:
        """The row of this debrief."""
        with self.runtime.store.reading() as session:
            return session.get_one(Debrief, self.id)

    def answers(self, *, with_history: bool = False) -> list[Answer]:
        """The answers that hold, or all there ever were."""
        with self.runtime.store.reading() as session:
            return debriefs.answers(session, self.id, with_history)

    def values_of(self, question: str) -> dict[str, Any]:
        """Key → value of the answers to a question that hold."""
        return {row.key: row.value for row in self.answers() if row.question == question}

    def found(self) -> list[Found]:
        """What was found in the words."""
        with self.runtime.store.reading() as session:
            return debriefs.findings(session, self.id)

    def confirmations(self) -> dict[str, str]:
        """Signal → what the counselor said of it."""
        return {row.signal: row.confirmation for row in self.found()}

    def escalation(self) -> Escalation | None:
        """The escalation of this debrief."""
        with self.runtime.store.reading() as session:
            return escalations.of_debrief(session, self.id)

    def rules(self) -> list[str]:
        """The rules that fired, the gravest first."""
        return [rule["rule"] for rule in self.debrief().rules or []]
