"""Families made up for one test."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.store.cases import Agreement, Case, Person, Sighting
from pluis.store.debriefs import Debrief, Found
from pluis.store.people import Account

CHILDREN = ("Sem", "Noor", "Liv", "Bo", "Kai")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Child:
    """A child of a made-up family. `months` is its age at the time of the test."""

    name: str
    months: int = 96
    speaks: bool = True


def account(session: Session, username: str) -> Account:
    """A demo account."""
    return session.scalars(select(Account).where(Account.username == username)).one()


def add_family(
    session: Session,
    now: datetime,
    children: int | Sequence[Child] = 1,
    *,
    counselor: str = "counselor",
    supervisor: str = "supervisor",
    mother: str = "Lina",
    agreements: Sequence[tuple[str, bool]] = (),
) -> Case:
    """A family with a mother and so many children, known for ten weeks, without any earlier visit."""
    who = account(session, counselor)
    case = Case(
        number=f"T-{next(_numbers)}-{secrets.token_hex(3)}",
        family="Familie Toets",
        team_id=who.team_id,
        counselor_id=who.id,
        supervisor_id=account(session, supervisor).id,
        one_parent_reason="",
        started_on=now.date() - timedelta(weeks=10),
        assessed_on=now.date() - timedelta(weeks=4),
    )
    session.add(case)
    session.flush()
    session.add(Person(case_id=case.id, name=mother, kind="adult", relation="moeder", parent=True, authority=True))
    made = [Child(name) for name in CHILDREN[:children]] if isinstance(children, int) else children
    session.add_all(
        Person(
            case_id=case.id, name=child.name, kind="child", relation="kind", speaks=child.speaks,
            born_on=now.date() - timedelta(days=round(child.months * 30.44) + 5),
        )
        for child in made
    )  # fmt: skip
    session.add_all(
        Agreement(case_id=case.id, text=text, safety=safety, made_at=now - timedelta(days=14))
        for text, safety in agreements
    )
    session.flush()
    session.refresh(case)
    return case


def add_visit(
    session: Session,
    case: Case,
    at: datetime,
    level: str = "L0",
    *,
    unseen: Sequence[str] = (),
    signals: Sequence[tuple[str, str]] = (),
) -> Debrief:
    """An earlier, finished visit: everybody was seen but `unseen`; `signals` (id, severity) were confirmed."""
    debrief = Debrief(
        id=secrets.token_hex(8), case_id=case.id, account_id=case.counselor_id, mode="visit", language="nl",
        state="done", greeting=[], opened_at=at, touched_at=at, closed_at=at, proposed=level, level=level, rules=[],
        note="",
    )  # fmt: skip
    session.add(debrief)
    session.flush()
    for person in case.people:
        seen = person.name not in unseen
        session.add(
            Sighting(person_id=person.id, debrief_id=debrief.id, on=at.date(), seen=seen, spoken=seen, alone=False)
        )
    session.add_all(
        Found(
            case_id=case.id, debrief_id=debrief.id, key="C1", signal=signal, kind="signal", severity=severity,
            status="present", start=0, end=5, words="eerder", score=1.0, source="seen_by_worker", facets=[],
            confirmation="yes", confirmed_at=at, at=at,
        )
        for signal, severity in signals
    )  # fmt: skip
    session.flush()
    return debrief
