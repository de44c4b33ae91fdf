"""The dossier of a case as plain data: what was recorded, by whom, on which grounds, and what is not known."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from pluis.debrief.known import local_day
from pluis.dossier import overview
from pluis.dossier.assessing import assessment_json
from pluis.dossier.redact import part_of
from pluis.dossier.stating import statement_json
from pluis.dossier.visit import Reader, visit_json
from pluis.protocol.read import Protocol
from pluis.store import assessments, dossiers, lists
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.dossiers import CaseRows
from pluis.store.escalations import Escalation
from pluis.store.lists import Visit

FORMAT = 1


def dossier(session: Session, protocol: Protocol, case: Case, language: str, now: datetime) -> Json:
    """The whole dossier. The counselor's private answers and her support wishes are not in it."""
    rows = dossiers.rows_of(session, case.id)
    reader = Reader(protocol, "en" if language == "en" else "nl", case, rows)
    today = local_day(now, protocol)
    visits = [visit_json(reader, visit) for visit in rows.visits]
    done = [visit for visit in visits if visit["state"] == "done"]
    return {
        "format": FORMAT,
        "language": reader.language,
        "made_at": now.isoformat(),
        "person": None,
        "case": {
            "id": case.id,
            "number": case.number,
            "family": case.family,
            "team": case.team.name,
            "counselor": case.counselor.name,
            "supervisor": case.supervisor.name,
            "started_on": case.started_on.isoformat(),
            "closed_on": case.closed_on.isoformat() if case.closed_on else None,
            "one_parent_reason": case.one_parent_reason,
            "level": done[-1]["level"] if done else None,
            "assessed_on": case.assessed_on.isoformat() if case.assessed_on else None,
            "assessment_due": case.assessment_due.isoformat(),
            "assessment_late": case.assessment_due < today,
        },
        "people": people(session, case, today),
        "assessments": [assessment_json(one, reader.language) for one in assessments.of_case(session, case.id)],
        "statements": [statement_json(one, case) for one in assessments.statements(session, case.id)],
        "visits": visits,
        "escalations": [_escalation(reader, one) for one in rows.escalations],
        "agreements": [
            {"id": a.id, "text": a.text, "safety": a.safety, "state": a.state, "made_in": a.made_in,
             "made_on": local_day(a.made_at, protocol).isoformat(),
             "due_on": a.due_on.isoformat() if a.due_on else None, "checked_in": a.checked_in}
            for a in case.agreements
        ],
        "unknowns": _unknowns(rows, protocol),
    }  # fmt: skip


def dossier_of(
    session: Session, protocol: Protocol, case: Case, person: str, language: str, now: datetime
) -> Json | None:
    """The part of one person (`p12`), with what is about others taken out; None when nobody here is called so."""
    if person not in {f"p{one.id}" for one in case.people}:
        return None
    return part_of(dossier(session, protocol, case, language, now), person)


def people(session: Session, case: Case, today: date) -> list[Json]:
    """Who belongs to the family, and when each was last seen, spoken to, and spoken to alone."""
    seen = overview.last_days(session, [case.id])
    return [
        {**overview.person_json(person, seen, today), "id": f"p{person.id}",
         "born_on": person.born_on.isoformat() if person.born_on else None}
        for person in case.people
    ]  # fmt: skip


def _unknowns(rows: CaseRows, protocol: Protocol) -> list[Json]:
    days = {visit.id: local_day(visit.opened_at, protocol).isoformat() for visit in rows.visits}
    return [
        {"text": one.text, "since": days.get(one.debrief_id), "due_on": one.due_on.isoformat() if one.due_on else None,
         "done_at": one.done_at.isoformat() if one.done_at else None}
        for one in rows.unknowns
    ]  # fmt: skip


def _escalation(reader: Reader, one: Escalation) -> Json:
    """An alert: on what grounds, who was told over which channel, who answered when, what was decided."""

    def iso(moment: datetime | date | None) -> str | None:
        return moment.isoformat() if moment else None

    events = reader.rows.events.get(one.id, [])
    answered = next((event.at for event in events if event.kind == "acknowledged"), one.acknowledged_at)
    return {
        "id": one.id,
        "debrief_id": one.debrief_id,
        "level": reader.level(one.level),
        "confirmed": one.confirmed,
        "state": one.state,
        "raised_at": one.raised_at.isoformat(),
        "raised_by": {"name": one.raised_by.name, "role": one.raised_by.role},
        "reasons": reader.rules(one.reasons),
        "words": reader.words(one.words),
        "lower_wish": one.facts.get("lower_wish"),
        "acknowledge_by": iso(one.acknowledge_by),
        "first_acknowledged_at": iso(answered),
        "acknowledged_at": iso(one.acknowledged_at),
        "acknowledged_by": {"name": one.acknowledged_by.name, "role": one.acknowledged_by.role}
        if one.acknowledged_by else None,
        "spoke_at": iso(one.spoke_at),
        "decided_at": iso(one.decided_at),
        "decided_by": {"name": one.decided_by.name, "role": one.decided_by.role} if one.decided_by else None,
        "decision": one.decision,
        "decide_by": iso(one.acknowledged_at + timedelta(minutes=one.ladder.get("decide_within", 0)))
        if one.acknowledged_at else None,
        "check_on": iso(one.check_on),
        "checked_at": iso(one.checked_at),
        "deliveries": [
            {"to": d.account.name, "role": d.account.role, "channel": d.channel, "round": d.round, "step": d.step,
             "state": d.state, "attempts": d.attempts, "created_at": d.created_at.isoformat(), "sent_at": iso(d.sent_at)}
            for d in one.deliveries
        ],
        "log": [
            {"at": event.at.isoformat(), "kind": event.kind, "by": reader.by(event.by_id),
             "level": event.detail.get("level")}
            for event in events
        ],
    }  # fmt: skip


def visits_of(session: Session, case: Case) -> list[Visit]:
    """The finished visits of a case, newest first."""
    return lists.finished(session, case.id)


def visit_of(session: Session, protocol: Protocol, case: Case, id: str, language: str) -> Json | None:
    """One visit of this case as plain data; None when there is none of this name."""
    rows = dossiers.rows_of(session, case.id)
    visit = next((one for one in rows.visits if one.id == id), None)
    return visit_json(Reader(protocol, "en" if language == "en" else "nl", case, rows), visit) if visit else None
