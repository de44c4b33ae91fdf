"""The overview of a case, and the list of cases, as plain data."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from pluis.access.seeing import readable
from pluis.debrief.known import local_day, months_old
from pluis.dossier import course
from pluis.dossier.assessing import assessment_json
from pluis.dossier.visit import Reader
from pluis.protocol.facts import Earlier, rank
from pluis.protocol.read import Protocol
from pluis.risk.trend import trend
from pluis.store import assessments, cases, debriefs, dossiers, lists, overviews
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.lists import Visit
from pluis.store.people import Account

AT_ONCE = 500  # cases in one query: SQLite takes no endless list


def visible_cases(session: Session, account: Account, most: int | None = None, skip: int = 0) -> list[Case]:
    """The open cases that this person may read; `most` and `skip` for a part of a long list."""
    where = readable(account)
    return [] if where is None else lists.page_of_cases(session, where, most=most, skip=skip)


def count_visible(session: Session, account: Account) -> int:
    """How many open cases this person may read."""
    where = readable(account)
    return 0 if where is None else lists.count_cases(session, where)


def lines(session: Session, protocol: Protocol, found: Sequence[Case], now: datetime) -> list[Json]:
    """Cases as a list shows them, all read together."""
    ids = [case.id for case in found]
    today = local_day(now, protocol)
    seen = last_days(session, ids)
    newest, running = lists.last_two(session, ids), lists.running(session, ids)
    agreed, alerts = lists.open_agreements(session, ids), lists.running_alerts(session, ids)
    return [
        {
            **_line(protocol, case, today, seen, newest.get(case.id, []), running.get(case.id), agreed.get(case.id, 0)),
            "alert": max(alerts.get(case.id, []), key=rank, default=None),
        }
        for case in found
    ]


def line(session: Session, protocol: Protocol, case: Case, now: datetime) -> Json:
    """One case as a list shows it."""
    return lines(session, protocol, [case], now)[0]


def _line(
    protocol: Protocol,
    case: Case,
    today: date,
    seen: dict[int, dict[str, date]],
    closed: list[Visit],
    running: Visit | None,
    agreed: int,
) -> Json:
    return {
        "id": case.id,
        "number": case.number,
        "family": case.family,
        "counselor": case.counselor.name,
        "team": case.team.name,
        "people": [person_json(person, seen, today) for person in case.people],
        "level": closed[0].level if closed else None,
        "trend": _direction(closed[0].level, closed[1].level if len(closed) > 1 else None) if closed else "first",
        "last_visit": local_day(closed[0].opened_at, protocol).isoformat() if closed else None,
        "unfinished": {"id": running.id, "state": running.state} if running else None,
        "assessment_due": case.assessment_due.isoformat(),
        "assessment_late": case.assessment_due < today,
        "open_agreements": agreed,
    }


def overview(
    session: Session, protocol: Protocol, case: Case, language: str, now: datetime, *, words: bool = False
) -> Json:
    """The whole case on one page: people, last seen, level and why, what changed, what is due, what was agreed.

    `words`: with the words behind rules and signals, for who may read debriefs.
    """
    past = lists.finished(session, case.id)
    reader = Reader(protocol, "en" if language == "en" else "nl", case, dossiers.NO_ROWS)
    today = local_day(now, protocol)
    said, changes = overviews.said(session, case.id), overviews.changes(session, case.id)
    alerts, signed = overviews.alerts(session, case.id), assessments.of_case(session, case.id)
    unknowns = [
        {"id": u.id, "text": u.text, "due_on": u.due_on.isoformat() if u.due_on else None}
        for u in debriefs.open_unknowns(session, case.id)
    ]
    agreed = [
        {"id": a.id, "text": a.text, "safety": a.safety, "state": a.state,
         "due_on": a.due_on.isoformat() if a.due_on else None, "made_on": local_day(a.made_at, protocol).isoformat()}
        for a in sorted(case.agreements, key=lambda one: one.due_on or date.max)
    ]  # fmt: skip
    findings = [
        Earlier(one.signal, one.severity, local_day(one.at, protocol), one.debrief_id)
        for one in said
        if one.kind == "signal"
    ]
    newest = past[0].id if past else None
    compared = trend(
        past[0].level if past else None,
        past[1].level if len(past) > 1 else None,
        [f.signal for f in findings if f.debrief == newest],
        [f for f in findings if f.debrief != newest],
    )

    kinds = {"new": compared.new, "repeated": compared.repeated, "gone": compared.gone}
    return {
        **line(session, protocol, case, now),
        "supervisor": case.supervisor.name,
        "one_parent_reason": case.one_parent_reason,
        "alarm": course.alarm(session, reader, alerts, past[0].level if past else None, words),
        "why": course.why(session, reader, past, changes, words),
        "signals": course.signals(reader, said, kinds, words),
        "due": course.due(reader, alerts, agreed, unknowns, case.assessment_due, today),
        "assessment": assessment_json(signed[-1], reader.language) if signed and words else None,
        "assessments": [{"id": one.id, "on": one.on.isoformat(), "by": one.signed_by.name} for one in signed[::-1]],
        "timeline": course.timeline(reader, past, alerts, changes, agreed, signed, said),
        "visits": [
            {"id": d.id, "on": local_day(d.opened_at, protocol).isoformat(), "mode": d.mode, "level": d.level,
             "proposed": d.proposed, "counselor": d.counselor}
            for d in past
        ],
        "agreements": agreed,
        "unknowns": unknowns,
        "escalations": [
            {"id": one.id, "level": one.level, "state": one.state, "raised_at": one.raised_at.isoformat(),
             "acknowledged_by": one.acknowledged_by, "decided_by": one.decided_by}
            for one in alerts
        ],
    }  # fmt: skip


def person_json(person: cases.Person, seen: dict[int, dict[str, date]], today: date) -> Json:
    """A person with the days on which somebody last saw them, spoke to them, spoke to them alone."""
    months = months_old(person.born_on, today)
    dates = seen.get(person.id, {})
    return {
        "id": person.id,
        "name": person.name,
        "kind": person.kind,
        "relation": person.relation,
        "age": months // 12 if months is not None else None,
        "months": months,
        "lives_here": person.lives_here,
        "parent": person.parent,
        "authority": person.authority,
        **{f"last_{how}": dates[how].isoformat() if how in dates else None for how in ("seen", "spoken", "alone")},
        "days_unseen": (today - dates["seen"]).days if "seen" in dates else None,
    }


def last_days(session: Session, case_ids: Sequence[int]) -> dict[int, dict[str, date]]:
    """Per person of these cases: `seen`, `spoken` and `alone`, each with the last day, where there was one."""
    found: dict[int, dict[str, date]] = {}
    for start in range(0, len(case_ids), AT_ONCE):
        found |= lists.last_contacts(session, case_ids[start : start + AT_ONCE])
    return found


def _direction(level: str | None, before: str | None) -> str:
    return trend(level, before, (), ()).direction
