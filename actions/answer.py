"""The validation of the form: an answer to the open question."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import perform

SLOT = "answer"
DONE = "done"


class ValidateDebriefForm(Action):  # type: ignore[misc] # rasa-sdk has no types
    """Hands the answer to the service, which knows the open question and says what comes next.

    Not rasa-sdk's FormValidationAction, which reads the whole domain and the event history at each call.
    """

    def name(self) -> str:
        """The name by which Rasa finds the validation of `debrief_form`."""
        return "validate_debrief_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The slot stays empty, and so the form open, until the service says that the debrief is done."""
        state = await perform(self.name(), "answer", tracker, dispatcher)
        return [SlotSet(SLOT, DONE if state == "done" else None)]
