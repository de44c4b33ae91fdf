"""Feedback in words: what was noticed first, then what was not asked. The same for the pages and the API."""

from typing import Any

from babel.lists import format_list

from pluis.protocol.read import Protocol
from pluis.training.feedback import Feedback
from pluis.training.vignette import Vignette, Visit
from pluis.web.texts import say


def sections(
    feedback: Feedback, vignette: Vignette, visit: Visit, protocol: Protocol, language: str
) -> list[dict[str, Any]]:
    """The parts of the feedback in the order in which they are told; a part with nothing to tell is left out."""
    parts = [
        _noticed(feedback, vignette, visit, protocol, language),
        _not_asked(feedback, vignette, visit, language),
        _missed(feedback, protocol, language),
        _over(feedback, protocol, language),
        _seen(feedback, vignette, language),
        _level(feedback, protocol, language),
        _part("todo", language, lead=feedback.todo[language]),
        _part("learn", language, items=[_item(one[language]) for one in feedback.learn]),
        _part("next", language, lead=say(f"feedback_next_{feedback.next}", language)),
    ]
    return [part for part in parts if part["items"] or part["lead"]]


def _part(kind: str, language: str, lead: str = "", items: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"kind": kind, "title": say(f"feedback_{kind}", language), "lead": lead, "items": items or []}


def _item(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "who": "", "why": "", "signal": "", "scene": "", "own": "", "question": None, **more}


def signal_name(protocol: Protocol, signal: str, language: str) -> str:
    """What a signal is called in this language."""
    return protocol.taxonomy.signal(signal).name.of("en" if language == "en" else "nl")


def _noticed(feedback: Feedback, vignette: Vignette, visit: Visit, protocol: Protocol, language: str) -> dict[str, Any]:
    items = [
        _item(
            "",
            signal=signal_name(protocol, one.signal, language),
            scene=quoted(one.evidence[language]),
            own=one.words,
        )
        for one in feedback.noticed
    ]
    items += [
        _item(
            say("feedback_asked_one", language, ask=one.ask[language]), who=who_name(vignette, visit, one.who, language)
        )
        for one in feedback.asked
    ]
    if feedback.saw_right:
        items.append(_item(say("feedback_saw_right", language)))
    quiet = not visit.marking.signals and not feedback.over
    kind = "quiet" if quiet else "effort" if feedback.missed else "careful"
    return _part("noticed", language, say(f"feedback_noticed_{kind}", language) if quiet or not items else "", items)


def _not_asked(feedback: Feedback, vignette: Vignette, visit: Visit, language: str) -> dict[str, Any]:
    items = [
        _item(
            f"{one.ask[language]}.",
            who=who_name(vignette, visit, one.who, language),
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
            say("feedback_missed_hidden", language) if one.hidden else "",
            signal=signal_name(protocol, one.signal, language),
            scene=quoted(one.evidence[language]),
        )
        for one in feedback.missed
    ]
    plain = any(not one.hidden for one in feedback.missed)
    return _part("missed", language, say("feedback_missed_lead", language) if plain else "", items)


def _over(feedback: Feedback, protocol: Protocol, language: str) -> dict[str, Any]:
    """Those with a reason first; the question that is left is put once, for all without one."""
    items = [
        _item(one.why[language] if one.why else "", signal=signal_name(protocol, one.signal, language), own=one.words)
        for one in sorted(feedback.over, key=lambda one: one.why is None)
    ]
    open_ = any(one.why is None for one in feedback.over)
    return _part("over", language, say("feedback_over_lead", language) if open_ else "", items)


def _seen(feedback: Feedback, vignette: Vignette, language: str) -> dict[str, Any]:
    items = []
    for one in feedback.seen:
        member = vignette.family.member(one.who)
        noted, was = (say(f"how_{how}", language) for how in (one.noted, one.was))
        text = say("feedback_seen_one", language, noted=noted, was=was)
        items.append(_item(text, who=member.name if member else one.who))
    return _part("seen", language, items=items)


def _level(feedback: Feedback, protocol: Protocol, language: str) -> dict[str, Any]:
    level = feedback.level
    own, experts = (level_name(protocol, one, language) for one in (level.own, level.experts))
    lead = [say(f"feedback_level_{level.gap}", language, own=own, experts=experts)]
    if level.raised:
        lead.append(say("feedback_raised", language))
    if level.parted:
        names = [f"‘{signal_name(protocol, signal, language)}’" for signal in level.parted]
        lead.append(say(f"feedback_parted_{level.gap}", language, signals=format_list(names, locale=language)))
    return _part("level", language, " ".join(lead), [_item(level.reasons[language])])


def level_name(protocol: Protocol, level: str, language: str) -> str:
    """A level with what it is called, `L1 (attention)`."""
    return f"{level} ({protocol.rules.levels[level][language]})"


def quoted(words: str) -> str:
    """Words taken out of the middle of what somebody said, with the quotation marks that belong to them."""
    words = words.replace(",”", "”")
    opened, closed = words.count("“"), words.count("”")
    return f"{'“' * (closed - opened)}{words}{'”' * (opened - closed)}"


def who_name(vignette: Vignette, visit: Visit, who: str, language: str) -> str:
    """The name of somebody, or of a place, in a vignette."""
    talk, member = visit.talker(who), vignette.family.member(who)
    if talk is not None and talk.name is not None:
        return talk.name[language]
    return member.name if member else who
