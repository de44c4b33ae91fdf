"""Several units on one PostgreSQL, any process of which is killed with -9 while counselors talk to all of them at once.

The short version runs with all tests, with something small in the place of Rasa. `PLUIS_TEST_KILLS=25` makes it the long
one: so many kills of each kind, with Rasa itself.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from pluis.store import Store
from pluis.store.debriefs import Debrief, Turn
from pluis.store.escalations import Escalation
from pluis.store.keys import Keys
from tests.support.databases import KEYS, Databases, Postgres
from tests.support.families import add_family
from tests.support.units import Counselor, Units

KILLS = int(os.environ.get("PLUIS_TEST_KILLS", "0"))
PEOPLE, MODE = (8, "visit") if KILLS else (3, "short")
FAMILIES_EACH = 12
WORDS = "Vader bedreigde moeder met een mes terwijl de kinderen erbij stonden."


@pytest.mark.timeout(400 + 60 * KILLS)
def test_nothing_acknowledged_is_lost(databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not isinstance(databases, Postgres):
        pytest.skip("Several units need PostgreSQL.")
    times = KILLS or 1
    with databases.copy() as url:
        store = Store(url, Keys(KEYS))
        try:
            with store.transaction() as session:
                cases = [add_family(session, datetime.now(UTC)).id for _ in range(PEOPLE * FAMILIES_EACH)]
            with Units(tmp_path, url, 2, rasa=KILLS > 0) as units:
                units.wait_until_up()
                counselors = [Counselor(units, "counselor", seed) for seed in range(PEOPLE)]
                units.rage(times, seed=times)
                began = time.monotonic()

                def talk(number: int) -> None:
                    _talk(units, times, counselors[number], cases[number::PEOPLE])

                with ThreadPoolExecutor(PEOPLE) as pool:
                    list(pool.map(talk, range(PEOPLE)))
                units.calm()
                for counselor in counselors:
                    counselor.close()
                took = time.monotonic() - began
                _check(store, units, counselors)
            _check_log(units.log)
        finally:
            store.engine.dispose()
    counts = {
        "seconds": round(took), "killed": dict(units.kills), "acknowledged": sum(len(c.acknowledged) for c in counselors),
        "debriefs": len({debrief for c in counselors for debrief, _, _ in c.acknowledged}),
        "asked again": sum(c.refused for c in counselors),
    }  # fmt: skip
    with capsys.disabled():
        print(f"\n2 units: {counts}")


def _talk(units: Units, times: int, counselor: Counselor, cases: list[int]) -> None:
    """Debrief one family after the other until enough was killed; what was begun is finished."""
    for number, case in enumerate(cases):
        debrief, question = counselor.begin(case, MODE)
        assert question is not None
        question = counselor.say(debrief, question, WORDS)
        while question is not None:
            question = counselor.say(debrief, question)
        if units.enough(times) or number + 1 == len(cases):
            return


def _check(store: Store, units: Units, counselors: list[Counselor]) -> None:
    """Each acknowledged message is one answered turn, each debrief has come to its end and raised one alert."""
    assert all(units.kills[kind] for kind in ("web", "bot", "actions", "courier")), units.kills
    said = [one for counselor in counselors for one in counselor.acknowledged]
    debriefs = {debrief for debrief, _, _ in said}
    with store.reading() as session:
        turns = list(session.scalars(select(Turn).where(Turn.debrief_id.in_(debriefs))))
        found = Counter((turn.debrief_id, turn.client_id, turn.text) for turn in turns if turn.reply is not None)
        assert found == Counter(said)
        assert len(turns) == len(said)
        states = session.execute(select(Debrief.id, Debrief.state).where(Debrief.id.in_(debriefs))).all()
        assert {state for _, state in states} == {"done"}
        alerts = Counter(session.scalars(select(Escalation.debrief_id).where(Escalation.debrief_id.in_(debriefs))))
        assert alerts == Counter(debriefs)


def _check_log(log: Path) -> None:
    """Nothing that was said stands in it, and a turn can be followed from process to process."""
    lines = log.read_text(errors="replace").splitlines()
    assert "bedreigde" not in "".join(lines)
    found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    answered = {one["turn"] for one in found if one["process"] == "actions" and one["event"] == "turn"}
    assert answered & {one.get("turn") for one in found if one["process"] == "web"}
    assert any("alert" in one for one in found)
