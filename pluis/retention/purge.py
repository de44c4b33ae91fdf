"""What has had its time, and taking it away. What is asked first (`plan`) and what is done (`purge`) is the same list."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pluis.access.log import Line
from pluis.retention.destroying import By, NotNow, destroy_case
from pluis.retention.log_cut import cut, lines_before
from pluis.retention.periods import Period, Periods
from pluis.runtime import Runtime
from pluis.store import retention
from pluis.store.base import Base
from pluis.store.cases import Case
from pluis.store.debriefs import Answer, SupportWish, Turn
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Reminder
from pluis.store.people import SignIn
from pluis.store.training import Practice

_AT_ONCE = 200  # rows in one transaction, so that nobody who works waits long


@dataclass(frozen=True)
class Due:
    """One kind of thing that has had its time: how much of it, and for cases which ones."""

    kind: str
    period: Period
    before: datetime
    count: int
    numbers: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def plan(runtime: Runtime, periods: Periods, now: datetime) -> list[Due]:
    """What a purge would take away now. Nothing is changed."""
    with runtime.store.reading() as session:
        cases = retention.closed_before(session, periods.case.before(now).date())
        held = {case.number for case in cases if retention.hold_of(session, case.id)}
        free = tuple(case.number for case in cases if case.number not in held)
        found = [Due("case", periods.case, periods.case.before(now), len(free), free, tuple(sorted(held)))]
        counts: Counter[str] = Counter()
        for kind, find in _others(runtime):
            counts[kind] += len(find(session, getattr(periods, kind).before(now))[1])
        for kind, count in counts.items():
            period: Period = getattr(periods, kind)
            found.append(Due(kind, period, period.before(now), count))
        before = periods.access_log.before(now)
        found.append(Due("access_log", periods.access_log, before, lines_before(session, before)))
    return found


def purge(runtime: Runtime, periods: Periods, by: By, now: datetime) -> Counter[str]:
    """Take away all that `plan` shows. Returns how much of each kind. Safe to break off and to repeat."""
    done: Counter[str] = Counter()
    with runtime.store.reading() as session:
        ids = [case.id for case in retention.closed_before(session, periods.case.before(now).date())]
    for id in ids:
        try:
            with runtime.store.transaction() as session:
                case = session.get_one(Case, id)
                end = destroy_case(session, runtime.access_log, case, "period", "", by, now)
        except NotNow:
            continue
        runtime.access_log.noted.move(end)
        done["case"] += 1
    for kind, find in _others(runtime):
        before = getattr(periods, kind).before(now)
        with runtime.store.reading() as session:
            model, all_ids = find(session, before)
        for start in range(0, len(all_ids), _AT_ONCE):
            part = all_ids[start : start + _AT_ONCE]
            with runtime.store.transaction() as session:
                _take_away(session, kind, model, part)
            done[kind] += len(part)
    removed, end_of_log = cut(runtime, periods.access_log.before(now), now)
    if removed and end_of_log:
        runtime.access_log.noted.move(end_of_log)
        done["access_log"] = removed
    runtime.access_log.record(
        [
            Line(at=now, action="destroy", object=kind, object_id=str(count), actor=by.actor, who=by.who,
                 account_id=by.account_id, route="retention purge")
            for kind, count in sorted(done.items()) if kind not in ("case", "access_log")
        ]
    )  # fmt: skip
    return done


Finder = Callable[[Session, datetime], tuple[type[Base], list[Any]]]


def _others(runtime: Runtime) -> Iterable[tuple[str, Finder]]:
    """All but cases and the access log: the name of the period, and how what is older is found."""
    private = [q.id for block in runtime.protocol.blocks for q in block.questions if q.private]
    yield "alert_without_family", lambda s, before: (Escalation, retention.lone_alerts(s, before))
    yield "talk", lambda s, before: (Turn, retention.talk(s, before))
    yield "support", lambda s, before: (SupportWish, retention.support_wishes(s, before))
    yield "support", lambda s, before: (Answer, retention.private_answers(s, private, before))
    yield "training", lambda s, before: (Practice, retention.practices(s, before))
    yield "sign_ins", lambda s, before: (SignIn, retention.old_sign_ins(s, before))
    yield "reminders", lambda s, before: (Reminder, retention.old_reminders(s, before))


def _take_away(session: Session, kind: str, model: type[Base], ids: list[Any]) -> None:
    if model is Answer:
        retention.forget_typed(session, ids)
    if model is Practice:
        # With the made-up family, and all that hangs on it.
        retention.destroy(session, Case, retention.made_up_cases(session, ids))
    retention.destroy(session, model, ids)
