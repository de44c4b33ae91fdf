"""Each of K1 to K6 reaches its level over the API, in Dutch and in English, with the real Rasa."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.api import Client
from tests.support.clusters import STORIES, Story
from tests.support.families import add_family, add_visit
from tests.support.system import System


def family(system: System, client: Client, story: Story) -> int:
    """The family of a story, with its history."""
    supervisor = {"counselor": "supervisor", "counselor2": "supervisor2"}[client.username]
    now = datetime.now(UTC)
    with system.store() as store, store.transaction() as session:
        case = add_family(
            session, now, story.children, counselor=client.username, supervisor=supervisor, agreements=story.agreements
        )
        if story.before:
            add_visit(session, case, now - timedelta(days=30), "L2", signals=story.before)
        return case.id


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.name}-{story.language}")
def test_a_cluster_reaches_its_level(request: pytest.FixtureRequest, story: Story) -> None:
    names = ("counselor", "supervisor") if story.language == "nl" else ("counselor2", "supervisor2")
    counselor, supervisor = (request.getfixturevalue(name) for name in names)
    visit = counselor.begin(family(counselor.system, counselor, story), language=story.language)

    visit.finish(story.given)

    assert visit.reply["level"]["value"] == story.level
    assert story.rule in [reason["rule"] for reason in visit.reply["level"]["reasons"]]
    waiting = [e for e in supervisor.get("/api/escalations?state=open") if e["debrief_id"] == visit.id]
    assert [e["level"] for e in waiting] == [story.level]
    assert story.rule in [reason["rule"] for reason in waiting[0]["reasons"]]
