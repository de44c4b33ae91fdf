"""What an answer becomes besides an answer: sightings, agreements, unknowns, a wish to talk, a raised level."""

import re
from typing import Any

from sqlalchemy import delete, select

from pluis.debrief.asking import as_level
from pluis.debrief.known import local_day
from pluis.debrief.level import raise_level, request_lower
from pluis.debrief.work import Work
from pluis.protocol.facts import Subject
from pluis.protocol.naming import TOLD
from pluis.protocol.order import Asked
from pluis.protocol.reading import Read
from pluis.store.cases import Agreement, Sighting
from pluis.store.debriefs import SupportWish, Unknown


def sighting(work: Work, subject: Subject, marks: list[Any]) -> None:
    """Keep when a person was seen, spoken to, spoken to alone."""
    if subject.kind not in ("child", "adult") or not marks:
        return
    person_id = int(subject.id[1:])
    row = work.session.scalar(
        select(Sighting).where(Sighting.debrief_id == work.debrief.id, Sighting.person_id == person_id)
    )
    if row is None:
        row = Sighting(
            person_id=person_id,
            debrief_id=work.debrief.id,
            on=local_day(work.debrief.opened_at, work.protocol),
            seen=False,
            spoken=False,
            alone=False,
        )
        work.session.add(row)
    row.seen = (row.seen and "unseen" not in marks) or "seen" in marks or "spoken" in marks or "alone" in marks
    row.spoken = (row.spoken and "unspoken" not in marks) or "spoken" in marks or "alone" in marks
    row.alone = row.alone or "alone" in marks


def keep(work: Work, asked: Asked, read: Read, words: str) -> None:
    """What the question says that its answer becomes. Answering again replaces what the first answer made."""
    if asked.question.for_each == "agreement":
        _agreements_checked(work, read)
    match asked.question.records:
        case "unknowns":
            work.session.execute(delete(Unknown).where(Unknown.debrief_id == work.debrief.id))
            for line in _lines(words) if TOLD in read.values.values() else []:
                work.session.add(Unknown(case_id=work.debrief.case_id, debrief_id=work.debrief.id, text=line))
        case "agreements":
            work.session.execute(delete(Agreement).where(Agreement.made_in == work.debrief.id))
            for line in _lines(words) if TOLD in read.values.values() else []:
                work.session.add(
                    Agreement(
                        case_id=work.debrief.case_id,
                        text=line,
                        made_in=work.debrief.id,
                        made_at=work.now,
                        safety=False,
                    )
                )
        case "contact_wish":
            _contact_wish(work, read, words)
        case "raise":
            value = next(iter(read.values.values()))
            if value != TOLD:
                raise_level(work, as_level(value), words)
        case "lower":
            request_lower(work, words)
        case _:
            if asked.question.private and words and work.debrief.mode != "training":
                work.session.add(
                    SupportWish(
                        account_id=work.turn.account_id,
                        turn_id=work.turn.id,
                        kind="words",
                        words=words,
                        at=work.now,
                    )
                )


def _agreements_checked(work: Work, read: Read) -> None:
    for key, value in read.values.items():
        subject = key.partition("/")[2]
        if subject.startswith("a") and subject[1:].isdigit() and value in ("kept", "partly", "broken"):
            row = work.session.get(Agreement, int(subject[1:]))
            if row is not None and row.case_id == work.debrief.case_id:
                row.state, row.checked_in = value, work.debrief.id


def _contact_wish(work: Work, read: Read, words: str) -> None:
    value = next(iter(read.values.values()))
    if value == "no":
        return
    if work.debrief.mode == "training":
        work.say("contact_training")
        return
    by_when = shortened(words) if value == TOLD else value
    work.session.add(
        SupportWish(
            account_id=work.turn.account_id,
            turn_id=work.turn.id,
            kind="contact",
            by_when=by_when,
            words=words,
            at=work.now,
        )
    )
    who = work.debrief.case.supervisor.name
    work.say("contact_noted", who=who, when=work.text(f"by_{value}") if value in ("today", "this_week") else words)


def shortened(words: str) -> str:
    """As much of it as the column holds; the whole is kept beside it."""
    return words if len(words) <= 60 else f"{words[:59]}…"


def _lines(words: str) -> list[str]:
    """One entry per line or sentence."""
    return [part.strip(" -\t") for part in re.split(r"\n|;|(?<=[.!?])\s+", words) if part.strip(" -\t.")]
