"""What the level rules make of a visit in which everything the experts see was noted."""

from datetime import date, timedelta

from pluis.protocol.facts import Earlier, Facts, Finding, Subject
from pluis.protocol.read import Protocol
from pluis.risk.rules import assess
from pluis.training.vignette import Marking, Member, Vignette, Visit

TODAY = date(2026, 1, 5)  # any day: only the days between visits matter
_SPEAKS_FROM = 24  # months
_B1 = {"alone": "seen", "spoken": "seen", "seen": "seen", "unseen": "not_seen"}


def expected_level(vignette: Vignette, visit: Visit, protocol: Protocol) -> str:
    """The level that the rules propose when the debrief says what the marking says."""
    marking = visit.marking
    people = vignette.family.people
    earlier = vignette.visits[: vignette.visits.index(visit)]
    subjects = tuple(_subject(one, visit, earlier) for one in people)
    answers: dict[str, object] = {"A1": "no", "B1": "each", "G1": "yes", "D1a": "no", "F5": "nothing", "E2": "nothing"}
    for child in vignette.family.children:
        answers[f"B1/{child.id}"] = _B1[marking.seen[child.id]]
    facts = Facts(
        today=TODAY,
        subjects=subjects,
        answers=answers,
        findings=_findings(marking, protocol),
        earlier=_earlier(visit, earlier, protocol),
        closing=True,
    )
    return assess(facts, protocol.rules).level


def _findings(marking: Marking, protocol: Protocol) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            id=number,
            signal=one.id,
            domain=protocol.taxonomy.signal(one.id).domain,
            severity=one.severity or protocol.taxonomy.signal(one.id).severity,
            confirmation="yes",
            words=one.evidence.nl,
            subject=one.about,
        )
        for number, one in enumerate(marking.signals, 1)
    )


def _earlier(visit: Visit, before: list[Visit], protocol: Protocol) -> tuple[Earlier, ...]:
    return tuple(
        Earlier(
            one.id,
            one.severity or protocol.taxonomy.signal(one.id).severity,
            TODAY - timedelta(days=past.days_before - visit.days_before),
            str(number),
        )
        for number, past in enumerate(before)
        for one in past.marking.signals
    )


def _subject(member: Member, visit: Visit, earlier: list[Visit]) -> Subject:
    months = months_of(member)
    unseen_before = bool(earlier) and earlier[-1].marking.seen.get(member.id) == "unseen"
    seen_before = [one.days_before for one in earlier if one.marking.seen.get(member.id) != "unseen"]
    first = earlier[0] if earlier else visit
    last_seen = seen_before[-1] if seen_before else first.days_before + first.last_seen
    return Subject(
        id=member.id,
        kind=member.kind,
        name=member.name,
        months=months,
        speaks=speaks(member),
        parent=member.parent,
        unseen_before=unseen_before,
        days_unseen=last_seen - visit.days_before,
    )


def months_of(member: Member) -> int | None:
    if member.months is not None:
        return member.months
    return member.age * 12 + 1 if member.age is not None else None


def speaks(member: Member) -> bool:
    months = months_of(member)
    return member.speaks and (member.kind == "adult" or months is None or months >= _SPEAKS_FROM)
