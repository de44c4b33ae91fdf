"""Compare a debrief with the marking of the experts: what was noticed, what was not asked, what was missed. Pure.

There is no mark and no count of right and wrong: only what to look at again, and one thing to try.
"""

from dataclasses import dataclass, field
from typing import Literal

from pluis.content import Wording
from pluis.protocol.facts import rank
from pluis.training.vignette import Answer, HadToAsk, How, Marked, Vignette, Visit

Gap = Literal["same", "lower", "higher"]
Next = Literal["danger_first", "ask", "prepare", "notice", "own_words", "see", "trust", "keep"]
# Always the visitor's own: nobody else can say that it was not felt, or that it should not be named.
OWN = frozenset({"worker_gut_feeling", "worker_overloaded_or_alone", "worker_threatened_or_afraid"})
NOT_ALONE = "child_not_seen_alone"
_SEEN = {"unseen": 0, "seen": 1, "spoken": 2, "alone": 3}


@dataclass(frozen=True)
class Noted:
    """What a debrief came to, without rows: signal → own words, member → how seen, and what was asked."""

    signals: dict[str, str] = field(default_factory=dict)
    severities: dict[str, str] = field(default_factory=dict)
    seen: dict[str, How] = field(default_factory=dict)
    asked: frozenset[tuple[str, str]] = frozenset()
    level: str = "L0"
    raised: bool = False


@dataclass(frozen=True)
class Noticed:
    signal: str
    evidence: Wording
    words: str


@dataclass(frozen=True)
class Asked:
    """A question that had to be asked, and was."""

    who: str
    ask: Wording


@dataclass(frozen=True)
class NotAsked:
    """A question that was not asked, why it matters, what would have been said, and where to go back to."""

    who: str
    ask: Wording
    why: Wording
    says: Wording
    question: str | None


@dataclass(frozen=True)
class Missed:
    """A signal that stands in the visit and not in the debrief. `hidden`: it shows when asked for, and it wasn't."""

    signal: str
    evidence: Wording
    hidden: bool


@dataclass(frozen=True)
class Over:
    """A signal in the debrief that the experts do not see. `why`: what the words meant, where that is known."""

    signal: str
    words: str
    why: Wording | None


@dataclass(frozen=True)
class SeenOtherwise:
    """Somebody was noted as seen more, or less, than the visit shows."""

    who: str
    noted: How
    was: How


@dataclass(frozen=True)
class Level:
    gap: Gap
    own: str
    experts: str
    reasons: Wording
    parted: tuple[str, ...]
    raised: bool


@dataclass(frozen=True)
class Feedback:
    """In the order in which it is told. `saw_right`: it was noted rightly who was seen and who was not."""

    noticed: tuple[Noticed, ...]
    asked: tuple[Asked, ...]
    saw_right: bool
    not_asked: tuple[NotAsked, ...]
    missed: tuple[Missed, ...]
    over: tuple[Over, ...]
    seen: tuple[SeenOtherwise, ...]
    level: Level
    next: Next
    todo: Wording
    learn: tuple[Wording, ...]


def compare(vignette: Vignette, visit: Visit, noted: Noted) -> Feedback:
    """What to tell somebody about this debrief of this visit."""
    marking = visit.marking
    shown = _shown(visit, noted)
    noticed = tuple(
        Noticed(one.id, one.evidence, noted.signals[one.id]) for one in marking.signals if one.id in noted.signals
    )
    had = [one for one in marking.had_to_ask if (one.who, one.answer) in noted.asked]
    not_asked = tuple(_not_asked(visit, one) for one in marking.had_to_ask if (one.who, one.answer) not in noted.asked)
    missed = tuple(
        Missed(one.id, one.evidence, not _heard(visit, one, noted))
        for one in marking.signals
        if one.id not in noted.signals and not (one.id == NOT_ALONE and shown.get(one.about or "") == "alone")
    )
    over = _over(vignette, visit, noted)
    seen = _seen(visit, noted, shown)
    level = _level(visit, noted, missed, over)
    return Feedback(
        noticed=noticed,
        asked=tuple(Asked(one.who, _answer(visit, one).ask) for one in had),
        saw_right=bool(noted.seen) and not seen,
        not_asked=not_asked,
        missed=missed,
        over=over,
        seen=seen,
        level=level,
        next=_next(marking.signals, not_asked, missed, over, seen, level),
        todo=marking.todo,
        learn=tuple(visit.learn),
    )


