"""Events after which the risk is assessed anew, as data, and which of them a debrief tells of. Pure."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pluis.content import Strict
from pluis.protocol.facts import Facts

if TYPE_CHECKING:
    from pluis.protocol.read import Protocol

# So many words before a phrase may take it back: "nog niet verhuisd", "no police at the door".
_BEFORE = 3
_TAKES_BACK = frozenset(
    ["geen", "niet", "nooit", "zonder", "not", "no", "never", "without", "isn't", "wasn't", "hasn't"]
)


class Event(Strict):
    """One kind of event: told by a choice (`answers`), by a signal that somebody confirmed, or in plain `words`."""

    id: str
    name: dict[str, str]
    answers: dict[str, list[str]] = {}
    signals: list[str] = []
    words: list[str] = []


class Reassessment(Strict):
    """`within`: days after an event until the assessment has to be there. `contact_lost`: days that nobody was seen."""

    within: Annotated[int, Field(gt=0)] = 7
    contact_lost: Annotated[int, Field(gt=0)] = 14
    events: list[Event] = []


def events(protocol: "Protocol", facts: Facts) -> list[str]:
    """The ids of the events that this debrief tells of. What the counselor said of herself is not looked at."""
    signals = {finding.signal for finding in facts.findings if finding.counts}
    private = {question.id for block in protocol.blocks for question in block.questions if question.private}
    texts = [text.lower() for key, text in facts.texts.items() if key.partition("/")[0] not in private]

    def happened(event: Event) -> bool:
        chosen = any(
            set(values) & set(value if isinstance(value, list) else [value])
            for answer, values in event.answers.items()
            for _subject, value in facts.values(answer)
        )
        return chosen or bool(signals & set(event.signals)) or _told(event.words, texts)

    return [event.id for event in protocol.ladders.reassessment.events if happened(event)]


def _told(phrases: Iterable[str], texts: Iterable[str]) -> bool:
    return any(
        not _TAKES_BACK & set(re.findall(r"[\w']+", text[: found.start()])[-_BEFORE:])
        for text in texts
        for phrase in phrases
        for found in re.finditer(rf"\b{re.escape(phrase.lower())}\b", text)
    )
