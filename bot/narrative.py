"""A long message is a story.

"Why", "skip" or "back" is said in a few words. A counselor who types more than nine words is telling what was
seen, whatever word a classifier trips over; taking it for a digression would lose an answer. The price is the
wordy request ("could you perhaps tell me why you ask this now"): it is stored as an answer, which a human reads.
The same goes for what no request looks like: a hundred characters and more, signs of markup and code, or no letters
at all (but "112" is one).

The channel asks `is_story` before the pipeline is, which saves most stories half of their way through Rasa. The component
says the same to whoever uses the model without our channel.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

MARKUP = frozenset("<>{}")
LONGEST_REQUEST = 9  # words
LONGEST_REQUEST_CHARACTERS = 100


def is_story(text: str) -> bool:
    """Whether this is too long, or too strange, to be a request."""
    too_long = len(text.split()) > LONGEST_REQUEST or len(text) > LONGEST_REQUEST_CHARACTERS
    return too_long or not MARKUP.isdisjoint(text) or not _has_letters_or_a_number_to_call(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Narrative(GraphComponent, IntentClassifier):
    """Sets the intent `inform` on every message that is too long or too strange to be a request."""

    @classmethod
    def required_components(cls) -> list[Any]:
        """It corrects a classifier, so one must come before it."""
        return [IntentClassifier]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Narrative:
        """Build the component from config.yml."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Correct the intent of long messages; the ranking keeps what the classifier thought."""
        for message in messages:
            if is_story(message.get(TEXT) or ""):
                message.set(INTENT, {"name": "inform", "confidence": 1.0}, add_to_output=True)
        return messages


def _has_letters_or_a_number_to_call(text: str) -> bool:
    return any(sign.isalpha() for sign in text) or sum(sign.isdigit() for sign in text) >= 3
