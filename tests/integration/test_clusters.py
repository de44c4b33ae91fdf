"""Each named cluster reaches its level, by what is typed and tapped on an otherwise quiet visit."""

from datetime import timedelta

import pytest

from pluis.protocol.facts import rank
from pluis.runtime import Runtime
from tests.support.clusters import STORIES, Story
from tests.support.databases import NOW
from tests.support.families import add_family, add_visit
from tests.support.talk import Talk


# In Dutch here, on each database; in both languages over the API.
@pytest.mark.parametrize("story", [s for s in STORIES if s.language == "nl"], ids=lambda story: story.name)
def test_a_cluster_reaches_its_level(runtime: Runtime, story: Story) -> None:
    with runtime.store.transaction() as session:
        case = add_family(session, NOW, story.children, agreements=story.agreements)
        number = case.number
        if story.before:
            add_visit(session, case, NOW - timedelta(days=30), "L2", signals=story.before)
    talk = Talk(runtime, number, language=story.language)

    talk.finish(story.given)

    assert story.rule in talk.rules(), [(f.signal, f.status, f.confirmation, f.words) for f in talk.found()]
    assert talk.debrief().level == story.level
    escalation = talk.escalation()
    assert escalation is not None
    assert rank(escalation.level) == rank(story.level)
    assert story.rule in [reason["rule"] for reason in escalation.reasons]
