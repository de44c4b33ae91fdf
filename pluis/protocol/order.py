"""Which question is next: pure, from the questionnaire and what is known."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pluis.protocol.facts import Facts, Subject
from pluis.protocol.schema import Block, Question

CONFIRM = "confirm"
DANGER = "danger"
UPGRADE = "upgrade"


@dataclass(frozen=True)
class Asked:
    """A question as it is put: to nobody in particular, about one subject, or for all subjects together."""

    question: Question
    block: str
    subject: Subject | None = None
    all: tuple[Subject, ...] = ()

    @property
    def key(self) -> str:
        if self.all:
            return f"{self.question.id}/all"
        return f"{self.question.id}/{self.subject.id}" if self.subject else self.question.id


@dataclass(frozen=True)
class Step:
    """What the assistant does next. `key` is a question's key, `confirm`, `danger`, `upgrade/<signal>`, or None: done."""

    key: str | None
    asked: Asked | None = None
    findings: tuple[int, ...] = ()


def marked(blocks: tuple[Block, ...], facts: Facts, mark: str) -> set[str]:
    """Ids of the subjects that some answer marks so (seen, unseen, spoken, unspoken, alone)."""
    return {
        subject
        for block in blocks
        for question in block.marking.get(mark, ())
        for subject, value in facts.values(question.id)
        if subject and isinstance(value, str) and (choice := question.choice(value)) and mark in choice.marks
    }


def subjects_for(blocks: tuple[Block, ...], facts: Facts, each: str) -> tuple[Subject, ...]:
    """The subjects of a loop."""
    kind, _, mark = each.partition("_")
    pool = tuple(subject for subject in facts.subjects if subject.kind == kind)
    if not mark:
        return pool
    wanted = marked(blocks, facts, mark)
    return tuple(subject for subject in pool if subject.id in wanted)


def in_order(blocks: tuple[Block, ...], facts: Facts) -> Iterator[Asked]:
    """Every question that is relevant now, in the order in which it is asked, answered or not."""
    for block in blocks:
        for each, stretch in block.stretches:
            if each is None:
                for question in stretch:
                    if _belongs(question, facts) and _relevant(question, facts, None):
                        yield Asked(question, block.block)
            else:
                yield from _loop(blocks, block.block, each, stretch, facts)


def _loop(
    blocks: tuple[Block, ...], block: str, each: str, stretch: tuple[Question, ...], facts: Facts
) -> Iterator[Asked]:
    first = stretch[0]
    subjects = subjects_for(blocks, facts, each)
    if first.together and _belongs(first, facts):
        asked_of = tuple(s for s in subjects if _relevant(first, facts, s))
        if len(asked_of) >= first.together.at_least or (asked_of and first.together.stranger):
            yield Asked(first, block, all=asked_of)
            if f"{first.id}/all" not in facts.answers:
                return
    for subject in subjects:
        for question in stretch:
            if _belongs(question, facts) and _relevant(question, facts, subject):
                yield Asked(question, block, subject)


def _belongs(question: Question, facts: Facts) -> bool:
    return question.short if facts.mode == "short" else not question.short_only


def _relevant(question: Question, facts: Facts, subject: Subject | None) -> bool:
    return question.relevant is None or question.relevant.holds(facts, subject)


def next_step(blocks: tuple[Block, ...], facts: Facts, every: Iterable[Asked] | None = None) -> Step:
    """What comes next: an acute finding first, then a hold for danger, then what a finding asks, then the questionnaire.

    `every` is what `in_order` gives, for whoever has it already.
    """
    acute = tuple(f.id for f in facts.findings if f.asks and f.severity == "acute")
    if acute:
        return Step(CONFIRM, findings=acute)
    if _held(blocks, facts):
        return Step(DANGER)
    if upgrade := _upgrade(facts):
        return upgrade
    every = in_order(blocks, facts) if every is None else every
    following = next((asked for asked in every if asked.key not in facts.answers), None)
    waiting = tuple(f.id for f in facts.findings if f.asks)
    if waiting and (following is None or _crosses(blocks, facts, following)):
        return Step(CONFIRM, findings=waiting)
    return Step(following.key if following else None, following)


def _held(blocks: tuple[Block, ...], facts: Facts) -> bool:
    """After somebody is in danger nothing is asked until a person has answered or the counselor wants to go on."""
    if DANGER in facts.answers or facts.acknowledged:
        return False
    return any(
        facts.answers.get(question.id) not in (None, "skipped")
        for block in blocks
        for question in block.questions
        if question.records == "danger"
    )


def _upgrade(facts: Facts) -> Step | None:
    """A confirmed serious signal may be acute: ask its one question, unless the level is acute already."""
    if facts.level == "L3" or facts.mode == "short":
        return None
    for finding in facts.findings:
        key = f"{UPGRADE}/{finding.signal}"
        if (
            finding.severity == "serious"
            and finding.confirmation in ("yes", "unsure")
            and finding.signal in facts.upgrades
            and key not in facts.answers
        ):
            return Step(key, findings=(finding.id,))
    return None


def _crosses(blocks: tuple[Block, ...], facts: Facts, following: Asked) -> bool:
    """Whether the next question leaves the block in which something was found."""
    home = {question.id: block.block for block in blocks for question in block.questions}
    if following.question.shows:
        return True
    return any(home.get(f.key.partition("/")[0]) != following.block for f in facts.findings if f.asks)


def progress(facts: Facts, every: Collection[Asked]) -> tuple[int, int]:
    """How many of these questions have an answer, and how many are expected in all as things stand."""
    together = {asked.question.id for asked in every if asked.all}
    # What one answer said of several people is one step, not one for each of them.
    keys = [
        asked.key for asked in every if asked.all or asked.question.id not in together or asked.key not in facts.answers
    ]
    answered = sum(key in facts.answers for key in keys)
    return answered, max(len(keys), answered)
