"""The tracker store that keeps nothing.

Which question is open, what was answered and what was found stand in the database of Pluis. Of a conversation
Rasa itself needs one fact only, and the conversation id already tells it: a debrief runs inside the form, a
talk outside a debrief does not. So the tracker that the next turn needs is built anew each time:

* bounded: a stock store replays the whole history, 12 ms at turn 1 and 60 ms at turn 150; here it is always
  the same handful of events;
* disposable: what was typed is kept in one place, not in two with two retention periods;
* safe against kill -9: there is no state that could be half written or that could contradict the database;
* free to scale: any engine can take any turn.
"""

from __future__ import annotations

from collections.abc import Iterable

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

FORM = "debrief_form"
SLOT = "answer"
OUTSIDE = "user-"


def history(conversation: str) -> list[Event]:
    """The events after which the engine stands where the next message finds it.

    The session start is among them, so that Rasa does not run an action to begin one.
    """
    begun: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    if conversation.startswith(OUTSIDE):
        return begun
    return [
        *begun,
        ActionExecuted(FORM),
        ActiveLoop(FORM),
        SlotSet(REQUESTED_SLOT, SLOT),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


class DisposableTrackerStore(TrackerStore):
    """Builds trackers, stores none."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Forget the tracker: the action server has committed the turn before the engine comes here."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """A tracker inside the form for a debrief, a fresh one for a conversation outside a debrief."""
        tracker = self.init_tracker(sender_id)
        tracker.update_with_events(history(sender_id), self.domain)
        return tracker

    async def keys(self) -> Iterable[str]:
        """No conversation is kept."""
        return []
