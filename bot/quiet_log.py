"""What the engine says: one JSON object a line, as pluis/quiet_log.py writes them (bot/ imports nothing of pluis).

Rasa and its libraries put what was typed into what they log. So of theirs only the name of the event or the sentence
without what was filled in is written, and of an error its kind and the lines of code that led to it.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

import structlog

FIELDS = ("turn", "outcome", "ms")
LONGEST = 200
DEEPEST = 12


class OneLine(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Only what stands in FIELDS goes in."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": "bot",
        }
        if record.name.partition(".")[0] == "bot":
            line["event"] = record.getMessage()
        else:
            line["event"] = str(record.msg).strip().partition("\n")[0][:LONGEST]
            line["logger"] = record.name
        line.update({name: vars(record)[name] for name in FIELDS if vars(record).get(name) is not None})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            steps = traceback.extract_tb(record.exc_info[2])[-DEEPEST:]
            line["where"] = [f"{one.filename}:{one.lineno} {one.name}" for one in steps]
        return json.dumps(line, ensure_ascii=False, default=str)


def event_alone(logger: Any, name: str, event: dict[str, Any]) -> str:
    """Of what Rasa logs the name of the event: the rest of it may be what was typed."""
    return str(event.get("event", ""))


def begin() -> None:
    """From now on this process writes such lines, on standard error. Called after Rasa set up its own."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(processors=[event_alone], logger_factory=structlog.stdlib.LoggerFactory())
    log = logging.getLogger("bot")
    log.setLevel(logging.INFO)

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("uncaught", exc_info=(kind, error, trace))

    sys.excepthook = uncaught
