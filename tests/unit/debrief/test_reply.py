"""Replies are kept as JSON and come back the same."""

import json

from pluis.debrief.reply import Button, Item, Message, Reply


def test_a_reply_survives_the_database() -> None:
    message = Message(
        "Wie zag je?",
        kind="question",
        key="B1/all",
        buttons=(Button("Allemaal", "B1/all=seen"),),
        items=(Item("p1", "Sem", choices=(Button("Gezien", "seen"),)),),
        numbers=({"number": "112"},),
    )
    reply = Reply([message.as_json()], "open", {"answered": 1, "expected": 20}, {"value": "L1"})

    back = Reply.from_json(json.loads(json.dumps(reply.as_json())))

    assert json.dumps(back.as_json()) == json.dumps(reply.as_json())
    assert back.messages[0]["buttons"] == [{"title": "Allemaal", "value": "B1/all=seen"}]


def test_a_message_is_a_notice_unless_said_otherwise() -> None:
    assert Message("Goed.").as_json()["kind"] == "notice"
