"""What a process says of itself: one JSON object a line, with the kind and the place of an error and never its words."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pluis import quiet_log
from pluis.settings import ROOT
from pluis.supervise import as_line

WORDS = "vader sloeg het kind"
Said = Callable[[str], tuple[logging.Logger, Callable[[], list[dict[str, Any]]]]]


@pytest.fixture
def said() -> Said:
    """A logger of this name, and what was written with it."""

    def make(name: str) -> tuple[logging.Logger, Callable[[], list[dict[str, Any]]]]:
        stream, logger = io.StringIO(), logging.Logger(name)
        handler = logging.StreamHandler(stream)
        handler.setFormatter(quiet_log.OneLine("web"))
        logger.addHandler(handler)
        return logger, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

    return make


@pytest.mark.parametrize("name", ["pluis.web", "uvicorn.error", "asyncio"])
def test_an_error_is_logged_without_its_words(name: str, said: Said) -> None:
    logger, lines = said(name)
    try:
        int(WORDS)
    except ValueError as error:
        logger.error("Exception in a turn\nfuture: %r", error if name == "asyncio" else 7, exc_info=error)

    (line,) = lines()
    assert (line["level"], line["process"], line["error"]) == ("error", "web", "ValueError")
    assert line["event"].startswith("Exception in a turn")
    assert "test_quiet_log.py" in line["where"][-1]
    assert WORDS not in str(line)


def test_what_a_library_fills_in_is_left_out(said: Said) -> None:
    logger, lines = said("sqlalchemy.pool")
    logger.warning("a connection for %s was lost\nafter %s", WORDS, WORDS)
    assert lines()[0]["event"] == "a connection for %s was lost"


def test_only_known_fields_go_in_and_those_of_the_block(said: Said) -> None:
    logger, lines = said("pluis.web")
    with quiet_log.about(request="r1"):
        quiet_log.note(turn="t1")
        logger.info("request", extra={"ms": 1.5, "text": WORDS})
    logger.info("later")
    first, second = lines()
    assert {name: first[name] for name in ("event", "request", "turn", "ms")} == {
        "event": "request", "request": "r1", "turn": "t1", "ms": 1.5,
    }  # fmt: skip
    assert WORDS not in str(first)
    assert "turn" not in second


@pytest.mark.parametrize("where", ["", "import threading; t = threading.Thread(target=fall); t.start(); t.join()"])
def test_what_nobody_caught_is_one_line_too(where: str) -> None:
    program = f"""
from pluis import quiet_log
quiet_log.begin("web")
def fall():
    raise ValueError("{WORDS}")
{where or "fall()"}
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    (line,) = [json.loads(one) for one in done.stderr.splitlines()]
    assert (line["level"], line["error"]) == ("critical", "ValueError")
    assert WORDS not in done.stderr


def test_what_is_no_line_becomes_one_and_a_python_error_loses_its_words() -> None:
    line = json.dumps({"time": "t", "level": "info", "process": "bot", "event": "turn"})
    assert as_line("bot", line) == line
    assert json.loads(as_line("bot", "PLUIS_CHANNEL_KEY must be set."))["event"] == "PLUIS_CHANNEL_KEY must be set."
    wrapped = json.loads(as_line("bot", f"sqlalchemy.exc.DataError: {WORDS}"))
    assert (wrapped["event"], wrapped["level"], wrapped["process"]) == ("sqlalchemy.exc.DataError", "error", "bot")


def test_a_person_can_read_it() -> None:
    line = {
        "time": "t",
        "level": "error",
        "process": "web",
        "event": "turn failed",
        "turn": "t1",
        "where": ["a.py:1 f"],
    }
    assert quiet_log.readable(json.dumps(line)) == "web     | ERROR turn failed turn=t1\n  a.py:1 f"
    assert quiet_log.readable("no line") == "no line"


BOT = """
import logging, structlog
from bot import quiet_log
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
quiet_log.begin()
structlog.get_logger("rasa.core").error("processor.failed", user_text={words!r}, exc_info=True)
logging.getLogger("bot.channel").info("turn", extra={{"turn": "t1", "ms": 2.0, "outcome": "answered", "text": {words!r}}})
try:
    int({words!r})
except ValueError as error:
    logging.getLogger("sanic.error").exception("no %s", {words!r})
int({words!r})
"""


def test_the_engine_writes_the_same_lines() -> None:
    program = BOT.format(words=WORDS)
    python = ROOT / "bot" / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(one) for one in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["processor.failed", "turn", "no %s", "uncaught"]
    assert {line["process"] for line in lines} == {"bot"}
    assert (lines[1]["turn"], lines[1]["ms"], lines[1]["outcome"]) == ("t1", 2.0, "answered")
    assert lines[2]["error"] == lines[3]["error"] == "ValueError"
    assert WORDS not in done.stdout + done.stderr
