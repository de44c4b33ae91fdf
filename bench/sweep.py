"""What a sweep of the courier costs when much has been: 100,000 closed escalations, 1,000 open ones.

    .venv/bin/python -m bench --only sweep

On SQLite, and on PostgreSQL when one answers at PLUIS_TEST_POSTGRES_URL. Nothing is due; one climbs; eight climb at
once. `cpu` is the processor time of this process: on a busy machine it says more than the clock. The time in which
messages are handed over is not in it: that happens in other threads.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event, insert, select, text, update

from bench import databases
from pluis.escalation import auditor
from pluis.escalation.courier import Courier
from pluis.runtime import Runtime
from pluis.store import Store
from pluis.store.cases import Case
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery
from tests.support.databases import NOW
from tests.support.mailbox import Mailbox

CLOSED, OPEN = 100_000, 1_000
CLIMBING = {"idle": 0, "one climbs": 1, "eight climb": 8}
TIMES = 40
WORDS = "Vader bedreigde moeder met een mes terwijl de kinderen erbij stonden."


def measure() -> dict[str, dict[str, float]]:
    """Figures for each kind of database and each number of escalations that climb."""
    found: dict[str, dict[str, float]] = {}
    for name, runtime in databases.each():
        fill(runtime.store)
        with Mailbox() as mailbox:
            settings = runtime.settings.model_copy(update={"mail_url": mailbox.url})
            for step, cost in costs(replace(runtime, settings=settings)).items():
                found[f"{name} {step}"] = cost
    return found


def costs(runtime: Runtime, times: int = TIMES) -> dict[str, dict[str, float]]:
    """What a sweep and the audit cost on this database."""
    courier = Courier(runtime, clock=lambda: NOW)
    try:
        courier.sweep(NOW)
        found = {name: _cost(runtime, courier, due, times) for name, due in CLIMBING.items()}
    finally:
        courier.close()
    return found | {"audit": _audit(runtime, times)}


def fill(store: Store, closed: int = CLOSED, running: int = OPEN) -> None:
    """So many escalations of one demo family that are over, and so many that run, each with two messages."""
    with store.transaction() as session:
        case = session.scalars(select(Case).order_by(Case.id).limit(1)).one()
        step = {
            "due_at": NOW.isoformat(),
            "channels": ["console", "mail", "sms", "chat"],
            "to": ["supervisor"],
            "people": [],
        }
        ladder = {"steps": [step] * 3, "decide_within": 60, "repeat_every": 15, "acknowledge_by": NOW.isoformat()}
        both = {
            "raised_by_id": case.counselor_id, "team_id": case.team_id, "case_id": case.id, "level": "L3",
            "confirmed": False, "reasons": [], "words": [{"words": WORDS, "confirmation": "open"}], "facts": {},
            "ladder": ladder, "step": 0, "round": 1, "raised_at": NOW,
        }  # fmt: skip
        over = both | {"state": "closed", "due_at": None, "check_on": NOW.date()}
        runs = both | {"state": "open", "due_at": NOW + timedelta(hours=1), "check_on": None}
        session.execute(insert(Escalation), [over] * closed)
        session.execute(insert(Escalation), [runs] * running)
        ids = list(session.scalars(select(Escalation.id).order_by(Escalation.id.desc()).limit(closed + running)))
        message = {
            "round": 1,
            "step": 0,
            "state": "sent",
            "attempts": 1,
            "created_at": NOW,
            "sent_at": NOW,
            "error": "",
        }
        for channel in ("mail", "console"):
            told = message | {"channel": channel, "account_id": case.supervisor_id}
            session.execute(insert(Delivery), [told | {"escalation_id": id} for id in ids])
        session.execute(text("analyze"))


def make_due(store: Store, many: int) -> None:
    """Let so many of the running escalations be due now."""
    with store.transaction() as session:
        ids = session.scalars(
            select(Escalation.id).where(Escalation.state == "open").order_by(Escalation.id.desc()).limit(many)
        )
        session.execute(update(Escalation).where(Escalation.id.in_(list(ids))).values(due_at=NOW))


def _cost(runtime: Runtime, courier: Courier, due: int, times: int) -> dict[str, float]:
    took, worked, counted = [], [], []
    statements: list[str] = []

    def count(*given: object) -> None:
        statements.append(str(given[2]))

    for _ in range(times):
        if due:
            make_due(runtime.store, due)
        statements.clear()
        event.listen(runtime.store.engine, "before_cursor_execute", count)
        began, before = time.perf_counter(), time.thread_time()
        courier.sweep(NOW)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.thread_time() - before) * 1000)
        event.remove(runtime.store.engine, "before_cursor_execute", count)
        counted.append(len(statements))
        courier.settle()
        while courier.sweep(NOW):
            courier.settle()
    return {
        "ms p50": round(statistics.median(took), 2),
        "ms least": round(min(took), 2),
        "cpu ms": round(statistics.median(worked), 2),
        "statements": statistics.median(counted),
    }


def _audit(runtime: Runtime, times: int) -> dict[str, float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        with runtime.store.reading() as session:
            auditor.overdue(session, NOW)
        took.append((time.perf_counter() - began) * 1000)
    return {"ms p50": round(statistics.median(took), 2), "ms least": round(min(took), 2)}
