"""Every alert is told, whatever is killed with -9 meanwhile: web, actions, couriers, the mail server.

The short version runs with all tests. `PLUIS_TEST_ESCALATIONS=500` makes it the long one.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from pluis.escalation import auditor
from pluis.store import Store
from pluis.store.escalations import Escalation
from pluis.store.keys import Keys
from pluis.store.outgoing import Delivery
from tests.support.chaos import Chaos, Sender
from tests.support.databases import KEYS, Databases, Sqlite
from tests.support.families import add_family
from tests.support.system import free_ports

MANY = int(os.environ.get("PLUIS_TEST_ESCALATIONS", "16"))
WORDS = "Vader bedreigde moeder met een mes terwijl de kinderen erbij stonden."
CLIENTS = 3
# How long web and actions live at least, in seconds, and how long a client waits between two alerts.
STEADY = 2.0
PAUSE = 0.5 if MANY <= 100 else 0.0


@pytest.mark.timeout(300 + 6 * MANY)
def test_every_alert_is_told_once(databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    couriers = 1 if isinstance(databases, Sqlite) else 2
    with databases.copy() as url:
        store = Store(url, Keys(KEYS))
        try:
            with store.transaction() as session:
                cases = [add_family(session, datetime.now(UTC)).id for _ in range(MANY)]
            with Chaos(tmp_path, url, couriers, free_ports(4), seed=MANY, steady=STEADY) as chaos:
                chaos.wait_until_up()
                began = time.monotonic()
                senders = [Sender(chaos, "counselor") for _ in range(CLIENTS)]
                chaos.rage(0.3, 1.2)
                with ThreadPoolExecutor(CLIENTS) as pool:
                    work = [
                        pool.submit(senders[number % CLIENTS].alarm, case, WORDS, PAUSE)
                        for number, case in enumerate(cases)
                    ]
                    debriefs = [done.result() for done in work]
                chaos.calm()
                for sender in senders:
                    sender.close()
                waited = _until_quiet(store)
                said = _check(store, chaos, debriefs)
                took = time.monotonic() - began
        finally:
            store.engine.dispose()
    with capsys.disabled():
        print(f"\n{type(databases).__name__}, {couriers} courier(s), {took:.0f} s ({waited:.1f} s after): {said}")


def _until_quiet(store: Store) -> float:
    """Wait until no message waits any more; returns how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < 200:
        with store.reading() as session:
            if session.scalar(select(Delivery.id).where(Delivery.state == "waiting").limit(1)) is None:
                break
        time.sleep(0.1)
    return time.monotonic() - began


def _check(store: Store, chaos: Chaos, debriefs: list[str]) -> str:
    mails = chaos.told()
    ids = {mail["id"] for mail in mails}
    with store.reading() as session:
        alerts = list(session.scalars(select(Escalation).where(Escalation.debrief_id.in_(debriefs))))
        rows = [row for alert in alerts for row in alert.deliveries if row.channel == "mail"]
        stuck = [row.key for row in rows if row.state == "waiting"]
        overdue = auditor.overdue(session, datetime.now(UTC))
    by_debrief = defaultdict(list)
    for alert in alerts:
        by_debrief[alert.debrief_id].append(alert)
    lost = [debrief for debrief in debriefs if debrief not in by_debrief]
    twice = [debrief for debrief, found in by_debrief.items() if len(found) > 1]
    untold = [alert.id for alert in alerts if not any(f"<{r.key}@example.org>" in ids for r in alert.deliveries)]
    unsent = [row.key for row in rows if row.state == "sent" and f"<{row.key}@example.org>" not in ids]
    # One person hears of one alert under one id, at each step and round.
    heard = defaultdict(set)
    for mail in mails:
        alert, round_, step, *_rest = mail["id"].strip("<>").split(".")
        heard[mail["to"], alert, round_, step].add(mail["id"])
    two_ids = [key for key, found in heard.items() if len(found) > 1]
    counts = {
        "alerts": len(alerts),
        "told": len(alerts) - len(untold),
        "lost": len(lost),
        "raised twice": len(twice),
        "told under two ids": len(two_ids),
        "stuck": len(stuck) + overdue,
        "mails": len(mails),
        "same mail again": len(mails) - len(ids),
        "killed": dict(chaos.kills),
    }
    assert (lost, twice, untold, unsent, two_ids, stuck, overdue) == ([], [], [], [], [], [], 0), counts
    assert len(debriefs) == len(set(debriefs)) == len(alerts) == MANY, counts
    assert all(row.state == "sent" for row in rows if row.step == 0), counts
    return ", ".join(f"{name} {value}" for name, value in counts.items())
