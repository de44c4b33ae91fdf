"""Put the family of a vignette in the database, marked as made up, with what the earlier visits of a story left."""

import secrets
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.protocol.read import Protocol
from pluis.store import debriefs, training
from pluis.store.base import Json
from pluis.store.cases import Agreement, Case, Person, Sighting
from pluis.store.debriefs import Debrief, Found
from pluis.store.people import Account, Team
from pluis.training.expected import months_of, speaks
from pluis.training.vignette import Vignette, Visit

MONTH = 30.44  # days


class NoTeam(Exception):
    """There is no team at all, so that nobody can practise yet."""


def make_case(
    session: Session, protocol: Protocol, vignette: Vignette, visit: int, account: Account, language: str, now: datetime
) -> tuple[Case, dict[str, int]]:
    """A new case for one attempt; also the row of each member of the family."""
    team = account.team_id or session.scalar(select(Team.id).order_by(Team.id).limit(1))
    if team is None:
        raise NoTeam
    family, today = vignette.family, now.date()
    case = Case(
        number=f"{'PRACTICE' if language == 'en' else 'OEFENING'}-{secrets.token_hex(4)}",
        family=family.name[language],
        team_id=team,
        counselor_id=account.id,
        supervisor_id=account.id,
        one_parent_reason=family.one_parent_reason[language] if family.one_parent_reason else "",
        started_on=today - timedelta(days=70),
        assessed_on=today - timedelta(days=30),
        closed_on=today,
        vignette=vignette.id,
    )
    session.add(case)
    session.flush()
    rows = {}
    for member in family.people:
        months = months_of(member)
        rows[member.id] = Person(
            case_id=case.id,
            name=member.name,
            kind=member.kind,
            relation=member.relation[language],
            born_on=today - timedelta(days=round(months * MONTH) + 3) if months is not None else None,
            speaks=speaks(member),
            lives_here=member.lives_here,
            parent=member.parent,
            authority=member.parent,
        )
    session.add_all(rows.values())
    session.flush()
    people = {id: row.id for id, row in rows.items()}
    first = vignette.visits[0]
    day = today - timedelta(days=first.days_before + first.last_seen)
    session.add_all(Sighting(person_id=row, on=day, seen=True, spoken=True) for row in people.values())
    for number in range(visit):
        _earlier(session, protocol, vignette, number, account, case, people, language, now)
    for agreed in vignette.visits[visit].agreements:
        session.add(
            Agreement(
                case_id=case.id,
                text=agreed.text[language],
                safety=agreed.safety,
                made_at=now - timedelta(days=14),
            )
        )
    session.flush()
    session.refresh(case)
    return case, people


def _earlier(
    session: Session,
    protocol: Protocol,
    vignette: Vignette,
    number: int,
    account: Account,
    case: Case,
    people: dict[str, int],
    language: str,
    now: datetime,
) -> None:
    """An earlier visit of the story: as this person noted it when practising it, else as the experts marked it."""
    visit = vignette.visits[number]
    day = now.date() - timedelta(days=visit.days_before)
    at = datetime.combine(day, time(15, 0), now.tzinfo)
    own = training.last_finished(session, account.id, vignette.id, number)
    level = own.debrief.level if own and own.debrief else visit.marking.level
    debrief = Debrief(
        id=secrets.token_hex(8), case_id=case.id, account_id=account.id, mode="training", language=language, state="done",
        greeting=[], opened_at=at, touched_at=at, closed_at=at, proposed=level, level=level, rules=[], note="",
    )  # fmt: skip
    session.add(debrief)
    session.flush()
    _seen(session, visit, own, people, debrief.id, day)
    for id, severity, words in _signals(session, protocol, visit, own, language):
        session.add(
            Found(
                case_id=case.id, debrief_id=debrief.id, key="C1", signal=id, kind="signal", severity=severity,
                status="present", start=0, end=len(words), words=words, sentence=words, score=1.0, facets=[],
                source="seen_by_worker", confirmation="yes", confirmed_at=at, at=at,
            )
        )  # fmt: skip


def _seen(
    session: Session,
    visit: Visit,
    own: training.Practice | None,
    people: dict[str, int],
    debrief_id: str,
    day: date,
) -> None:
    noted: dict[int, Sighting] = {}
    if own is not None:
        rows = session.scalars(select(Sighting).where(Sighting.debrief_id == own.debrief_id))
        noted = {row.person_id: row for row in rows}
    for member, person_id in people.items():
        row = noted.get(own.people.get(member, 0)) if own is not None else None
        how = visit.marking.seen[member]
        session.add(
            Sighting(
                person_id=person_id,
                debrief_id=debrief_id,
                on=day,
                seen=row.seen if row else how != "unseen",
                spoken=row.spoken if row else how in ("spoken", "alone"),
                alone=row.alone if row else how == "alone",
            )
        )


def _signals(
    session: Session, protocol: Protocol, visit: Visit, own: training.Practice | None, language: str
) -> list[tuple[str, str, str]]:
    if own is None or own.debrief_id is None:
        return [
            (one.id, one.severity or protocol.taxonomy.signal(one.id).severity, one.evidence[language])
            for one in visit.marking.signals
        ]
    return [
        (row.signal, row.severity, row.words)
        for row in debriefs.findings(session, own.debrief_id)
        if row.kind == "signal" and row.confirmation in ("yes", "unsure")
    ]


def member_of(people: Json, person_id: int) -> str | None:
    """The member of the vignette that a row stands for."""
    return next((member for member, row in people.items() if row == person_id), None)
