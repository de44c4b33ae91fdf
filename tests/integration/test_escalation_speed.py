"""What a sweep asks of the database when much has been, and that every alert leaves. How fast: `bench`, sweep and mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench import mail, sweep
from pluis.runtime import Runtime
from tests.support.mailbox import Mailbox

# With the messages of each: ten of an acute one, to two people.
MOST_STATEMENTS = {"idle": 4, "one climbs": 18, "eight climb": 40}


@pytest.mark.slow
def test_a_sweep_asks_little_however_much_has_been(runtime: Runtime) -> None:
    sweep.fill(runtime.store, closed=2000, running=100)
    with Mailbox() as mailbox:
        settings = runtime.settings.model_copy(update={"mail_url": mailbox.url})
        found = sweep.costs(replace(runtime, settings=settings), times=3)
    for name, most in MOST_STATEMENTS.items():
        assert found[name]["statements"] <= most, name


@pytest.mark.slow
def test_every_acute_alert_leaves_by_mail_from_a_courier_of_its_own(runtime: Runtime, tmp_path: Path) -> None:
    assert len(mail.delays(runtime, tmp_path, many=5)) == 5
