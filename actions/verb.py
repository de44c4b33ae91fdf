"""The shape of an action that hands one verb to the debrief service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import perform


class Verb(Action, ABC):  # type: ignore[misc] # rasa-sdk has no types
    """An action named after its verb; the rules in data/rules say when it runs."""

    @property
    @abstractmethod
    def verb(self) -> str:
        """What the service is asked to do."""

    def name(self) -> str:
        """The name that domain.yml and the rules know."""
        return f"action_{self.verb}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Hand the verb on; the tracker stays as it is, because the database keeps the state."""
        await perform(self.name(), self.verb, tracker, dispatcher)
        return []
