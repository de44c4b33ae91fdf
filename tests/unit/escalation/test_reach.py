"""Which channels, how often, and when nobody was reached."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluis.escalation import reach

wishes = st.none() | st.sets(st.sampled_from(reach.CHANNELS))
ladders = st.lists(st.sampled_from(reach.CHANNELS), min_size=1, unique=True)


@given(ladders, wishes)
def test_acute_uses_every_channel_whatever_somebody_wishes(of_step: list[str], wished: set[str] | None) -> None:
    assert reach.channels_for("L3", of_step, wished) == list(reach.CHANNELS)


@given(ladders, wishes)
def test_a_wish_never_takes_the_last_channel_away(of_step: list[str], wished: set[str] | None) -> None:
    used = reach.channels_for("L2", of_step, wished)
    assert set(used) <= set(of_step)
    assert ("console" in used) == ("console" in of_step)
    if any(channel != "console" for channel in of_step):
        assert any(channel != "console" for channel in used)


def test_a_wish_is_followed() -> None:
    assert reach.channels_for("L2", ["console", "mail", "sms"], ["sms"]) == ["console", "sms"]


def test_pauses_grow_and_end() -> None:
    pauses = [reach.pause_after(attempt) for attempt in range(1, len(reach.PAUSES) + 2)]
    assert pauses[-1] is None
    known = [pause for pause in pauses if pause is not None]
    assert known == sorted(known)
    # A mail server that greylists takes it after five minutes.
    assert sum(pause.total_seconds() for pause in known) > 300


@pytest.mark.parametrize(
    ("deliveries", "nobody"),
    [
        ([("console", "sent")], False),
        ([("console", "sent"), ("mail", "no_channel")], False),
        ([("console", "sent"), ("mail", "failed")], True),
        ([("console", "sent"), ("mail", "no_address"), ("sms", "no_channel")], True),
        ([("mail", "failed"), ("sms", "waiting")], False),
        ([("mail", "failed"), ("sms", "sent")], False),
        ([("mail", "failed"), ("mail", "sent")], False),
        ([], False),
    ],
)
def test_nobody_reached(deliveries: list[tuple[str, str]], nobody: bool) -> None:
    assert reach.nobody_reached(deliveries) is nobody
