"""One visit in the dossier: facts, what others told, and impressions kept apart; level, changes, corrections."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pluis.debrief.known import local_day
from pluis.protocol.naming import TOLD
from pluis.protocol.read import Protocol
from pluis.protocol.schema import Question
from pluis.store.base import Json
from pluis.store.cases import Case, Sighting
from pluis.store.debriefs import Answer, Debrief, Found
from pluis.store.dossiers import CaseRows

IMPRESSIONS = frozenset({"G1", "G1a"})
# What a counselor says about herself is no part of a family's file; her sense that something is wrong is.
ABOUT_THE_COUNSELOR = frozenset({"worker_threatened_or_afraid", "worker_over_aligned", "worker_overloaded_or_alone"})


@dataclass(frozen=True)
class Reader:
    """What turns rows into words: the questionnaire, the reader's language, the names in this case."""

    protocol: Protocol
    language: str
    case: Case
    rows: CaseRows

    @cached_property
    def order(self) -> dict[str, tuple[int, Question]]:
        asked = (question for block in self.protocol.blocks for question in block.questions)
        return {question.id: (place, question) for place, question in enumerate(asked)}

    @cached_property
    def names(self) -> dict[str, str]:
        people = {f"p{person.id}": person.name for person in self.case.people}
        return people | {f"a{one.id}": one.text for one in self.case.agreements}

    def public(self, question: str) -> bool:
        """Whether answers to this question may be in the file of a family at all."""
        found = self.order.get(question)
        return not found[1].private if found else True

    def open(self, found: Found) -> bool:
        """Whether a finding may be in the file of a family."""
        return self.public(found.key.partition("/")[0]) and found.signal not in ABOUT_THE_COUNSELOR

    def signal(self, id: str) -> str:
        taxonomy = self.protocol.taxonomy
        if id not in taxonomy:
            return id
        entry = taxonomy.signal(id) if taxonomy.kind(id) == "signal" else taxonomy.protective(id)
        return entry.name.of("en" if self.language == "en" else "nl")

    def level(self, level: str | None) -> Json | None:
        if level is None:
            return None
        return {"value": level, "name": self.protocol.rules.levels[level]["en" if self.language == "en" else "nl"]}

    def by(self, account: int | None) -> Json | None:
        name, role = self.rows.who.get(account or 0, ("", ""))
        return {"name": name, "role": role} if name else None

    def words(self, words: Iterable[Json]) -> list[Json]:
        """Words behind a rule or an alert, without those that belong to the counselor alone."""
        return [
            {**word, "name": self.signal(word["signal"]) if word.get("signal") else ""}
            for word in words
            if not word.get("private")
            and word.get("signal") not in ABOUT_THE_COUNSELOR
            and self.public(str(word.get("question") or "").partition("/")[0])
        ]

    def rules(self, rules: Iterable[Json]) -> list[Json]:
        return [
            {"rule": one["rule"], "level": one["level"], "text": one["en" if self.language == "en" else "nl"],
             "words": self.words(one["words"])}
            for one in rules
        ]  # fmt: skip


def visit_json(reader: Reader, debrief: Debrief) -> Json:
    """All that was recorded after one visit."""
    rows = reader.rows
    answers = [row for row in rows.answers.get(debrief.id, ()) if reader.public(row.question)]
    found = [one for one in rows.found.get(debrief.id, ()) if reader.open(one)]
    signals = [signal_json(reader, one) for one in found if one.kind == "signal"]
    lines = _lines(reader, answers)
    return {
        "id": debrief.id,
        "on": local_day(debrief.opened_at, reader.protocol).isoformat(),
        "mode": debrief.mode,
        "state": debrief.state,
        "opened_at": debrief.opened_at.isoformat(),
        "closed_at": debrief.closed_at.isoformat() if debrief.closed_at else None,
        "counselor": reader.by(debrief.account_id),
        "seen": [_seen(reader, one) for one in rows.sightings.get(debrief.id, ())],
        "facts": [line for line in lines if line["question"] not in IMPRESSIONS],
        "told_by_others": [s for s in signals if _counts(s) and str(s["source"]).startswith("told_by")],
        "observed": [s for s in signals if _counts(s) and not str(s["source"]).startswith("told_by")],
        "impressions": [line for line in lines if line["question"] in IMPRESSIONS],
        "strengths": [signal_json(reader, one) for one in found
                      if one.kind == "protective" and one.confirmation != "no"],
        "signals": signals,
        "agreements_made": [a.text for a in reader.case.agreements if a.made_in == debrief.id],
        "unknowns": [u.text for u in rows.unknowns if u.debrief_id == debrief.id],
        "skipped": [_ask(reader, row) for row in answers if row.replaced_at is None and row.value == "skipped"],
        "level": reader.level(debrief.level),
        "proposed": reader.level(debrief.proposed),
        "rules": reader.rules(debrief.rules or []),
        "changes": [
            {"kind": one.kind, "level": reader.level(one.level), "reason": one.reason, "by": reader.by(one.by_id),
             "rules": [rule["rule"] for rule in one.rules], "at": one.at.isoformat()}
            for one in rows.changes.get(debrief.id, ())
        ],
        "corrections": _corrections(reader, answers),
        "answers": [answer_json(reader, row) for row in answers],
        "note": debrief.note,
    }  # fmt: skip


