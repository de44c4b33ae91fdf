"""What the counselor says about the conversation itself: why, help, skip, back, pause and the like."""

from collections.abc import Callable

from pluis.debrief import answering, asking, danger, summary
from pluis.debrief import level as levels
from pluis.debrief.level import judge, level_name
from pluis.debrief.remarks import CORRECTION
from pluis.debrief.reply import Button, Message
from pluis.debrief.work import Work
from pluis.protocol.facts import LEVELS, rank
from pluis.protocol.order import CONFIRM, DANGER, UPGRADE, in_order
from pluis.store import cases, escalations
from pluis.store.debriefs import SupportWish


def why(work: Work) -> None:
    key = work.debrief.open_question or ""
    question = work.protocol.question(key.partition("/")[0])
    if question is not None:
        work.messages.append(Message(question.why[work.language]))
    else:
        work.say("why_danger" if key == DANGER else "why_confirm")


def help_(work: Work) -> None:
    work.say("help")


def repeat(work: Work) -> None:
    """The question comes again by itself."""


def skip(work: Work) -> None:
    key = work.debrief.open_question
    if key is None:
        return
    if key == CONFIRM:
        asking_now = [f.id for f in work.facts().findings if f.asks]
        for row in work.found:
            if row.id in asking_now:
                row.confirmation, row.confirmed_at = "left", work.now
    else:
        work.put(key, "continue" if key == DANGER else "skipped")
    question = work.protocol.question(key.partition("/")[0])
    work.say("skipped_required" if question is not None and question.required and not question.private else "skipped")


def back(work: Work) -> None:
    """To the question before: its answer is put aside, kept in the history."""
    answered = [row for row in work.answers if row.key != DANGER and row.replaced_at is None]
    asked = {one.key for one in in_order(work.protocol.blocks, work.facts())}
    last = next((row for row in reversed(answered) if row.key in asked or row.key.startswith(UPGRADE)), None)
    if last is None:
        work.say("nothing_to_go_back")
        return
    for row in answered:
        if row.turn_id == last.turn_id or row.key == last.key:
            row.replaced_at = work.now
    for found in work.found:
        # A signal that came with the tap goes with the tap; what was typed stays found.
        if found.turn_id == last.turn_id and found.start == found.end:
            found.confirmation = "no"
    work.say("went_back")


def correct(work: Work) -> None:
    """Offer the answers given so far; a tap opens that question again."""
    facts = work.facts()
    together = {one.question.id for one in in_order(work.protocol.blocks, facts) if one.all}
    asked = [
        one
        for one in in_order(work.protocol.blocks, facts)
        if one.key in facts.answers and (one.all or one.question.id not in together)
    ]
    if not asked:
        work.say("nothing_to_go_back")
        return
    buttons = tuple(
        Button(_short(asking.question(work, one, facts).text), f"correct={one.key.replace('/', ':')}")
        for one in reversed(asked[-6:])
        if not one.question.shows
    )
    work.messages.append(Message(work.text("correct_which"), kind="notice", buttons=buttons))


def reopen(work: Work, key: str) -> None:
    """Open one answered question again."""
    rows = [row for row in work.answers if row.key == key and row.replaced_at is None]
    if not rows:
        work.say("other_question")
        return
    if answering.correct_with(work, key, _corrected_words(work)):
        work.say("corrected")
        return
    question = key.partition("/")[0]
    for row in work.answers:
        if row.replaced_at is None and (row.key == key or (key.endswith("/all") and row.question == question)):
            row.replaced_at = work.now
    for found in work.found:
        if found.key.partition("/")[0] == question and found.start == found.end:
            found.confirmation = "no"


def _corrected_words(work: Work) -> str:
    """What was said just before, when that was a correction: "nee wacht, Milan was er niet" without its opening."""
    before = work.earlier_turns[-1] if work.earlier_turns else None
    if before is None or before.verb != "correct" or not CORRECTION.match(before.text):
        return ""
    return CORRECTION.sub("", before.text, count=1).strip(" ,.:;-")


def _short(text: str) -> str:
    line = text.strip().splitlines()[-1]
    return line if len(line) <= 60 else f"{line[:57].rstrip()}…"


