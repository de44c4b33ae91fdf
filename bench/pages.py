"""How long lists and boards take at the server, on a database of `bench/seed.py`.

    .venv/bin/python bench/pages.py --home /tmp/big

The application answers in this process, without a network, so that the figures are its own. `cpu` is the processor time
of the usual request: on a busy machine it says more than the clock.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.seed import settings_of  # noqa: E402
from pluis.access import signing_in  # noqa: E402
from pluis.protocol.read import load_protocol  # noqa: E402
from pluis.runtime import Runtime  # noqa: E402
from pluis.store import Store  # noqa: E402
from pluis.store.cases import Case  # noqa: E402
from pluis.store.people import Account  # noqa: E402
from pluis.web.app import create_app  # noqa: E402

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

PAGES = (
    ("inbox", "supervisor", "/inbox"),
    ("team board", "supervisor", "/team"),
    ("overview", "supervisor", "/cases/{case}"),
    ("cases of a counselor", "counselor", "/api/cases"),
    ("cases of a team", "supervisor", "/api/cases"),
    ("cases of all", "quality", "/api/cases"),
    ("alerts of a team", "supervisor", "/api/escalations?state=open,acknowledged"),
    ("alerts of all", "manager", "/api/escalations?state=open,acknowledged"),
    ("home of a counselor", "counselor", "/"),
    ("all families", "quality", "/search"),
    ("search by name, team", "supervisor", "POST /api/cases/search"),
    ("search by name, all", "quality", "POST /api/cases/search"),
    ("filters, all", "quality", "POST /api/cases/search?filters"),
    ("dossier", "counselor", "/api/cases/{case}/dossier.json"),
    ("dossier on paper", "counselor", "/api/cases/{case}/dossier.pdf"),
    ("looking back, oneself", "counselor", "/reflection"),
    ("looking back, team", "supervisor", "/reflection"),
    ("audit of three months", "quality", "/api/audit.json?seed=1"),
)


def ask(http: TestClient, path: str, headers: dict[str, str]) -> Any:
    """One request; a search sends what it looks for along."""
    if not path.startswith("POST "):
        return http.get(path, headers=headers)
    asked: dict[str, Any] = {"late": True, "unseen": True, "level": "high"} if "filters" in path else {"text": "moeder"}
    return http.post(path.removeprefix("POST ").partition("?")[0], json=asked, headers=headers)


def main() -> None:
    """Measure each page and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)  # libraries tell every request, which costs time and fills the screen
    url = f"sqlite:///{given.home.resolve() / 'pluis.db'}"
    settings = settings_of(url, given.home)
    store = Store.of(settings)
    runtime = Runtime(settings, store, load_protocol(ROOT / "data"))
    with store.transaction() as session:
        tokens = {}
        for _name, who, _path in PAGES:
            row = session.scalars(select(Account).where(Account.username == who)).one()
            tokens[who] = signing_in.start(session, row, datetime.now(UTC))
        counselor = session.scalars(select(Account.id).where(Account.username == "counselor")).one()
        case = session.scalars(select(Case.id).where(Case.counselor_id == counselor).order_by(Case.id.desc())).first()
    figures = {}
    with TestClient(create_app(runtime), base_url="http://127.0.0.1") as http:
        for name, who, path in PAGES:
            took, worked = [], []
            for _ in range(given.times + 2):
                begun, before = time.perf_counter(), time.process_time()
                got = ask(http, path.format(case=case), {"Authorization": f"Bearer {tokens[who]}"})
                took.append((time.perf_counter() - begun) * 1000)
                worked.append((time.process_time() - before) * 1000)
                if got.status_code != 200:
                    sys.exit(f"{path}: {got.status_code} {got.text[:200]}")
            took, worked = sorted(took[2:]), sorted(worked[2:])
            figures[name] = {
                "p50": took[len(took) // 2],
                "p95": took[int(len(took) * 0.95) - 1],
                "cpu": worked[len(worked) // 2],
                "kB": len(got.content) / 1000,
            }
            print(
                f"{name:24} p50 {figures[name]['p50']:7.1f} ms   p95 {figures[name]['p95']:7.1f} ms   "
                f"cpu {figures[name]['cpu']:7.1f} ms   {figures[name]['kB']:8.1f} kB"
            )
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2))
    store.engine.dispose()


if __name__ == "__main__":
    main()
