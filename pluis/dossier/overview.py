"""The overview of a case, and the list of cases, as plain data."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from pluis.debrief.known import local_day, months_old
from pluis.protocol.facts import Earlier
from pluis.protocol.read import Protocol
from pluis.risk.trend import trend
from pluis.store import cases, debriefs, escalations, lists
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.lists import Visit
from pluis.store.people import Account

ASSESSMENT_EVERY = timedelta(days=91)  # three months: protocol, section 3; our choice, stricter than SDM's six
AT_ONCE = 500  # cases in one query: SQLite takes no endless list


def visible_cases(session: Session, account: Account, most: int | None = None, skip: int = 0) -> list[Case]:
    """The open cases that this person may see; `most` and `skip` for a part of a long list."""
    scope = _scope(account)
    return [] if scope is None else lists.page_of_cases(session, most=most, skip=skip, **scope)


def count_visible(session: Session, account: Account) -> int:
    """How many open cases this person may see."""
    scope = _scope(account)
    return 0 if scope is None else lists.count_cases(session, **scope)


def _scope(account: Account) -> dict[str, int] | None:
    if account.role == "counselor":
        return {"counselor": account.id}
    if account.role == "supervisor" and account.team_id is not None:
        return {"team": account.team_id}
    return {} if account.role in ("manager", "quality") else None


def lines(session: Session, protocol: Protocol, found: Sequence[Case], now: datetime) -> list[Json]:
    """Cases as a list shows them, all read together."""
    ids = [case.id for case in found]
    today = local_day(now, protocol)
    seen = last_days(session, ids)
    newest, running = lists.last_two(session, ids), lists.running(session, ids)
    agreed = lists.open_agreements(session, ids)
    return [
        _line(protocol, case, today, seen, newest.get(case.id, []), running.get(case.id), agreed.get(case.id, 0))
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
        "assessment_due": assessment_due(case, today).isoformat(),
        "assessment_late": assessment_due(case, today) < today,
        "open_agreements": agreed,
    }


def overview(session: Session, protocol: Protocol, case: Case, language: str, now: datetime) -> Json:
    """The whole case on one page: people, last seen, level and trend, signals, agreements, unknowns, what is due."""
    past = lists.finished(session, case.id)
    findings = [
        Earlier(signal, severity, local_day(at, protocol), debrief)
        for signal, severity, at, debrief in debriefs.earlier_signals(session, case.id, without_debrief="")
    ]
    newest = past[0].id if past else None
    compared = trend(
        past[0].level if past else None,
        past[1].level if len(past) > 1 else None,
        [f.signal for f in findings if f.debrief == newest],
        [f for f in findings if f.debrief != newest],
    )

    def named(signals: tuple[str, ...]) -> list[Json]:
        return [
            {"id": s, "name": protocol.taxonomy.signal(s).name.of("en" if language == "en" else "nl")} for s in signals
        ]

    return {
        **line(session, protocol, case, now),
        "supervisor": case.supervisor.name,
        "one_parent_reason": case.one_parent_reason,
        "signals": {"new": named(compared.new), "repeated": named(compared.repeated), "gone": named(compared.gone)},
        "visits": [
            {"id": d.id, "on": local_day(d.opened_at, protocol).isoformat(), "mode": d.mode, "level": d.level,
             "proposed": d.proposed, "counselor": d.counselor}
            for d in past
        ],
        "agreements": [
            {"id": a.id, "text": a.text, "safety": a.safety, "state": a.state,
             "due_on": a.due_on.isoformat() if a.due_on else None}
            for a in case.agreements
        ],
        "unknowns": [{"id": u.id, "text": u.text} for u in debriefs.open_unknowns(session, case.id)],
        "escalations": [
            {"id": id, "level": level, "state": state, "raised_at": raised_at.isoformat()}
            for id, level, state, raised_at in escalations.lines_of_case(session, case.id)
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


def assessment_due(case: Case, today: date) -> date:
    """When an explicit risk assessment is due: at the start, then every three months."""
    return case.assessed_on + ASSESSMENT_EVERY if case.assessed_on else case.started_on


def last_days(session: Session, case_ids: Sequence[int]) -> dict[int, dict[str, date]]:
    """Per person of these cases: `seen`, `spoken` and `alone`, each with the last day, where there was one."""
    found: dict[int, dict[str, date]] = {}
    for start in range(0, len(case_ids), AT_ONCE):
        found |= lists.last_contacts(session, case_ids[start : start + AT_ONCE])
    return found


def _direction(level: str | None, before: str | None) -> str:
    return trend(level, before, (), ()).direction
