"""End a debrief: judge once more, write the note, tell who has to know, let go."""

from datetime import timedelta

from pluis.debrief import danger, note, summary
from pluis.debrief.known import local_day
from pluis.debrief.level import judge, level_name
from pluis.debrief.reply import Message
from pluis.debrief.work import Work
from pluis.escalation import raising
from pluis.protocol.facts import Facts, rank
from pluis.protocol.reassessing import events
from pluis.store.escalations import Escalation


def close(work: Work) -> None:
    """Nothing is left to ask."""
    debrief = work.debrief
    work.progress = None  # the level may be another one after this, and with it what is asked
    _assessment, facts = judge(work, closing=True)
    debrief.state, debrief.closed_at, debrief.open_question = "done", work.now, None
    _ask_for_assessment(work, facts)
    debrief.note = note.note(work, facts)
    work.messages.append(Message(_ending(work, facts), kind="notice"))
    work.messages.append(Message(debrief.note, kind="note"))
    looking = work.escalation is not None and work.escalation.acknowledged_by is not None
    work.say("done_goodbye_open" if looking else "done_goodbye")


def _ask_for_assessment(work: Work, facts: Facts) -> None:
    """From L2 on, and after an event of the protocol, an assessment is due soon, whenever the next one was planned."""
    if work.debrief.mode == "training":
        return
    if rank(work.debrief.level or "L0") >= rank("L2") or events(work.protocol, facts):
        case, within = work.debrief.case, timedelta(days=work.protocol.ladders.reassessment.within)
        case.assess_by = min(case.assessment_due, local_day(work.now, work.protocol) + within)


def _ending(work: Work, facts: Facts) -> str:
    debrief = work.debrief
    lines = [work.text("done_title", level=level_name(work, debrief.level or "L0"))]
    if debrief.mode == "short":
        lines.insert(0, summary.text(work, facts))
    escalation = work.escalation
    if debrief.mode == "training":
        lines.append(work.text("done_training"))
    elif escalation is not None:
        lines.append(danger.told_line(work, escalation) if escalation.acknowledged_by else _told(work, escalation))
    else:
        lines.append(work.text("done_nobody_told"))
    return "\n".join(lines)


def _told(work: Work, escalation: Escalation) -> str:
    names = raising.told(escalation)
    if not names:
        return work.text("nobody_on_call")
    by = escalation.acknowledge_by
    return work.text("done_told", who=", ".join(names), when=raising.moment(work.protocol, by, work.now) if by else "")
