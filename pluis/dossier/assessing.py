"""The explicit assessment: dated, complete, and signed by a person. A debrief prepares it; it never replaces it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pluis.debrief.known import local_day
from pluis.protocol.assessment_form import AssessmentForm, FormQuestion
from pluis.protocol.read import Protocol
from pluis.store.assessments import Assessment
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.people import Account

LONGEST = 6000  # letters in one answer
OLDEST = timedelta(days=31)  # an assessment made on paper may be written down so much later


class Incomplete(Exception):
    """`faults`: question id to the name of a text that says what to do."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(", ".join(faults))


def form_of(protocol: Protocol, id: str | None) -> AssessmentForm | None:
    """The form of this name, or the usual one."""
    return next((form for form in protocol.forms if id is None or form.id == id), None)


def sign(
    session: Session,
    protocol: Protocol,
    case: Case,
    account: Account,
    form: AssessmentForm,
    given: Mapping[str, Sequence[str]],
    now: datetime,
) -> Assessment:
    """Keep an assessment that this person signs; the case is due again on the day that was chosen.

    `given`: question id to what was filled in, choices by their ids; `on` is the day of the assessment. Raises Incomplete.
    """
    today = local_day(now, protocol)
    answers, faults = _answers(form, given)
    on, wrong = _day(given, "on", today - OLDEST, today)
    faults |= {"on": wrong} if wrong else {}
    next_on, wrong = _day(given, "next", today + timedelta(days=1), today + timedelta(days=form.at_most_days))
    faults |= {"next": wrong} if wrong else {}
    if faults:
        raise Incomplete(faults)
    chosen = {id: _first(given, id) for id in ("safety", "weight")}
    row = Assessment(
        case_id=case.id,
        form=form.id,
        on=on,
        safety=chosen["safety"],
        weight=chosen["weight"],
        answers=answers,
        grave=[id for id, value in chosen.items() if _is_grave(form, id, value)],
        next_on=next_on,
        signed_by_id=account.id,
        signed_at=now,
    )
    session.add(row)
    if case.assessed_on is None or on >= case.assessed_on:
        case.assessed_on, case.assess_by = on, next_on
    session.flush()
    return row


def assessment_json(row: Assessment, language: str) -> Json:
    """An assessment with the words of its form as they were when it was signed."""
    answers = [
        {"id": one["id"], "kind": one["kind"], "ask": one["ask"][language],
         "said": ", ".join(title[language] for title in one["titles"]) or one["text"]}
        for one in row.answers
    ]  # fmt: skip
    said = {one["id"]: one["said"] for one in answers}
    return {
        "id": row.id,
        "form": row.form,
        "on": row.on.isoformat(),
        "safety": {"value": row.safety, "name": said["safety"], "grave": "safety" in row.grave},
        "weight": {"value": row.weight, "name": said["weight"], "grave": "weight" in row.grave},
        "reasons": said["reasons"],
        "unknowns": said["unknowns"],
        "next_on": row.next_on.isoformat(),
        "answers": answers,
        "signed_by": {"name": row.signed_by.name, "role": row.signed_by.role},
        "signed_at": row.signed_at.isoformat(),
    }


def _answers(form: AssessmentForm, given: Mapping[str, Sequence[str]]) -> tuple[list[Json], dict[str, str]]:
    answers: list[Json] = []
    faults: dict[str, str] = {}
    for question in form.questions:
        values = [value.strip() for value in given.get(question.id, ()) if value.strip()]
        known = [choice for value in values if (choice := question.choice(value))]
        if len("".join(values)) > LONGEST:
            faults[question.id] = "assess_too_long"
        elif question.required and not (known if question.choices else values):
            faults[question.id] = "assess_choose" if question.choices else "assess_fill_in"
        answers.append(_answer(question, known, values))
    return answers, faults


def _answer(question: FormQuestion, known: Sequence[Any], values: list[str]) -> Json:
    return {
        "id": question.id,
        "kind": question.kind,
        "ask": question.ask.model_dump(),
        "text": "" if question.choices else "\n".join(values),
        "titles": [choice.title.model_dump() for choice in known],
    }


def _day(given: Mapping[str, Sequence[str]], name: str, first: date, last: date) -> tuple[date, str | None]:
    try:
        found = date.fromisoformat(_first(given, name))
    except ValueError:
        return first, f"assess_{name}"
    return found, None if first <= found <= last else f"assess_{name}"


def _is_grave(form: AssessmentForm, id: str, value: str) -> bool:
    question = form.question(id)
    choice = question.choice(value) if question else None
    return choice is not None and choice.grave


def _first(given: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(given.get(name, ())), "").strip()
