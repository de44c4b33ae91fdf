"""The audit of a period: does it work as it should, in counts and shares, without names of people."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pluis.dossier import audit_alerts
from pluis.dossier.audit_sample import sample
from pluis.protocol.facts import rank
from pluis.protocol.read import Protocol
from pluis.store import audits
from pluis.store.audits import Change, Visit
from pluis.store.base import Json

SOON = timedelta(hours=24)
Contact = tuple[str, int, str, bool, bool, bool]  # debrief, person, kind, is parent, seen, spoken to


@dataclass(frozen=True)
class Period:
    """From and to are days of the organisation, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)

    def month(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).strftime("%Y-%m")


def report(session: Session, protocol: Protocol, period: Period, seed: int, size: int, now: datetime) -> Json:
    """Everything an audit looks at. The same seed takes the same sample from the same cases."""
    visits = audits.visits(session, period.since, period.until)
    changes = audits.changes(session, period.since, period.until)
    contacts = audits.contacts(session, period.since, period.until)
    done = [visit for visit in visits if visit.state == "done"]
    alerts = audit_alerts.report(session, period.since, period.until, now)
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "made_at": now.isoformat(),
        "seed": seed,
        "debriefs": _debriefs(visits, now),
        "children": _seen(session, contacts, done, child=True),
        "parents": _seen(session, contacts, done, child=False),
        "assessments": _assessments(session, period.first, min(period.last, now.astimezone(period.zone).date())),
        "levels": _levels(done, changes),
        "escalations": alerts,
        "agreements": _agreements(audits.agreements(session, period.since, period.until)),
        "rules": _rules(protocol, done, changes),
        "months": _months(period, visits, contacts),
        "sample": sample(session, done, contacts, seed, size, now),
    }


def share(part: int, whole: int) -> float | None:
    """A part of one, or None where there is nothing to divide by."""
    return round(part / whole, 4) if whole else None


def in_time(visit: Visit) -> bool:
    return visit.closed_at is not None and visit.closed_at - visit.opened_at <= SOON


def _debriefs(visits: list[Visit], now: datetime) -> Json:
    # A debrief that began less than a day ago and is not finished is neither in time nor late yet.
    judged = [v for v in visits if v.state == "done" or now - v.opened_at > SOON]
    soon = sum(in_time(visit) for visit in judged)
    return {
        "begun": len(visits),
        "finished": sum(visit.state == "done" for visit in visits),
        "within_24_hours": {"count": soon, "of": len(judged), "share": share(soon, len(judged))},
    }


def _seen(session: Session, contacts: list[Contact], done: list[Visit], child: bool) -> Json:
    """Per finished visit: was everybody seen (children) or spoken to (parents); and over the period: who never was."""
    finished = {visit.id: visit.case_id for visit in done}
    wanted = [
        (person, case)
        for person, case, kind, parent in audits.people(session)
        if (kind == "child" if child else parent)
    ]
    visited = set(finished.values())
    wanted = [(person, case) for person, case in wanted if case in visited]
    by_case: dict[int, set[int]] = {}
    for person, case in wanted:
        by_case.setdefault(case, set()).add(person)
    met: dict[str, set[int]] = {}
    for debrief, person, _kind, _parent, seen, spoken in contacts:
        if debrief in finished and (seen if child else spoken):
            met.setdefault(debrief, set()).add(person)
    asked = [(debrief, by_case[case]) for debrief, case in finished.items() if case in by_case]
    complete = sum(people <= met.get(debrief, set()) for debrief, people in asked)
    ever = set().union(*met.values()) if met else set()
    reached = sum(person in ever for person, _case in wanted)
    how = "seen" if child else "spoken_to"
    return {
        f"all_{how}_per_visit": {"count": complete, "of": len(asked), "share": share(complete, len(asked))},
        f"{how}_in_period": {"count": reached, "of": len(wanted), "share": share(reached, len(wanted))},
    }


