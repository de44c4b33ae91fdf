"""Assessments and statements on paper."""

from typing import TYPE_CHECKING

from pluis.dossier.sheet import Sheet
from pluis.store.base import Json

if TYPE_CHECKING:
    from pluis.dossier.printed import Say


def print_assessments(paper: Sheet, words: "Say", dossier: Json) -> None:
    """Each signed assessment, newest first, with what people of the family said of it."""
    paper.heading(1, words("assessments"))
    if not dossier["assessments"]:
        paper.text_block(words("none"))
    for one in dossier["assessments"][::-1]:
        by = one["signed_by"]
        role = words.word("role", by["role"])
        paper.heading(2, words("assessment_title", day=words.day(one["on"]), name=by["name"], role=role))
        rows = [(answer["ask"], _said(words, answer)) for answer in one["answers"] if answer["said"]]
        if not rows:
            rows = [
                (words("assessment_safety"), one["safety"]["name"]),
                (words("assessment_weight"), one["weight"]["name"]),
                (words("assessment_next"), words.day(one["next_on"])),
            ]
        for ask, said in rows:
            paper.heading(3, ask)
            paper.text_block(said)
        paper.text_block(f"{words('signed_at')} {words.moment(one['signed_at'])}", soft=True)
        for said in dossier["statements"]:
            if said["assessment"] == one["id"]:
                _statement(paper, words, said, 3)


def print_statements(paper: Sheet, words: "Say", dossier: Json) -> None:
    """What people of the family stated about the whole file."""
    about_all = [one for one in dossier["statements"] if not one["visit"] and not one["assessment"]]
    if about_all:
        paper.heading(1, words("statements"))
    for one in about_all:
        _statement(paper, words, one, 2)


def _statement(paper: Sheet, words: "Say", one: Json, level: int) -> None:
    paper.heading(level, words("statement_title", name=one["person"], day=words.day(one["on"])))
    paper.text_block(one["text"])
    by = one["recorded_by"]
    paper.text_block(words("statement_by", name=by["name"], role=words.word("role", by["role"])), soft=True)


def _said(words: "Say", answer: Json) -> str:
    return words.day(answer["said"]) if answer["kind"] == "date" else str(answer["said"])