def signal_json(reader: Reader, found: Found) -> Json:
    """A finding with its words, who says so, and what became of it."""
    return {
        "id": found.signal,
        "name": reader.signal(found.signal),
        "kind": found.kind,
        "severity": found.severity,
        "words": found.words,
        "sentence": found.sentence or found.words,
        "source": found.source,
        "status": found.status,
        "confirmation": found.confirmation,
        "confirmed_at": found.confirmed_at.isoformat() if found.confirmed_at else None,
        "about": reader.names.get(found.subject or ""),
        "about_id": found.subject,
        "question": found.key,
        "at": found.at.isoformat(),
    }


def answer_json(reader: Reader, row: Answer) -> Json:
    """An answer as it was given, replaced or not."""
    return {
        "key": row.key,
        "question": row.question,
        "label": _ask(reader, row),
        "about": reader.names.get(row.subject or ""),
        "about_id": row.subject,
        "value": row.value,
        "said": _said(reader, row),
        "at": row.at.isoformat(),
        "replaced_at": row.replaced_at.isoformat() if row.replaced_at else None,
    }


def _counts(signal: Json) -> bool:
    return signal["confirmation"] != "no" and signal["status"] in ("present", "uncertain")


def _lines(reader: Reader, answers: list[Answer]) -> list[Json]:
    """The answers that say something, in the order of the questionnaire."""
    current = [row for row in answers if row.replaced_at is None and row.question in reader.order]
    each = {row.question for row in current if row.subject not in (None, "all")}
    shown: list[Json] = []
    for row in sorted(current, key=lambda row: (reader.order[row.question][0], row.id)):
        question = reader.order[row.question][1]
        if question.shows or question.records in ("unknowns", "agreements", "raise", "lower", "contact_wish"):
            continue
        if row.subject == "all" and row.question in each and not row.text:
            continue
        choice = question.choice(row.value) if isinstance(row.value, str) and row.value != TOLD else None
        if (row.value in (None, "skipped", "each") or (choice and choice.marks)) and not row.text:
            continue
        if said := _said(reader, row):
            shown.append({**answer_json(reader, row), "said": said})
    return shown


def _said(reader: Reader, row: Answer) -> str:
    if row.text:
        return row.text
    question = reader.order[row.question][1] if row.question in reader.order else None
    values: list[Any] = row.value if isinstance(row.value, list) else [row.value]
    titles = [question.choice(v) for v in values if isinstance(v, str)] if question else []
    return ", ".join(choice.title["en" if reader.language == "en" else "nl"] for choice in titles if choice)


def _ask(reader: Reader, row: Answer) -> str:
    question = reader.order[row.question][1] if row.question in reader.order else None
    if question is None:
        return row.question
    language = "en" if reader.language == "en" else "nl"
    return question.label[language] if question.label else question.ask[language]


def _corrections(reader: Reader, answers: list[Answer]) -> list[Json]:
    """What was answered differently first, with what it became."""
    corrected = []
    for row in answers:
        if row.replaced_at is not None:
            after = next((a for a in answers if a.key == row.key and a.id > row.id), None)
            before = answer_json(reader, row)
            corrected.append({**before, "became": _said(reader, after) if after else None})
    return corrected


def _seen(reader: Reader, row: Sighting) -> Json:
    return {
        "id": f"p{row.person_id}",
        "name": reader.names.get(f"p{row.person_id}", ""),
        "seen": row.seen,
        "spoken": row.spoken,
        "alone": row.alone,
    }