def _assessments(session: Session, first: date, last: date) -> Json:
    due = audits.assessments_due(session, last)
    late = sum(day < last for day in due)
    on_time = len(due) - late
    signed = audits.signed(session, first, last)
    return {
        "on_time": {"count": on_time, "of": len(due), "share": share(on_time, len(due))},
        "overdue": late,
        "signed": len(signed),
        "safety": dict(sorted(Counter(one[0] for one in signed).items())),
        "weight": dict(sorted(Counter(one[1] for one in signed).items())),
        "signed_by_role": dict(sorted(Counter(one[2] for one in signed).items())),
    }


def _levels(done: list[Visit], changes: list[Change]) -> Json:
    by: dict[str, Counter[str]] = {kind: Counter() for kind in ("raised", "lowered", "kept")}
    for change in changes:
        by.setdefault(change.kind, Counter())[change.role] += 1
    return {
        "proposed": dict(sorted(Counter(visit.proposed or "none" for visit in done).items())),
        "final": dict(sorted(Counter(visit.level or "none" for visit in done).items())),
        "changed_by_role": {kind: dict(sorted(roles.items())) for kind, roles in by.items()},
    }


def _agreements(states: dict[str, int]) -> Json:
    checked = sum(states.get(state, 0) for state in ("kept", "partly", "broken"))
    kept = states.get("kept", 0)
    return {
        **{state: states.get(state, 0) for state in ("open", "kept", "partly", "broken")},
        "kept_of_checked": {"count": kept, "of": checked, "share": share(kept, checked)},
    }


def _rules(protocol: Protocol, done: list[Visit], changes: list[Change]) -> list[Json]:
    """How often each rule fired, and how often people overruled the level where it stood among the gravest."""
    raised = {change.debrief_id for change in changes if change.kind == "raised"}
    lowered = {change.debrief_id for change in changes if change.kind == "lowered"}
    fired: Counter[str] = Counter()
    led: Counter[str] = Counter()
    up: Counter[str] = Counter()
    down: Counter[str] = Counter()
    for visit in done:
        names = {rule["rule"]: rule["level"] for rule in visit.rules or []}
        fired.update(names.keys())
        top = max(names.values(), key=rank, default=None)
        leading = [rule for rule, level in names.items() if level == top]
        led.update(leading)
        up.update(leading if visit.id in raised else ())
        down.update(leading if visit.id in lowered else ())
    known = [rule.id for rule in protocol.rules.rules]
    return [
        {"rule": rule, "fired": fired[rule], "decided_the_level": led[rule], "raised_over": up[rule],
         "lowered_under": down[rule], "overruled_share": share(up[rule] + down[rule], led[rule])}
        for rule in dict.fromkeys([*known, *sorted(fired)])
    ]  # fmt: skip


def _months(period: Period, visits: list[Visit], contacts: list[Contact]) -> list[Json]:
    """The same by month, for a picture."""
    months: dict[str, Counter[str]] = {}
    month_of = {visit.id: period.month(visit.opened_at) for visit in visits}
    for visit in visits:
        count = months.setdefault(month_of[visit.id], Counter())
        count["debriefs"] += 1
        count["in_time"] += in_time(visit)
        count[visit.level or "none"] += visit.state == "done"
    for debrief, _person, kind, parent, seen, spoken in contacts:
        count = months.setdefault(month_of.get(debrief, ""), Counter())
        if kind == "child":
            count["children"] += 1
            count["children_seen"] += seen
        elif parent:
            count["parents"] += 1
            count["parents_spoken"] += spoken
    return [
        {"month": month, "debriefs": c["debriefs"], "within_24_hours": share(c["in_time"], c["debriefs"]),
         "children_seen": share(c["children_seen"], c["children"]),
         "parents_spoken_to": share(c["parents_spoken"], c["parents"]),
         "levels": {level: c[level] for level in ("L0", "L1", "L2", "L2+", "L3")}}
        for month, c in sorted(months.items()) if month
    ]  # fmt: skip
