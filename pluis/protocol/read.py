"""Read the whole protocol and check that its parts fit each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pluis.content import ContentError, Fault, read_as
from pluis.protocol.assessment_form import AssessmentForm, load_forms
from pluis.protocol.conditions_on_answers import AnswerIs, Unanswered
from pluis.protocol.conditions_on_people import ChildIs
from pluis.protocol.conditions_on_signals import SignalAboutChild, SignalFound
from pluis.protocol.ladders import Ladders
from pluis.protocol.schema import Block, PhoneNumber, Question, Rules, Texts
from pluis.signals.taxonomy import Taxonomy, read_taxonomy


@dataclass(frozen=True)
class Protocol:
    """The questionnaire, the rules, the texts, the ladders and the forms of the assessment, read and checked."""

    blocks: tuple[Block, ...]
    rules: Rules
    texts: Texts
    ladders: Ladders
    taxonomy: Taxonomy
    forms: tuple[AssessmentForm, ...] = ()

    @cached_property
    def upgrades(self) -> frozenset[str]:
        """Signals with a question that may make them acute."""
        return frozenset(s.id for s in self.taxonomy.signals if s.upgrade and s.severity == "serious")

    def question(self, id: str) -> Question | None:
        return next((q for block in self.blocks for q in block.questions if q.id == id), None)

    def say(self, text: str, language: str, /, **values: object) -> str:
        """A text of the assistant with its values filled in. Raises KeyError for a text that does not exist."""
        return fill(self.texts.texts[text][language], **values)

    @property
    def phone_numbers(self) -> list[PhoneNumber]:
        return self.texts.phone_numbers


def fill(text: str, /, **values: object) -> str:
    """Put values in the place of {names}; a name without a value stays as it is."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def load_protocol(data: Path) -> Protocol:
    """Reads `protocol/`, `assessment/` and the signal taxonomy below `data`.

    Raises ContentError with all faults that can be seen at once.
    """
    folder = data / "protocol"
    faults: list[Fault] = []
    parts: dict[str, Any] = {}

    def attempt(name: str, read: Any, *arguments: Any) -> None:
        try:
            parts[name] = read(*arguments)
        except ContentError as error:
            faults.extend(error.faults)

    files = sorted((folder / "questions").glob("*.yml"))
    if not files:
        faults.append(
            Fault(str(folder / "questions"), "folder", "holds no questions.", "Put the question files there.")
        )
    for file in files:
        attempt(file.name, read_as, Block, file)
    attempt("rules", read_as, Rules, folder / "levels.yml")
    attempt("texts", read_as, Texts, folder / "texts.yml")
    attempt("ladders", read_as, Ladders, folder / "escalation.yml")
    attempt("taxonomy", read_taxonomy, data)
    attempt("forms", load_forms, data)
    if faults:
        raise ContentError(faults)
    blocks = tuple(sorted((parts[file.name] for file in files), key=lambda block: block.block))
    where = {id(parts[file.name]): file for file in files}
    names = ("rules", "texts", "ladders", "taxonomy", "forms")
    protocol = Protocol(blocks, *(parts[name] for name in names))
    faults = [
        *_questions_fit(protocol, where),
        *_rules_fit(protocol, folder / "levels.yml"),
        *_events_fit(protocol, folder / "escalation.yml"),
    ]
    if faults:
        raise ContentError(faults)
    return protocol


def _questions_fit(protocol: Protocol, where: dict[int, Path]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for block in protocol.blocks:
        file = str(where[id(block)])
        for question in block.questions:
            entry = f"question {question.id}"
            if question.id in seen:
                yield Fault(file, entry, f"also stands in {seen[question.id]}.", "Give one of them another id.")
            seen[question.id] = file
            for choice in question.choices:
                if choice.signal and choice.signal not in protocol.taxonomy:
                    yield Fault(file, f"{entry} > choice {choice.id}", f"signal '{choice.signal}' is not known.",
                                "Use an id from data/signals/taxonomy.yml.")  # fmt: skip
            yield from _references(protocol, question, file, entry)


def _rules_fit(protocol: Protocol, file: Path) -> Iterator[Fault]:
    ids = [rule.id for rule in protocol.rules.rules]
    for rule in protocol.rules.rules:
        if ids.count(rule.id) > 1:
            yield Fault(str(file), f"rule {rule.id}", "stands there twice.", "Give one of them another id.")
        yield from _references(protocol, rule, str(file), f"rule {rule.id}")
    if not any(rule.when is None for rule in protocol.rules.rules):
        yield Fault(str(file), "rules", "none of them always holds.", "Let the last one, L0, have no 'when'.")


def _events_fit(protocol: Protocol, file: Path) -> Iterator[Fault]:
    """Questions, choices and signals that an event names must exist."""
    for event in protocol.ladders.reassessment.events:
        entry = f"event {event.id}"
        for signal in event.signals:
            if signal not in protocol.taxonomy:
                yield Fault(str(file), entry, f"signal '{signal}' is not known.",
                            "Use an id from data/signals/taxonomy.yml.")  # fmt: skip
        for answer, values in event.answers.items():
            question = protocol.question(answer)
            known = {choice.id for choice in question.choices} if question else set()
            if wrong := [value for value in values if value not in known]:
                yield Fault(str(file), entry, f"{answer} has no choice '{wrong[0]}'.",
                            f"Use: {', '.join(sorted(known)) or 'a question that exists'}.")  # fmt: skip


def _references(protocol: Protocol, model: BaseModel, file: str, entry: str) -> Iterator[Fault]:
    """Questions, choices and signals that a condition names must exist."""
    for condition in _conditions(model):
        names: list[str] = []
        match condition:
            case AnswerIs(answer=answer, is_=values, of=of):
                names, question = [answer], protocol.question(answer)
                known = {choice.id for choice in question.choices} | {"told", "skipped"} if question else set()
                wrong = [value for value in values if question and value not in known and of != "stranger"]
                if wrong:
                    yield Fault(
                        file,
                        entry,
                        f"{answer} has no choice '{wrong[0]}'.",
                        f"Use: {', '.join(sorted(known))}.",
                    )
            case ChildIs(answer=str(answer)):
                names = [answer]
            case Unanswered(unanswered=answers):
                names = answers
            case SignalFound(signal=signals) | SignalAboutChild(signal_about=signals):
                for signal in signals:
                    if signal not in protocol.taxonomy:
                        yield Fault(file, entry, f"signal '{signal}' is not known.",
                                    "Use an id from data/signals/taxonomy.yml.")  # fmt: skip
        for name in names:
            if protocol.question(name) is None:
                yield Fault(file, entry, f"question '{name}' does not exist.", "Correct its id, or add the question.")


def _conditions(value: Any) -> Iterator[Any]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from _conditions(getattr(value, name))
    elif isinstance(value, list):
        for part in value:
            yield from _conditions(part)
