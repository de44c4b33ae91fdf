"""The questionnaire as data: what a question, a choice and a block may look like (words after XLSForm)."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from pluis.content import Identifier, Strict, Wording
from pluis.protocol.conditions import AnyCondition
from pluis.protocol.facts import LEVELS

Each = Literal["child", "child_seen", "child_unseen", "adult", "adult_spoken", "adult_unspoken", "agreement"]


Mark = Literal["seen", "unseen", "spoken", "unspoken", "alone"]


class Words(Strict):
    """Things a person may type, per language."""

    nl: list[str] = []
    en: list[str] = []

    def __getitem__(self, language: str) -> list[str]:
        return self.en if language == "en" else self.nl


class Choice(Strict):
    """One possible answer.

    `signal`: choosing it records this signal as confirmed, if `when` holds. `marks`: choosing it says that the person it
    is about was seen, unseen, spoken, unspoken or alone; loops and last-seen dates follow from these.
    """

    id: Identifier
    title: Wording
    says: Words = Words()
    intents: list[Identifier] = []
    signal: Identifier | None = None
    when: AnyCondition | None = None
    marks: list[Mark] = []


class Together(Strict):
    """Asked once for all people of a loop. The choices in `same` become buttons that answer for everybody.

    `preselect: false`: no choice stands chosen beforehand, so that nobody confirms it without looking.
    `rest`: what is taken to hold for those whom a typed answer does not name; without it they are asked about.
    `at_least`: fewer people than this are asked about one by one.
    """

    ask: Wording
    same: dict[Identifier, Wording] = {}
    rest: Identifier | None = None
    stranger: Wording | None = None
    preselect: bool = True
    at_least: int = 2


class Question(Strict):
    """One question.

    `text`: free words are an answer of their own (value `told`); without it, words that fit no choice are kept and the
    choices are shown once more. `several`: more than one choice. `required: false`: may be left open without a trace
    in the level. `told`: the answer is what others say. `private`: the answer belongs to the counselor and never enters
    the client's file. `records`: what the words become besides an answer. `label`: what the answer is called in the
    contact note.
    """

    id: Identifier
    ask: Wording
    why: Wording
    label: Wording | None = None
    hint: Wording | None = None
    choices: list[Choice] = []
    text: bool = False
    several: bool = False
    told: bool = False
    for_each: Each | None = None
    together: Together | None = None
    relevant: AnyCondition | None = None
    required: bool = True
    private: bool = False
    short: bool = False
    short_only: bool = False
    records: Literal["unknowns", "agreements", "contact_wish", "raise", "lower", "danger"] | None = None
    shows: Literal["summary"] | None = None
    feeds: list[Identifier] = []

    @model_validator(mode="after")
    def _answerable(self) -> "Question":
        if not self.choices and not self.text:
            raise ValueError("this question can't be answered.|Give it choices or 'text: true'.")
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) < len(ids):
            raise ValueError("two choices have the same id.|Give each choice its own id.")
        if self.together and not self.for_each:
            raise ValueError("'together' needs 'for_each'.|Say for whom it is asked, or take 'together' out.")
        if self.together and (wrong := set(self.together.same) - set(ids)):
            raise ValueError(f"'same' names no choice: {', '.join(sorted(wrong))}.|Use ids of the choices.")
        return self

    @cached_property
    def marks(self) -> frozenset[str]:
        """All marks that its choices can set."""
        return frozenset(mark for choice in self.choices for mark in choice.marks)

    @cached_property
    def _by_id(self) -> dict[str, Choice]:
        return {choice.id: choice for choice in self.choices}

    def choice(self, id: str) -> Choice | None:
        return self._by_id.get(id)


class Block(Strict):
    """A block of questions; findings of a block are confirmed at its end."""

    block: Annotated[str, Field(pattern="^[A-Z]$")]
    title: Wording
    questions: Annotated[list[Question], Field(min_length=1)]

    @cached_property
    def stretches(self) -> tuple[tuple[str | None, tuple[Question, ...]], ...]:
        """Neighbouring questions of the same loop belong together; `together` begins a new stretch."""
        stretches: list[tuple[str | None, list[Question]]] = []
        for question in self.questions:
            if not stretches or question.together or question.for_each != stretches[-1][0]:
                stretches.append((question.for_each, []))
            stretches[-1][1].append(question)
        return tuple((each, tuple(questions)) for each, questions in stretches)

    @cached_property
    def marking(self) -> dict[str, tuple[Question, ...]]:
        """For each mark the questions that can set it."""
        marks = {mark for question in self.questions for mark in question.marks}
        return {mark: tuple(q for q in self.questions if mark in q.marks) for mark in marks}


class Rule(Strict):
    """One level rule. All rules that fire are shown; the highest level counts."""

    id: Identifier
    level: Literal["L0", "L1", "L2", "L2+", "L3"]
    when: AnyCondition | None = None
    reason: Wording
    source: str = ""
    protective_may_lower: bool = False


class SafetyRule(Strict):
    id: Literal["unsafe", "safe_with_plan", "none_named"]
    when: AnyCondition | None = None
    reason: Wording


class Rules(Strict):
    levels: dict[str, Wording]
    safety_now: Annotated[list[SafetyRule], Field(min_length=1)]
    rules: Annotated[list[Rule], Field(min_length=1)]

    @field_validator("levels")
    @classmethod
    def _all_named(cls, levels: dict[str, Wording]) -> dict[str, Wording]:
        if set(levels) != set(LEVELS):
            raise ValueError(f"the levels are {', '.join(LEVELS)}.|Name each of them, and no other.")
        return levels


class PhoneNumber(Strict):
    number: str
    name: Wording
    link: str


class Texts(Strict):
    """What the assistant says besides questions, and the numbers to phone."""

    texts: dict[Identifier, Wording]
    phone_numbers: Annotated[list[PhoneNumber], Field(min_length=1)]