def _heard(visit: Visit, one: Marked, noted: Noted) -> bool:
    """Whether this visitor saw or heard the words: they stand in the scene, or in an answer that was given."""
    given = [answer.says.nl for talk in visit.talk for answer in talk.answers if (talk.who, answer.id) in noted.asked]
    return any(one.evidence.nl in words for words in (visit.scene.nl, *given))


def _answer(visit: Visit, one: HadToAsk) -> Answer:
    talk = visit.talker(one.who)
    answer = talk.answer(one.answer) if talk else None
    assert answer is not None
    return answer


def _not_asked(visit: Visit, one: HadToAsk) -> NotAsked:
    answer = _answer(visit, one)
    return NotAsked(one.who, answer.ask, one.why, answer.says, one.question)


def _over(vignette: Vignette, visit: Visit, noted: Noted) -> tuple[Over, ...]:
    marking = visit.marking
    fair = {one.id for one in marking.signals} | set(marking.either) | OWN
    if any(marking.seen[child.id] != "alone" for child in vignette.family.children):
        fair.add(NOT_ALONE)
    mimics = {one.id: one.why for one in marking.mimics}
    return tuple(
        Over(signal, words, mimics.get(signal)) for signal, words in noted.signals.items() if signal not in fair
    )


def _shown(visit: Visit, noted: Noted) -> dict[str, How]:
    """How each person was seen by this visitor: as the marking says, or more, by what was asked there."""
    shown = dict(visit.marking.seen)
    for talk in visit.talk:
        for answer in talk.answers:
            if (talk.who, answer.id) in noted.asked:
                shown |= answer.seen
    return shown


def _seen(visit: Visit, noted: Noted, shown: dict[str, How]) -> tuple[SeenOtherwise, ...]:
    """Only what matters: seen and not seen, and a child said to be spoken to alone that was not."""
    found = []
    talked = {who for who, _answer in noted.asked}
    for who, was in shown.items():
        said = noted.seen.get(who)
        # Whoever was asked something from afar, on the phone say, was spoken to and not seen: either may be noted.
        if said is None or said == was or (was == "unseen" and who in talked):
            continue
        if (said == "unseen") != (was == "unseen") or (said == "alone" and _SEEN[was] < _SEEN["alone"]):
            found.append(SeenOtherwise(who, said, was))
    return tuple(found)


def _level(visit: Visit, noted: Noted, missed: tuple[Missed, ...], over: tuple[Over, ...]) -> Level:
    own, experts = rank(noted.level), rank(visit.marking.level)
    gap: Gap = "same" if own == experts else "lower" if own < experts else "higher"
    parted = {"same": (), "lower": tuple(one.signal for one in missed), "higher": tuple(one.signal for one in over)}
    raised = noted.raised and gap == "higher"
    return Level(gap, noted.level, visit.marking.level, visit.marking.reasons, parted[gap], raised)


def _next(
    signals: list[Marked],
    not_asked: tuple[NotAsked, ...],
    missed: tuple[Missed, ...],
    over: tuple[Over, ...],
    seen: tuple[SeenOtherwise, ...],
    level: Level,
) -> Next:
    """The one thing to try next time: what could cost most comes first."""
    plain_missed = [one for one in missed if not one.hidden]
    if level.experts == "L3" and level.gap == "lower" and plain_missed:
        return "danger_first"
    if not_asked and level.gap == "lower":
        return "ask"
    if not_asked and not over:
        return "prepare"
    if plain_missed:
        return "notice"
    if over:
        return "own_words"
    if seen:
        return "see"
    if level.gap == "higher":
        return "trust"
    return "prepare" if not_asked else "keep"
