"""Fill an empty database with the demo of `families.yml`."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.access.passwords import hash_password
from pluis.debrief.level import answered_by, reasons
from pluis.debrief.note import note
from pluis.debrief.work import Work
from pluis.protocol.facts import rank
from pluis.protocol.read import Protocol, load_protocol
from pluis.risk.rules import assess
from pluis.settings import Settings
from pluis.store import Store
from pluis.store.cases import Agreement, Case, Person, Sighting
from pluis.store.debriefs import Answer, Debrief, Found, LevelChange, Turn, Unknown
from pluis.store.people import Account, OnCall, Team

HERE = Path(__file__).parent
# What a counselor answers who saw somebody so.
_SAID = {
    ("child", "alone"): {"B1": "seen", "B2": "alone"},
    ("child", "spoken"): {"B1": "seen", "B2": "with_parent"},
    ("child", "seen"): {"B1": "seen", "B2": "with_parent"},
    ("child", "not_seen"): {"B1": "not_seen"},
    ("adult", "spoken"): {"B3": "spoken"},
    ("adult", "seen"): {"B3": "seen"},
    ("adult", "not_seen"): {"B3": "not_spoken"},
}


def seed(settings: Settings, now: datetime | None = None) -> None:
    """Put the demo in, once. A database with accounts stays as it is."""
    store = Store.of(settings)
    with store.transaction() as session:
        if session.scalar(select(Team.id).limit(1)) is None:
            demo = yaml.safe_load((HERE / "families.yml").read_text("utf-8"))
            _fill(session, demo, load_protocol(settings.data), now or datetime.now(UTC))
    store.engine.dispose()


def _fill(session: Session, demo: dict[str, Any], protocol: Protocol, now: datetime) -> None:
    teams = {name: Team(name=name) for name in demo["teams"]}
    session.add_all(teams.values())
    session.flush()
    accounts: dict[str, Account] = {}
    for entry in demo["accounts"]:
        team = teams.get(entry.get("team"))
        accounts[entry["username"]] = Account(
            username=entry["username"],
            name=entry["name"],
            role=entry["role"],
            team_id=team.id if team else None,
            language=entry.get("language", "nl"),
            phone=entry["phone"],
            mail=entry.get("mail", f"{entry['username']}@demo.example"),
            password_hash=hash_password(f"demo-{entry['username']}"),
        )
    session.add_all(accounts.values())
    session.flush()
    for entry in demo["on_call"]:
        session.add(
            OnCall(
                team_id=teams[entry["team"]].id,
                account_id=accounts[entry["who"]].id,
                starts_at=now - timedelta(days=1),
                ends_at=now + timedelta(days=entry["days"]),
            )
        )
    for entry in demo["families"]:
        _family(session, entry, protocol, teams, accounts, now)


def _family(
    session: Session,
    entry: dict[str, Any],
    protocol: Protocol,
    teams: dict[str, Team],
    accounts: dict[str, Account],
    now: datetime,
) -> None:
    today = now.date()
    case = Case(
        number=entry["number"],
        family=entry["family"],
        team_id=teams[entry["team"]].id,
        counselor_id=accounts[entry["counselor"]].id,
        supervisor_id=accounts[entry["supervisor"]].id,
        one_parent_reason=entry.get("one_parent_reason", ""),
        started_on=today - timedelta(weeks=entry["weeks"]),
        assessed_on=today - timedelta(days=entry["assessed_days_ago"]) if "assessed_days_ago" in entry else None,
    )
    session.add(case)
    session.flush()
    people = {}
    for one in entry["people"]:
        people[one["name"]] = Person(
            case_id=case.id,
            name=one["name"],
            kind=one["kind"],
            relation=one["relation"],
            born_on=_born(today, one),
            speaks=one.get("speaks", True),
            lives_here=one.get("lives_here", True),
            parent=one.get("parent", False),
            authority=one.get("authority", False),
        )
    session.add_all(people.values())
    session.flush()
    for one in entry.get("agreements", []):
        session.add(
            Agreement(
                case_id=case.id,
                text=one["text"],
                safety=one.get("safety", False),
                made_at=now - timedelta(days=one.get("days_ago", 14)),
            )
        )
    for visit in entry.get("visits", []):
        debrief = _visit(session, case, visit, people, accounts[entry["counselor"]], now)
        _conclude(session, protocol, debrief)


def _visit(
    session: Session,
    case: Case,
    visit: dict[str, Any],
    people: dict[str, Person],
    counselor: Account,
    now: datetime,
) -> Debrief:
    day = now.date() - timedelta(days=visit["days_ago"])
    at = datetime.combine(day, time(15, 20), UTC)
    debrief = Debrief(
        id=f"demo{case.id:04d}{visit['days_ago']:04d}",
        case_id=case.id,
        account_id=counselor.id,
        mode="visit",
        language="nl",
        state="done",
        greeting=[],
        opened_at=at,
        touched_at=at,
        closed_at=at + timedelta(minutes=7),
        proposed=visit["level"],
        level=visit["level"],
    )
    session.add(debrief)
    session.flush()
    for name, how in visit.get("seen", {}).items():
        about = f"p{people[name].id}"
        session.add_all(
            Answer(
                debrief_id=debrief.id, key=f"{question}/{about}", question=question, subject=about, value=choice, at=at
            )
            for question, choice in _SAID[people[name].kind, how].items()
        )
        session.add(
            Sighting(
                person_id=people[name].id,
                debrief_id=debrief.id,
                on=day,
                seen=how in ("seen", "spoken", "alone"),
                spoken=how in ("spoken", "alone"),
                alone=how == "alone",
            )
        )
    for one in visit.get("signals", []):
        session.add(
            Found(
                case_id=case.id,
                debrief_id=debrief.id,
                key="C1",
                signal=one["id"],
                kind="signal",
                severity=one["severity"],
                status="present",
                start=0,
                end=len(one["words"]),
                words=one["words"],
                sentence=one["words"],
                score=1.0,
                source=one.get("source", "seen_by_worker"),
                facets=[],
                confirmation="yes",
                confirmed_at=at,
                at=at,
            )
        )
    for text in visit.get("unknowns", []):
        session.add(Unknown(case_id=case.id, debrief_id=debrief.id, text=text))
    return debrief


def _conclude(session: Session, protocol: Protocol, debrief: Debrief) -> None:
    """The reasons and the note that this visit would have had: rules that ask for more than the demo tells are left out."""
    session.flush()
    session.refresh(debrief)
    turn = Turn(id="", conversation=debrief.id, text="", button=True)  # nobody says anything
    work = Work(session, protocol, None, debrief, turn, debrief.opened_at)
    facts = work.facts()
    fired = reasons(work, facts, assess(facts, protocol.rules, answered_by(work)))
    debrief.rules = [one for one in fired if rank(one["level"]) <= rank(debrief.level)] or None
    debrief.note = note(work, facts)
    session.add(
        LevelChange(
            debrief_id=debrief.id, kind="proposed", level=debrief.level or "L0", rules=debrief.rules or [],
            at=debrief.opened_at,
        )
    )  # fmt: skip


def _born(today: date, one: dict[str, Any]) -> date | None:
    if "months" in one:
        return today - timedelta(days=round(one["months"] * 30.44))
    return today - timedelta(days=round(one["age"] * 365.25) + 40) if "age" in one else None
