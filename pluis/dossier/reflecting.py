"""What a period of visits gives to look back on, in supervision, with colleagues or alone: questions, never marks.

It names families and days and never who made a debrief, and orders by day: nobody is compared. The thresholds are our
own choice and decide nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from pluis.access.seeing import readable
from pluis.debrief.known import local_day, months_old
from pluis.dossier.visit import ABOUT_THE_COUNSELOR
from pluis.protocol.facts import rank
from pluis.protocol.read import Protocol, fill
from pluis.store import reflections
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.debriefs import Debrief
from pluis.store.people import Account
from pluis.store.reflections import Heard, Met, Visit

BEFORE = timedelta(weeks=26)  # how far back earlier visits of a family are looked at
LONG_UNKNOWN = timedelta(weeks=6)  # as in the audit
ENOUGH_VISITS = 3  # to say that something was seldom
SELDOM = 4  # one in four visits, or less
ENOUGH_SKIPPED = 2  # visits at which the same question was skipped
MOST = 5  # rows of each prompt
MOST_QUESTIONS = 3
GRAVE = ("serious", "acute")
TALKS_FROM = 24  # months: question B2 asks about talking alone from two years on
KINDS = ("came_back", "seen_later", "raised", "alone", "parent", "skipped", "unknown")
GENERAL = {
    "nl": {"child": "het kind", "adult": "de ouder", "parents": "de ouders", "list": "de kinderen", "name": "…"},
    "en": {"child": "the child", "adult": "the parent", "parents": "the parents", "list": "the children", "name": "…"},
}


def reflection(session: Session, protocol: Protocol, account: Account, weeks: int, now: datetime) -> Json:
    """A counselor looks back on the own debriefs, a supervisor on those of the team, as far as they may be read.

    `prompts`: of each kind that has something, the newest rows and how many there are.
    """
    own = account.role == "counselor"
    since = now - timedelta(weeks=weeks)
    where = _whose(account, own)
    if where is None:
        return {"own": own, "weeks": weeks, "visits": 0, "families": 0, "prompts": []}
    every = reflections.visits(session, where, since - BEFORE)
    visits = [one for one in every if one.at >= since]
    known = _public(protocol, reflections.heard(session, where, since - BEFORE))
    found: dict[str, list[Json]] = {
        "came_back": came_back(known, since),
        "seen_later": seen_later(every, known, since),
        "raised": raised(visits, reflections.raised(session, where, since)),
        **seldom(reflections.met(session, where, since), now),
        "unknown": [
            {"case": case, "what": text, "at": at}
            for case, text, at in reflections.long_unknown(session, where, since - BEFORE, now - LONG_UNKNOWN)
        ],
        "skipped": skipped(protocol, reflections.skipped(session, where, since), len(visits), account.language),
    }
    shown = [row for rows in found.values() for row in rows[:MOST]]
    named = reflections.families(session, [row["case"] for row in shown if "case" in row])
    reader = _Words(protocol, "en" if account.language == "en" else "nl", named)
    return {
        "own": own,
        "weeks": weeks,
        "visits": len(visits),
        "families": len({one.case_id for one in visits}),
        "prompts": [
            {"kind": kind, "count": len(found[kind]), "rows": [reader.row(row) for row in found[kind][:MOST]]}
            for kind in KINDS
            if found[kind]
        ],
    }


def came_back(known: Sequence[Heard], since: datetime) -> list[Json]:
    """Signals that were answered with no at one visit and confirmed at a later one in the period, newest first."""
    denied: dict[tuple[int, str], datetime] = {}
    found: dict[tuple[int, str], Json] = {}
    for one in known:
        key = (one.case_id, one.signal)
        if one.confirmation == "no":
            denied[key] = one.at
        elif one.confirmation == "yes" and one.at >= since and key in denied and denied[key] < one.at:
            found[key] = _row(one, before=denied[key])
    return _newest(found.values())


def seen_later(every: Sequence[Visit], known: Sequence[Heard], since: datetime) -> list[Json]:
    """Grave signals that came up for the first time in the period, after earlier visits without them, newest first."""
    first: dict[tuple[int, str], Heard] = {}
    for one in known:
        first.setdefault((one.case_id, one.signal), one)
    days: dict[int, list[datetime]] = {}
    for visit in every:
        days.setdefault(visit.case_id, []).append(visit.at)
    found = []
    for one in first.values():
        before = sum(at < one.at for at in days.get(one.case_id, ()))
        if one.at >= since and one.severity in GRAVE and one.confirmation in ("yes", "unsure") and before > 1:
            found.append(_row(one, visits=before))
    return _newest(found)


def raised(visits: Iterable[Visit], changes: Iterable[tuple[str, str]]) -> list[Json]:
    """Visits at which a person went higher than the rules, newest first."""
    level = dict(changes)
    return _newest(
        {"case": one.case_id, "debrief": one.id, "at": one.at, "level": level[one.id], "proposed": one.proposed}
        for one in visits
        if one.id in level and rank(level[one.id]) > rank(one.proposed or "L0")
    )


def seldom(met: Iterable[Met], now: datetime) -> dict[str, list[Json]]:
    """`alone`: children seldom spoken to alone; `parent`: parents seldom spoken to."""
    found: dict[str, list[Json]] = {"alone": [], "parent": []}
    for one in met:
        months = months_old(one.born_on, now.date())
        if one.visits < ENOUGH_VISITS:
            continue
        if one.kind == "child" and one.speaks and (months is None or months >= TALKS_FROM):
            kind, times = "alone", one.alone
        elif one.parent:
            kind, times = "parent", one.spoken
        else:
            continue
        if times * SELDOM <= one.visits:
            found[kind].append({"case": one.case_id, "name": one.name, "times": times, "visits": one.visits})
    return found


def skipped(protocol: Protocol, pairs: Iterable[tuple[str, str]], visits: int, language: str) -> list[Json]:
    """Questions that were skipped most, without those whose answers belong to the counselor alone."""
    counts = Counter(question for _debrief, question in {(one, key.partition("/")[0]) for one, key in pairs})
    found = []
    for id, count in counts.most_common():
        question = protocol.question(id)
        if question is not None and not question.private and count >= ENOUGH_SKIPPED:
            reader = "en" if language == "en" else "nl"
            found.append({"question": fill(question.ask[reader], **GENERAL[reader]), "times": count, "visits": visits})
    return found[:MOST_QUESTIONS]


class _Words:
    """What turns a row into what a page or a program shows."""

    def __init__(self, protocol: Protocol, language: Literal["nl", "en"], families: dict[int, str]) -> None:
        self.protocol, self.language, self.families = protocol, language, families

    def row(self, row: Json) -> Json:
        shown = {name: value for name, value in row.items() if name not in ("case", "signal", "at", "before")}
        if "case" in row:
            shown["case"] = {"id": row["case"], "family": self.families[row["case"]]}
        if "signal" in row:
            shown["signal"] = self.protocol.taxonomy.signal(row["signal"]).name.of(self.language)
        for moment, day in (("at", "on"), ("before", "before")):
            if moment in row:
                shown[day] = local_day(row[moment], self.protocol).isoformat()
        return shown


def _whose(account: Account, own: bool) -> tuple[ColumnElement[bool], ...] | None:
    seen = readable(account)
    if seen is None:
        return None
    return (seen, Debrief.account_id == account.id) if own else (seen, Case.team_id == account.team_id)


def _public(protocol: Protocol, known: Iterable[Heard]) -> list[Heard]:
    """Without what a counselor said about herself, and without signals that the taxonomy no longer has."""

    def private(key: str) -> bool:
        question = protocol.question(key.partition("/")[0])
        return question is not None and question.private

    return [
        one
        for one in known
        if one.signal in protocol.taxonomy and one.signal not in ABOUT_THE_COUNSELOR and not private(one.question)
    ]


def _row(one: Heard, **more: Any) -> Json:
    return {"case": one.case_id, "debrief": one.debrief_id, "signal": one.signal, "at": one.at, **more}


def _newest(rows: Iterable[Json]) -> list[Json]:
    return sorted(rows, key=lambda row: row["at"], reverse=True)
