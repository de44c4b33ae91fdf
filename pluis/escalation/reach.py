"""What it takes to reach a person: which channels, how often to try, when to go on to the next person. Pure."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from pluis.protocol.ladders import ACUTE

CHANNELS = ("console", "mail", "sms", "chat", "webhook")
# Seconds between the attempts to send one message; after the last one it has failed. Together just over five minutes,
# for a mail server that greylists takes a message after five.
PAUSES = (2.0, 5.0, 15.0, 45.0, 120.0, 120.0)
WAITING = ("waiting",)
NEVER_THERE = ("no_channel", "unneeded")


def channels_for(level: str, of_step: Sequence[str], wished: Collection[str] | None) -> list[str]:
    """On which channels somebody is told.

    An acute alert uses every channel there is. Otherwise a person may leave channels out, but never all of those that
    reach people outside the console.
    """
    if level == ACUTE:
        return list(CHANNELS)
    kept = [channel for channel in of_step if channel == "console" or wished is None or channel in wished]
    outside = any(channel != "console" for channel in kept)
    return kept if outside else list(of_step)


def pause_after(attempts: int, pauses: Sequence[float] = PAUSES) -> timedelta | None:
    """How long to wait after this many attempts; None when it has been tried often enough."""
    return timedelta(seconds=pauses[attempts - 1]) if attempts <= len(pauses) else None


def nobody_reached(deliveries: Collection[tuple[str, str]]) -> bool:
    """Whether the messages of a step, as (channel, state), can reach nobody any more.

    The console alone counts as long as no other channel is set up; where one is, people are expected to be reached.
    """
    outside = [state for channel, state in deliveries if channel != "console" and state not in NEVER_THERE]
    return bool(outside) and all(state in ("failed", "no_address") for state in outside)
