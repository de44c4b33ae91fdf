"""Where a debrief stands, as every reply says it."""

from pluis.debrief.level import shown
from pluis.debrief.reply import Reply
from pluis.debrief.work import Work
from pluis.protocol.order import progress
from pluis.store.base import Json


def reply(work: Work, messages: list[Json]) -> Reply:
    answered, expected = progress(work.protocol.blocks, work.facts())
    return Reply(messages, work.debrief.state, {"answered": answered, "expected": expected}, shown(work))
