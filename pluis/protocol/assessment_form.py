"""The forms of the explicit assessment, as data: the organisation's own one, and any instrument that it may use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pluis.content import ContentError, Fault, Identifier, Strict, Wording, project_root, read_as

FOLDER = "assessment"
# What every form asks, whatever else it asks: the inspectorate's demand of an explicit assessment.
CORE = {"safety": "choice", "weight": "choice", "reasons": "text", "unknowns": "text", "next": "date"}
Source = Literal[
    "signals", "children", "parents", "protective", "agreements", "rules", "unseen", "unknowns", "statements"
]


class FormChoice(Strict):
    """`grave`: an overview shows this answer as one that asks for action."""

    id: Identifier
    title: Wording
    grave: bool = False


class FormQuestion(Strict):
    """`source` (in the file: `from`) names what debriefs already said, to begin a text with."""

    id: Identifier
    kind: Literal["line", "text", "choice", "choices", "date"]
    ask: Wording
    hint: Wording | None = None
    required: bool = True
    choices: list[FormChoice] = []
    source: Annotated[list[Source], Field(alias="from")] = []

    @model_validator(mode="after")
    def _fits(self) -> "FormQuestion":
        if self.kind in ("choice", "choices") and len(self.choices) < 2:
            raise ValueError("there is nothing to choose.|Give at least two 'choices'.")
        if self.choices and self.kind not in ("choice", "choices"):
            raise ValueError("choices belong to the kinds 'choice' and 'choices'.|Change 'kind', or take them out.")
        if self.source and self.kind != "text":
            raise ValueError("'from' belongs to the kind 'text'.|Change 'kind', or take 'from' out.")
        return self

    def choice(self, id: str) -> FormChoice | None:
        return next((choice for choice in self.choices if choice.id == id), None)


class AssessmentForm(Strict):
    """One form. `at_most_days`: the next assessment is at most so many days away (three months: protocol, section 3)."""

    id: Identifier
    default: bool = False
    title: Wording
    lead: Wording | None = None
    at_most_days: Annotated[int, Field(ge=1, le=366)] = 91
    questions: Annotated[list[FormQuestion], Field(min_length=len(CORE))]

    def question(self, id: str) -> FormQuestion | None:
        return next((question for question in self.questions if question.id == id), None)


def load_forms(data: Path) -> tuple[AssessmentForm, ...]:
    """The forms of `assessment/` below `data`, the default one first. Raises ContentError with all faults at once.

    An organisation's folder of content that has none yet gets the form that comes with Pluis.
    """
    files = sorted((data / FOLDER).glob("*.yml")) or sorted((project_root() / "data" / FOLDER).glob("*.yml"))
    faults: list[Fault] = []
    forms: dict[Path, AssessmentForm] = {}
    for file in files:
        try:
            forms[file] = read_as(AssessmentForm, file)
        except ContentError as error:
            faults.extend(error.faults)
    for file, form in forms.items():
        faults.extend(_form_fits(file, form))
    if not faults:
        faults.extend(_forms_fit(forms))
    if faults:
        raise ContentError(faults)
    return tuple(sorted(forms.values(), key=lambda form: not form.default))


def _form_fits(file: Path, form: AssessmentForm) -> Iterator[Fault]:
    ids = [question.id for question in form.questions]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        yield Fault(str(file), f"question {id}", "stands there twice.", "Give one of them another id.")
    for id, kind in CORE.items():
        question = form.question(id)
        if question is None:
            yield Fault(str(file), "questions", f"'{id}' is missing.",
                        f"Add a question with the id '{id}' of the kind '{kind}': every form asks it.")  # fmt: skip
        elif question.kind != kind or not question.required:
            yield Fault(str(file), f"question {id}", f"has to be of the kind '{kind}' and required.",
                        f"Write 'kind: {kind}', and take 'required' out.")  # fmt: skip


def _forms_fit(forms: dict[Path, AssessmentForm]) -> Iterator[Fault]:
    files = list(forms)
    ids = [form.id for form in forms.values()]
    for file, form in forms.items():
        if ids.count(form.id) > 1:
            yield Fault(str(file), f"id {form.id}", "another form has it too.", "Give one of them another id.")
    if sum(form.default for form in forms.values()) != 1:
        yield Fault(str(files[0].parent), "folder", "one form has to be the usual one.",
                    "Write 'default: true' in exactly one file.")  # fmt: skip
