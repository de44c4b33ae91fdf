"""Fill a database with made-up families and debriefs, to see whether lists stay quick as it grows.

    .venv/bin/python bench/seed.py --home /tmp/big --families 2000 --debriefs 20000

The demo accounts come with it. Everything is drawn with one seed, so that two runs make the same database.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pluis.demo import seed as seed_demo  # noqa: E402
from pluis.settings import Settings  # noqa: E402
from pluis.store import Store  # noqa: E402
from pluis.store.cases import Agreement, Case, Person, Sighting  # noqa: E402
from pluis.store.debriefs import Answer, Debrief, Found, LevelChange, SupportWish, Unknown  # noqa: E402
from pluis.store.escalations import Escalation, EscalationEvent  # noqa: E402
from pluis.store.keys import make_first  # noqa: E402
from pluis.store.migrate import upgrade  # noqa: E402
from pluis.store.outgoing import Delivery  # noqa: E402
from pluis.store.people import Account, Team  # noqa: E402

FAMILIES_EACH = 20  # of one counselor
COUNSELORS_EACH = 8  # of one team
LEVELS = ("L0", "L0", "L0", "L1", "L1", "L1", "L2", "L2+", "L3")
RULES = {"L0": "R0", "L1": "R7", "L2": "R3b", "L2+": "R3a", "L3": "R1"}
SIGNALS = ("family_stress_and_isolation", "child_unexplained_injury", "caregiver_mental_health_worsening")
QUESTIONS = ("A1", "B1", "C1", "C2", "D1", "D2", "F1", "G1")
AT_ONCE = 2000


def fill(store: Store, families: int, debriefs: int, now: datetime) -> None:
    """Teams, counselors, families and debriefs beside the demo."""
    draw = random.Random(1)
    with store.transaction() as session:
        north = session.scalars(select(Team).order_by(Team.id)).first()
        assert north is not None
        pattern = session.scalars(select(Account).where(Account.username == "counselor")).one()
        counselors = max(families // FAMILIES_EACH, 1)
        first_case = (session.scalar(select(func.max(Case.id))) or 0) + 1
        first_person = (session.scalar(select(func.max(Person.id))) or 0) + 1
        teams = [north.id]
        for number in range(1, -(-counselors // COUNSELORS_EACH)):
            team = Team(name=f"Team {number:03d}")
            session.add(team)
            session.flush()
            teams.append(team.id)
        workers = _workers(session, pattern, teams, counselors)
        cases, people, agreements = [], [], []
        for number in range(families):
            worker, supervisor, team = workers[number % len(workers)]
            id = first_case + number
            cases.append(_case(draw, id, worker, supervisor, team, now.date()))
            for place, (kind, relation, parent) in enumerate(
                (
                    ("adult", "moeder", True),
                    ("adult", "vader", True),
                    ("child", "zoon", False),
                    ("child", "dochter", False),
                )
            ):
                people.append(_person(first_person + number * 4 + place, id, kind, relation, parent, now.date()))
            agreements.append(
                {"case_id": id, "text": "Moeder belt de huisarts", "state": draw.choice(("open", "kept", "broken")),
                 "safety": number % 3 == 0, "made_at": now - timedelta(days=draw.randrange(90))}
            )  # fmt: skip
        _insert(session, Case, cases)
        _insert(session, Person, people)
        _insert(session, Agreement, agreements)
        wishes = [
            {"account_id": workers[n][0], "kind": "contact", "by_when": "today", "words": "", "at": now}
            for n in range(0, len(workers), 5)
        ]
        _insert(session, SupportWish, wishes)
    for start in range(0, debriefs, AT_ONCE):
        with store.transaction() as session:
            numbers = range(start, min(start + AT_ONCE, debriefs))
            _debriefs(session, draw, numbers, families, debriefs, first_case, first_person, workers, now)
    if store.sqlite:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def _workers(session: Any, pattern: Account, teams: list[int], counselors: int) -> list[tuple[int, int, int]]:
    """The demo counselor first, then made-up ones: (counselor, supervisor, team)."""

    def account(name: str, role: str, team: int) -> int:
        row = Account(
            username=name, name=name.title(), role=role, team_id=team, language="nl", phone="", mail="", chat="",
            channels=None, password_hash=pattern.password_hash, active=True, failures=0,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id

    boss = session.scalars(select(Account.id).where(Account.username == "supervisor")).one()
    bosses = {team: boss if team == teams[0] else account(f"boss{team}", "supervisor", team) for team in teams}
    made = [(pattern.id, boss, teams[0])]
    for number in range(1, counselors):
        team = teams[number // COUNSELORS_EACH]
        made.append((account(f"worker{number}", "counselor", team), bosses[team], team))
    return made


def _case(draw: random.Random, id: int, worker: int, supervisor: int, team: int, today: date) -> dict[str, Any]:
    assessed = today - timedelta(days=draw.randrange(0, 120)) if draw.random() < 0.9 else None
    return {
        "id": id, "number": f"B-{id:06d}", "family": f"Familie {id:06d}", "team_id": team, "counselor_id": worker,
        "supervisor_id": supervisor, "one_parent_reason": "", "started_on": today - timedelta(days=700),
        "assessed_on": assessed,
    }  # fmt: skip


def _person(id: int, case: int, kind: str, relation: str, parent: bool, today: date) -> dict[str, Any]:
    born = today - timedelta(days=2000 + id % 2000) if kind == "child" else None
    return {
        "id": id, "case_id": case, "name": f"{relation.title()} {id}", "kind": kind, "relation": relation,
        "born_on": born, "speaks": True, "lives_here": True, "parent": parent, "authority": parent,
    }  # fmt: skip


def _debriefs(
    session: Any, draw: random.Random, numbers: range, families: int, all: int, first_case: int, first_person: int,
    workers: list[tuple[int, int, int]], now: datetime,
) -> None:  # fmt: skip
    rows: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Debrief, Sighting, Answer, Found, LevelChange, Unknown, Escalation)
    }
    told: list[tuple[str, int, datetime]] = []
    for number in numbers:
        place = number % families
        case, worker = first_case + place, workers[place % len(workers)]
        at = now - timedelta(minutes=int((all - number) * 600 * 1440 / all))
        level = draw.choice(LEVELS)
        id = f"b{number:09d}"
        running = number >= all - families // 20
        rules = [{"rule": RULES[level], "level": level, "nl": "Een reden.", "en": "A reason.", "words": []}]
        rows[Debrief].append(
            {"id": id, "case_id": case, "account_id": worker[0], "mode": "visit", "language": "nl",
             "state": "open" if running else "done", "greeting": [], "opened_at": at, "touched_at": at,
             "closed_at": None if running else at + timedelta(minutes=draw.choice((6, 8, 30, 2000))),
             "proposed": level, "level": level, "rules": rules, "note": "# Verslag\n\nEen rustig bezoek. " * 20}
        )  # fmt: skip
        for offset in range(4):
            seen = draw.random() < 0.85
            rows[Sighting].append(
                {"person_id": first_person + place * 4 + offset, "debrief_id": id, "on": at.date(), "seen": seen,
                 "spoken": seen and draw.random() < 0.8, "alone": seen and draw.random() < 0.3}
            )  # fmt: skip
        for question in QUESTIONS:
            rows[Answer].append(
                {"debrief_id": id, "key": question, "question": question, "value": "told", "at": at,
                 "text": "Ze speelde met de blokken en vertelde over school."}
            )  # fmt: skip
        if level != "L0":
            rows[Found].append(
                {"case_id": case, "debrief_id": id, "key": "C1", "signal": draw.choice(SIGNALS), "kind": "signal",
                 "severity": "concern", "status": "present", "start": 0, "end": 9, "words": "een zorg", "sentence": "",
                 "score": 1.0, "source": "seen_by_worker", "facets": [], "confirmation": "yes", "confirmed_at": at,
                 "at": at}
            )  # fmt: skip
        rows[LevelChange].append(
            {"debrief_id": id, "kind": "proposed", "level": level, "reason": "", "rules": rules, "at": at}
        )
        if number % 4 == 0:
            rows[Unknown].append({"case_id": case, "debrief_id": id, "text": "Hoe het op school gaat"})
        if level in ("L2", "L2+", "L3"):
            rows[Escalation].append(_alert(draw, id, case, worker, level, at, recent=number > all - families // 10))
            told.append((id, worker[1], at))
    for model, found in rows.items():
        _insert(session, model, found)
    numbers_of = dict(
        session.execute(
            select(Escalation.debrief_id, Escalation.id).where(
                Escalation.debrief_id.in_([id for id, _who, _at in told])
            )
        ).all()
    )
    sent = [
        {"escalation_id": numbers_of[id], "round": 1, "step": 0, "account_id": who, "channel": channel, "state": "sent",
         "attempts": 1, "created_at": at, "sent_at": at + timedelta(seconds=5), "error": ""}
        for id, who, at in told for channel in ("console", "mail")
    ]  # fmt: skip
    _insert(session, Delivery, sent)
    logged = [
        {"escalation_id": numbers_of[id], "at": at + timedelta(minutes=wait), "kind": kind, "by_id": who, "detail": {}}
        for id, who, at in told for kind, wait in (("raised", 0), ("acknowledged", 9))
    ]  # fmt: skip
    _insert(session, EscalationEvent, logged)


def _alert(
    draw: random.Random, debrief: str, case: int, worker: tuple[int, int, int], level: str, at: datetime, recent: bool
) -> dict[str, Any]:
    state = draw.choice(("open", "acknowledged", "decided")) if recent else "decided"
    person = {"id": worker[1], "name": "Ilse Demo", "phone": ""}
    ladder = {
        "level": level, "begun": 1, "decide_within": 240, "repeat_every": 60,
        "steps": [{"due_at": at.isoformat(), "to": ["supervisor"], "channels": ["console", "mail"], "people": [person]}],
    }  # fmt: skip
    decided = state == "decided"
    return {
        "case_id": case, "debrief_id": debrief, "raised_by_id": worker[0], "team_id": worker[2], "level": level,
        "confirmed": False, "reasons": [], "words": [], "facts": {}, "state": state, "ladder": ladder, "step": 0,
        "round": 1, "raised_at": at, "due_at": None if decided else at + timedelta(hours=2),
        "acknowledge_by": at + timedelta(hours=2),
        "acknowledged_at": None if state == "open" else at + timedelta(minutes=9),
        "acknowledged_by_id": None if state == "open" else worker[1],
        "decided_at": at + timedelta(minutes=50) if decided else None,
        "decided_by_id": worker[1] if decided else None,
        "decision": {"level": level, "reason": "Gesproken.", "action": "joint_visit", "tell_family": "", "check_on": ""}
        if decided else None,
        "check_on": (at + timedelta(days=7)).date() if decided else None,
    }  # fmt: skip


def _insert(session: Any, model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(model), rows)


def main() -> None:
    """Make the database of a home."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path, required=True, help="folder of the new database")
    parser.add_argument("--families", type=int, default=2000)
    parser.add_argument("--debriefs", type=int, default=20000)
    given = parser.parse_args()
    given.home.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{given.home.resolve() / 'pluis.db'}"
    if (given.home / "pluis.db").exists():
        sys.exit(f"{given.home / 'pluis.db'} is there already. Name another folder.")
    begun = time.perf_counter()
    make_first(given.home / "keys")
    upgrade(url)
    now = datetime.now(UTC).replace(microsecond=0)
    seed_demo(settings_of(url, given.home), now)
    store = Store.of(settings_of(url, given.home))
    fill(store, given.families, given.debriefs, now)
    store.engine.dispose()
    print(f"{given.families} families and {given.debriefs} debriefs in {time.perf_counter() - begun:.0f} s: {url}")


def settings_of(url: str, home: Path) -> Settings:
    """Settings of a Pluis on this database."""
    return Settings(
        home=home, port=8000, bot_port=5005, actions_port=5055, database_url=url, secret="s" * 40,
        channel_key="k" * 40, demo=True, data=ROOT / "data", language="nl", host="127.0.0.1",
        public_url="http://127.0.0.1",
    )  # fmt: skip


if __name__ == "__main__":
    main()
