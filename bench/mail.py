"""How soon an acute alert leaves by mail: from the commit of the answer to a real mail server, 200 times.

    .venv/bin/python -m bench --only mail

On SQLite, and on PostgreSQL when one answers at PLUIS_TEST_POSTGRES_URL. The courier is a process of its own, as in use.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from bench import databases
from pluis.escalation import raising
from pluis.runtime import Runtime
from pluis.settings import ROOT
from tests.support.databases import KEYS, NOW
from tests.support.families import account
from tests.support.mailbox import Mailbox

MANY = 200


def measure(many: int = MANY) -> dict[str, dict[str, float]]:
    """Milliseconds for each kind of database."""
    found: dict[str, dict[str, float]] = {}
    for name, runtime in databases.each():
        spent = sorted(delays(runtime, runtime.settings.home, many))
        found[name] = {
            "p50 ms": round(spent[len(spent) // 2] * 1000),
            "p99 ms": round(spent[int(len(spent) * 0.99) - 1] * 1000),
            "most ms": round(spent[-1] * 1000),
        }
    return found


def delays(runtime: Runtime, home: Path, many: int) -> list[float]:
    """Seconds between the commit of each alert and its mail; the first one, which wakes the courier, does not count."""
    with Mailbox() as mailbox:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PLUIS_")} | {
            "DATABASE_URL": runtime.store.engine.url.render_as_string(hide_password=False),
            "PLUIS_HOME": str(home),
            "PLUIS_MAIL_URL": mailbox.url,
            "PLUIS_SECRET": "s" * 40,
            "PLUIS_KEYS": KEYS,
            "PLUIS_CHANNEL_KEY": "k" * 40,
        }
        command = [str(ROOT / ".venv/bin/python"), "-m", "pluis.escalation.courier"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return [_delay(runtime, mailbox) for _ in range(many + 1)][1:]
        finally:
            process.terminate()
            if process.wait(15) != 0:
                raise RuntimeError("the courier did not stop as it should")


def _delay(runtime: Runtime, mailbox: Mailbox) -> float:
    with runtime.store.transaction() as session:
        number = raising.raise_without_debrief(
            session, runtime.protocol, account(session, "counselor"), "help", NOW.now(NOW.tzinfo)
        ).id
    committed = time.time()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        mail = next((mail for mail in reversed(mailbox.mails) if mail.id.startswith(f"<e{number}.")), None)
        if mail is not None:
            return mail.at - committed
        time.sleep(0.005)
    raise RuntimeError("no mail within 30 s")
