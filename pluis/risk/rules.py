"""Level rules in words: every rule that fires is shown, the highest level counts. No points, no sum, no prediction."""

from dataclasses import dataclass

from pluis.protocol.because import Because
from pluis.protocol.facts import Facts, rank
from pluis.protocol.schema import Rule, Rules, SafetyRule


@dataclass(frozen=True)
class Fired:
    """A rule that fired, and what made it fire."""

    rule: Rule
    because: Because


@dataclass(frozen=True)
class Assessment:
    """A proposal for a person to judge.

    `level` is the weight for the coming weeks, `safety` the judgement about now. `may_lower_to` is set when only rules
    that protective factors may answer led to the level; a supervisor decides about that.
    """

    level: str
    safety: SafetyRule
    fired: tuple[Fired, ...]
    may_lower_to: str | None = None


def assess(facts: Facts, rules: Rules, answered_by: dict[str, list[str]] | None = None) -> Assessment:
    """Judge the facts by the rules, in the order of the file.

    `answered_by` gives for a protective factor the signals it answers; two factors that were seen or checked and
    answer found concerns may bring a level down one step if every rule behind it allows that.
    """
    fired = tuple(
        Fired(rule, because)
        for rule in rules.rules
        if (because := rule.when.because(facts) if rule.when else Because()) is not None
    )
    level = max((one.rule.level for one in fired), key=rank)
    shown = tuple(one for one in fired if one.rule.when is not None or len(fired) == 1)
    safety = next(rule for rule in rules.safety_now if rule.when is None or rule.when.holds(facts))
    return Assessment(level, safety, shown, _lower(level, shown, facts, answered_by or {}))


def _lower(level: str, fired: tuple[Fired, ...], facts: Facts, answered_by: dict[str, list[str]]) -> str | None:
    highest = [one for one in fired if one.rule.level == level]
    if not highest or not all(one.rule.protective_may_lower for one in highest):
        return None
    concerns = {finding.signal for finding in facts.counted}
    helping = [
        f
        for f in facts.findings
        if f.protective and f.seen and f.confirmation != "no" and concerns & set(answered_by.get(f.signal, []))
    ]
    return "L1" if len({f.signal for f in helping}) >= 2 else None