def pause(work: Work) -> None:
    work.debrief.state = "paused"
    if work.escalation is not None and work.escalation.state == "open" and work.escalation.level == "L3":
        work.say("paused_danger")
        work.messages.append(danger.message(work, work.escalation))
    else:
        work.say("paused")


def resume(work: Work) -> None:
    work.debrief.state = "open"
    work.say("resumed")


def summarise(work: Work) -> None:
    _assessment, facts = judge(work)
    answered = sum(1 for one in in_order(work.protocol.blocks, facts) if one.key in facts.answers)
    work.messages.append(
        Message(f"{work.text('summary_so_far', count=answered)}\n{summary.text(work, facts)}", kind="summary")
    )


def raise_level(work: Work) -> None:
    """Offer the higher levels; one tap raises."""
    now = work.debrief.level or "L0"
    higher = [level for level in LEVELS if rank(level) > rank(now)]
    if not higher:
        work.say("already_highest")
        return
    buttons = tuple(Button(level_name(work, level), f"raise={level}") for level in higher)
    work.messages.append(Message(work.text("raise_which"), kind="notice", buttons=buttons))


def call_for_help(work: Work) -> None:
    """The counselor calls for help: numbers at once, and people are told whatever the rules say."""
    if work.debrief.mode == "training":
        work.messages.append(danger.message(work, None))
        return
    levels.raise_level(work, "L3", work.turn.text, say=False)
    judge(work)
    danger.note_it(work, work.turn.text)
    work.messages.append(danger.message(work, work.escalation))


def offer_help(work: Work) -> None:
    """It may have been a call for help: the numbers in any case, and one tap tells people."""
    buttons = (Button(work.text("button_call"), "call=now"),)
    message = danger.message(work, work.escalation)
    work.messages.insert(0, Message(work.text("danger_call"), kind="danger", buttons=buttons, numbers=message.numbers))


def want_contact(work: Work) -> None:
    if work.debrief.mode == "training":
        work.say("contact_training")
        return
    work.session.add(
        SupportWish(
            account_id=work.turn.account_id,
            turn_id=work.turn.id,
            kind="contact",
            by_when="today",
            at=work.now,
        )
    )
    work.say("contact_noted", who=work.debrief.case.supervisor.name, when=work.text("by_today"))


def my_cases(work: Work) -> None:
    found = cases.open_cases_of_counselor(work.session, work.turn.account_id)
    listed = "\n".join(f"– {case.number} {case.family}" for case in found)
    work.say("my_cases", list=listed) if found else work.say("my_cases_none")


def open_alerts(work: Work) -> None:
    found = escalations.raised_by(work.session, work.turn.account_id, ("open", "acknowledged"))
    lines = [alert_line(work, one) for one in found]
    work.say("open_alerts", list="\n".join(lines)) if lines else work.say("open_alerts_none")


def alert_line(work: Work, escalation: escalations.Escalation) -> str:
    case = escalation.case.number if escalation.case else "–"
    state = work.text(
        f"alert_{escalation.state}", who=escalation.acknowledged_by.name if escalation.acknowledged_by else ""
    )
    return work.text("alert_line", number=escalation.id, case=case, level=escalation.level, state=state)


def switch_language(work: Work) -> None:
    work.debrief.language = "en" if work.debrief.language == "nl" else "nl"
    work.say("language_now")


def _saying(text: str) -> Callable[[Work], None]:
    return lambda work: work.say(text)


VERBS: dict[str, Callable[[Work], None]] = {
    "why": why,
    "help": help_,
    "repeat": repeat,
    "skip": skip,
    "back": back,
    "correct": correct,
    "pause": pause,
    "resume": resume,
    "summary": summarise,
    "raise_level": raise_level,
    "danger": call_for_help,
    "want_contact": want_contact,
    "my_cases": my_cases,
    "open_alerts": open_alerts,
    "switch_language": switch_language,
    "are_you_a_bot": _saying("are_you_a_bot"),
    "thanks": _saying("thanks"),
    "goodbye": pause,
}
