"""A draft of a vignette from a real debrief: other names, nothing that a program can recognise, and gaps for a person.

What was said about the counselor alone never goes in.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.debrief.known import months_old
from pluis.protocol.read import Protocol
from pluis.store import debriefs
from pluis.store.cases import Person, Sighting
from pluis.store.debriefs import Debrief
from pluis.training.anonymous import clean
from pluis.training.text import as_text

GAP = "‹…›"
SHORT = 15  # characters: below it an answer says nothing without its question
MADE_UP = (
    "Robin", "Noa", "Sam", "Jules", "Charlie", "Bo", "Alex", "Luca", "Kim", "Quinn", "Senna", "Floor", "Mika", "Jip",
)  # fmt: skip


def draft(session: Session, protocol: Protocol, debrief: Debrief, home: Path) -> str:
    """The text of the draft, in the language of the debrief. Its gaps are marked ‹…›, so that the check finds them."""
    people = debrief.case.people
    aliases = dict(zip((one.id for one in people), MADE_UP * (len(people) // len(MADE_UP) + 1), strict=False))
    names = {**_family(debrief.case.family), debrief.case.number: GAP, debrief.case.team.name: GAP}
    for colleague in (debrief.account, debrief.case.counselor, debrief.case.supervisor):
        names |= {part: GAP for part in (colleague.name, *colleague.name.split()) if len(part) > 2}
    for one in people:
        names |= {part: aliases[one.id] for part in (one.name, *one.name.split()) if len(part) > 1}
    told = _told(session, protocol, debrief)
    marked = [
        row for row in debriefs.findings(session, debrief.id) if row.kind == "signal" and row.confirmation == "yes"
    ]
    cleaned = clean([*told, *(row.words for row in marked)], names, home, debrief.language)
    scene, words = cleaned[: len(told)], cleaned[len(told) :]
    signals = {row.signal: text for row, text in zip(marked, words, strict=True)}
    return as_text(_content(debrief, people, aliases, _seen(session, debrief), scene, signals))


def _family(family: str) -> dict[str, str]:
    """`Familie Eik` gives away Eik."""
    return {part: GAP for part in family.split() if part[:1].isupper() and part not in ("Familie", "Family", "The")}


def _told(session: Session, protocol: Protocol, debrief: Debrief) -> list[str]:
    private = {question.id for block in protocol.blocks for question in block.questions if question.private}
    texts = [
        row.text.strip()
        for row in debriefs.answers(session, debrief.id)
        if row.question not in private and not row.question.startswith("G")
    ]
    return list(dict.fromkeys(text for text in texts if len(text) >= SHORT))


def _seen(session: Session, debrief: Debrief) -> dict[int, str]:
    rows = session.scalars(select(Sighting).where(Sighting.debrief_id == debrief.id))
    return {
        row.person_id: "alone" if row.alone else "spoken" if row.spoken else "seen" if row.seen else "unseen"
        for row in rows
    }


def _content(
    debrief: Debrief,
    people: list[Person],
    aliases: dict[int, str],
    seen: dict[int, str],
    scene: list[str],
    signals: dict[str, str],
) -> dict[str, Any]:
    ids = {one.id: f"person{number}" for number, one in enumerate(people, 1)}
    first = next(iter(ids.values()), "person1")
    return {
        "title": GAP,
        "about": GAP,
        "themes": ["own"],
        "family": {
            "name": GAP,
            "people": [_member(one, ids[one.id], aliases[one.id], debrief) for one in people],
        },
        "visits": [
            {
                "known": GAP,
                "scene": "\n".join(scene) or GAP,
                "talk": [
                    {
                        "who": first,
                        "else_says": GAP,
                        "answers": [{"id": "first", "ask": GAP, "cues": [GAP], "says": GAP}],
                    }
                ],
                "marking": {
                    "seen": {ids[one.id]: seen.get(one.id, "unseen") for one in people},
                    "signals": [{"id": signal, "evidence": words} for signal, words in signals.items()],
                    "had_to_ask": [{"who": first, "answer": "first", "why": GAP}],
                    "level": debrief.level or "L0",
                    "reasons": GAP,
                    "todo": GAP,
                },
                "learn": [GAP],
            }
        ],
    }


def _member(person: Person, id: str, name: str, debrief: Debrief) -> dict[str, Any]:
    months = months_old(person.born_on, debrief.opened_at.date())
    age = {} if months is None else {"months": months} if months < 24 else {"age": months // 12}
    return {
        "id": id, "name": name, "kind": person.kind, "relation": person.relation or GAP, **age,
        "speaks": person.speaks, "parent": person.parent, "lives_here": person.lives_here,
    }  # fmt: skip
