"""Where a debrief stands, as every reply says it."""

from pluis.debrief.level import shown
from pluis.debrief.reply import Reply
from pluis.debrief.work import Work
from pluis.protocol.order import in_order, progress
from pluis.store.base import Json


def reply(work: Work, messages: list[Json]) -> Reply:
    answered, expected = work.progress or _progress(work)
    return Reply(messages, work.debrief.state, {"answered": answered, "expected": expected}, shown(work))


def _progress(work: Work) -> tuple[int, int]:
    facts = work.facts()
    return progress(facts, list(in_order(work.protocol.blocks, facts)))
