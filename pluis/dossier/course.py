"""What the overview says beside the facts: why this level, what changed, what is due, and what happened when."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from pluis.debrief.known import local_day
from pluis.dossier.visit import ABOUT_THE_COUNSELOR, Reader
from pluis.protocol.facts import rank
from pluis.store import overviews
from pluis.store.assessments import Assessment
from pluis.store.base import Json
from pluis.store.escalations import RUNNING
from pluis.store.lists import Visit
from pluis.store.overviews import Alert, Change, Said

MOST_WORDS = 3  # of one signal, newest first


def alarm(session: Session, reader: Reader, alerts: Sequence[Alert], level: str | None, words: bool) -> Json | None:
    """The gravest alert that runs now, and why; `higher`: it is above the level of the newest visit."""
    running = [one for one in alerts if one.state in RUNNING]
    if not running:
        return None
    gravest = max(running, key=lambda one: rank(one.level))
    reasons, said = overviews.grounds_of(session, gravest.id)
    return {
        "id": gravest.id,
        "level": gravest.level,
        "state": gravest.state,
        "acknowledged_by": gravest.acknowledged_by,
        "raised_at": gravest.raised_at.isoformat(),
        "higher": level is None or rank(gravest.level) > rank(level),
        "rules": [{**one, "words": []} for one in reader.rules(reasons)],
        "words": _distinct(reader.words(said)) if words else [],
    }


def why(session: Session, reader: Reader, past: Sequence[Visit], changes: Sequence[Change], words: bool) -> Json | None:
    """The rules behind the level of the newest visit, the gravest first, and who changed it."""
    if not past:
        return None
    newest = past[0]
    rules = reader.rules(overviews.rules_of(session, newest.id))
    changed = [one for one in changes if one.debrief_id == newest.id]
    return {
        "rules": [{**one, "words": _distinct(one["words"]) if words else []} for one in rules],
        "changed": [
            {"kind": one.kind, "level": one.level, "reason": one.reason if words else "",
             "by": {"name": one.by, "role": one.role}}
            for one in changed
        ],
    }  # fmt: skip


def signals(reader: Reader, said: Sequence[Said], compared: Mapping[str, Sequence[str]], words: bool) -> Json:
    """New, repeated and gone, each with the words behind it and with what answers it."""
    protects = [one for one in said if one.kind == "protective"]

    def entry(id: str) -> Json:
        quotes = [one for one in reversed(said) if one.signal == id and reader.public(one.question.partition("/")[0])]
        answered = {
            one.signal: one
            for one in protects
            if one.signal in reader.protocol.taxonomy and id in reader.protocol.taxonomy.protective(one.signal).answers
        }
        return {
            "id": id,
            "name": reader.signal(id),
            "severity": quotes[0].severity if quotes else None,
            "words": [_quote(reader, one) for one in quotes[:MOST_WORDS]] if words else [],
            "answered_by": [
                {"id": one.signal, "name": reader.signal(one.signal), "words": one.words if words else ""}
                for one in answered.values()
            ],
        }

    return {kind: [entry(id) for id in ids if id not in ABOUT_THE_COUNSELOR] for kind, ids in compared.items()}


def due(reader: Reader, alerts: Sequence[Alert], agreements: Sequence[Json], unknowns: Sequence[Json], assess: date,
        today: date) -> list[Json]:  # fmt: skip
    """What has a day, the earliest first: the assessment, checks after a decision, agreements, questions."""
    found = [("assessment", "", assess.isoformat())]
    found += [("check", one.level, one.check_on.isoformat()) for one in alerts if one.check_on and not one.checked_at]
    found += [
        ("agreement", one["text"], one["due_on"]) for one in agreements if one["due_on"] and one["state"] == "open"
    ]
    found += [("unknown", one["text"], one["due_on"]) for one in unknowns if one["due_on"]]
    return [
        {"kind": kind, "text": text, "on": on, "late": on < today.isoformat()}
        for kind, text, on in sorted(found, key=lambda one: one[2])
    ]


def timeline(reader: Reader, past: Sequence[Visit], alerts: Sequence[Alert], changes: Sequence[Change],
             agreements: Sequence[Json], assessments: Sequence[Assessment], said: Sequence[Said]) -> list[Json]:  # fmt: skip
    """What happened, newest first: visits with their signals, alerts and decisions, agreements, assessments."""
    protocol = reader.protocol
    found: list[Json] = []
    for visit in past:
        named = [one.signal for one in said if one.debrief_id == visit.id and one.kind == "signal"]
        shown = [reader.signal(id) for id in dict.fromkeys(named) if id not in ABOUT_THE_COUNSELOR]
        by = [{"kind": one.kind, "level": one.level, "by": one.by} for one in changes if one.debrief_id == visit.id]
        found.append({"kind": "visit", "on": local_day(visit.opened_at, protocol).isoformat(), "id": visit.id,
                      "level": visit.level, "proposed": visit.proposed, "by": visit.counselor, "mode": visit.mode,
                      "signals": shown, "changes": by})  # fmt: skip
    for alert in alerts:
        raised = local_day(alert.raised_at, protocol).isoformat()
        found.append({"kind": "alert", "on": raised, "id": alert.id, "level": alert.level, "state": alert.state})
        if alert.decided_at and alert.decision:
            found.append({"kind": "decision", "on": local_day(alert.decided_at, protocol).isoformat(), "id": alert.id,
                          "level": alert.decision.get("level"), "action": alert.decision.get("action"),
                          "by": alert.decided_by})  # fmt: skip
    for one in agreements:
        found.append({"kind": "agreement", "on": one["made_on"], "text": one["text"], "state": one["state"]})
    for row in assessments:
        found.append({"kind": "assessment", "on": row.on.isoformat(), "id": row.id, "by": row.signed_by.name})
    order = ("decision", "alert", "assessment", "agreement", "visit")
    return sorted(found, key=lambda one: (one["on"], -order.index(one["kind"])), reverse=True)


def _quote(reader: Reader, one: Said) -> Json:
    return {"text": one.words, "on": local_day(one.at, reader.protocol).isoformat(), "source": one.source,
            "about": reader.names.get(one.subject or "")}  # fmt: skip


def _distinct(words: Sequence[Json]) -> list[Json]:
    """Each quote once, as far as a page shows it."""
    seen = {str(one["words"]): {"text": one["words"], "name": one["name"]} for one in words if one.get("words")}
    return list(seen.values())[:MOST_WORDS]
