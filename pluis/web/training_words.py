"""Feedback in words: what was noticed first, then what was not asked. The same for the pages and the API."""

from typing import Any

from pluis.protocol.read import Protocol
from pluis.training.feedback import Feedback
from pluis.training.vignette import Vignette, Visit
from pluis.web.texts import say


def sections(
    feedback: Feedback, vignette: Vignette, visit: Visit, protocol: Protocol, language: str
) -> list[dict[str, Any]]:
    """The parts of the feedback in the order in which they are told; a part with nothing to tell is left out."""
    parts = [
        _noticed(feedback, protocol, language),
        _not_asked(feedback, vignette, visit, language),
        _missed(feedback, protocol, language),
        _over(feedback, protocol, language),
        _seen(feedback, vignette, language),
        _level(feedback, protocol, language),
        _part("next", language, lead=say(f"feedback_next_{feedback.next}", language)),
        _part("todo", language, lead=feedback.todo[language]),
        _part("learn", language, items=[_item(one[language]) for one in feedback.learn]),
    ]
    return [part for part in parts if part["items"] or part["lead"]]


def _part(kind: str, language: str, lead: str = "", items: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"kind": kind, "title": say(f"feedback_{kind}", language), "lead": lead, "items": items or []}


def _item(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "signal": "", "scene": "", "own": "", "question": None, **more}


def signal_name(protocol: Protocol, signal: str, language: str) -> str:
    """What a signal is called in this language."""
    return protocol.taxonomy.signal(signal).name.of("en" if language == "en" else "nl")


def _noticed(feedback: Feedback, protocol: Protocol, language: str) -> dict[str, Any]:
    items = [
        _item(
            say("feedback_noticed_one", language),
            signal=signal_name(protocol, one.signal, language),
            scene=one.evidence[language],
            own=one.words,
        )
        for one in feedback.noticed
    ]
    items += [_item(say("feedback_asked_one", language, ask=ask[language])) for ask in feedback.asked]
    quiet = not items and not feedback.missed and not feedback.over
    lead = "" if items else say("feedback_noticed_quiet" if quiet else "feedback_noticed_effort", language)
    return _part("noticed", language, lead, items)


def _not_asked(feedback: Feedback, vignette: Vignette, visit: Visit, language: str) -> dict[str, Any]:
    items = [
        _item(
            say(
                "feedback_not_asked_one",
                language,
                who=who_name(vignette, visit, one.who, language),
                ask=one.ask[language],
            ),
            why=one.why[language],
            scene=one.says[language],
            question=one.question,
        )
        for one in feedback.not_asked
    ]
    return _part("not_asked", language, "" if items else say("feedback_all_asked", language), items)


def _missed(feedback: Feedback, protocol: Protocol, language: str) -> dict[str, Any]:
    items = [
        _item(
            say("feedback_missed_hidden" if one.hidden else "feedback_missed_one", language),
            signal=signal_name(protocol, one.signal, language),
            scene=one.evidence[language],
        )
        for one in feedback.missed
    ]
    return _part("missed", language, items=items)


def _over(feedback: Feedback, protocol: Protocol, language: str) -> dict[str, Any]:
    items = [
        _item(
            one.why[language] if one.why else say("feedback_over_one", language),
            signal=signal_name(protocol, one.signal, language),
            own=one.words,
        )
        for one in feedback.over
    ]
    return _part("over", language, items=items)


def _seen(feedback: Feedback, vignette: Vignette, language: str) -> dict[str, Any]:
    items = []
    for one in feedback.seen:
        member = vignette.family.member(one.who)
        text = say(
            "feedback_seen_one",
            language,
            name=member.name if member else one.who,
            noted=say(f"how_{one.noted}", language),
            was=say(f"how_{one.was}", language),
        )
        items.append(_item(text))
    return _part("seen", language, items=items)


def _level(feedback: Feedback, protocol: Protocol, language: str) -> dict[str, Any]:
    level = feedback.level
    own, experts = (f"{one} {protocol.rules.levels[one][language]}" for one in (level.own, level.experts))
    lead = say(f"feedback_level_{level.gap}", language, own=own, experts=experts)
    parted = [signal_name(protocol, signal, language) for signal in level.parted]
    if parted:
        lead += " " + say(f"feedback_parted_{level.gap}", language, signals=", ".join(parted))
    return _part("level", language, lead, [_item(level.reasons[language])])


def who_name(vignette: Vignette, visit: Visit, who: str, language: str) -> str:
    """The name of somebody, or of a place, in a vignette."""
    talk, member = visit.talker(who), vignette.family.member(who)
    if talk is not None and talk.name is not None:
        return talk.name[language]
    return member.name if member else who
