"""The short way through the pipeline understands what Rasa's own understands."""

import json
import os
import subprocess

import pytest

from tests.dialogue.engine import BOT_PYTHON, ROOT

ASK = """
import asyncio, json
from bot.serve import MODEL
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.nlu.training_data.loading import load_data
from bot import intents

engine = Agent.load(str(MODEL)).processor
texts = [one.get("text") for one in load_data("tests/dialogue/heldout_intents.yml").intent_examples]

async def understood(text):
    said = await engine.parse_message(UserMessage(text))
    return [text] + [[one["name"], one["confidence"]] for one in said["intent_ranking"]]

async def every(texts):
    return [await understood(text) for text in texts]

theirs = asyncio.run(every(texts))
intents.install()
print(json.dumps([theirs, asyncio.run(every(texts))]))
"""


def test_the_short_way_understands_the_same() -> None:
    done = subprocess.run(
        [str(BOT_PYTHON), "-W", "ignore", "-c", ASK],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    theirs, ours = json.loads(done.stdout.splitlines()[-1])
    assert len(theirs) > 100
    for (text, *rasa), (_, *short) in zip(theirs, ours, strict=True):
        assert [name for name, _ in short[:3]] == [name for name, _ in rasa[:3]], text
        assert short[0][1] == pytest.approx(rasa[0][1], abs=1e-9), text
