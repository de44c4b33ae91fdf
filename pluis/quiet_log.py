"""What a process says about itself: one JSON object a line, and in it never a word of anybody.

A line has `time`, `level`, `process` and `event`, and of FIELDS what is known. Only those fields go in, so that nothing
gets into the log by accident. Of an error stand its kind and the lines of code that led to it, never its text: that may
be what somebody typed. Of what a library says stands the sentence without what was filled in.

`python -m pluis.quiet_log < pluis.log` shows such lines to a person. What Rasa says is written by bot/quiet_log.py,
in the same way.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

OURS = frozenset({"pluis", "actions"})
FIELDS = ("request", "turn", "alert", "delivery", "route", "status", "verb", "outcome", "ms")
"""`turn` and `alert` are followed from process to process; `delivery` begins with `e`, its alert and a point."""
LIBRARIES = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "sanic.root", "sanic.error", "sanic.access")
"""Loggers that bring a form of their own."""
LONGEST = 200
DEEPEST = 12
"""Lines of code that are shown of an error, the innermost ones."""

Kind = type[BaseException] | None
_about: ContextVar[dict[str, Any] | None] = ContextVar("about", default=None)


@contextmanager
def about(**known: Any) -> Iterator[dict[str, Any]]:
    """What is logged in this block is about these (names of FIELDS); `note` adds to them."""
    before = _about.set(dict(known))
    try:
        yield _about.get() or {}
    finally:
        _about.reset(before)


def note(**known: Any) -> None:
    """Add to what the block is about; also from a thread that it started."""
    noted = _about.get()
    if noted is not None:
        noted.update(known)


class OneLine(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
        }
        if record.name.partition(".")[0] in OURS:
            line["event"] = record.getMessage()
        else:
            said = str(record.msg).strip().partition("\n")[0][:LONGEST]
            # Of a warning of Python: file, line and kind.
            line["event"] = ":".join(said.split(":")[:3]) if record.name == "py.warnings" else said
            line["logger"] = record.name
        known = (_about.get() or {}) | vars(record)
        line |= {name: known[name] for name in FIELDS if known.get(name) is not None}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def where(trace: TracebackType | None) -> list[str]:
    """`file:line function` of each step, without the values."""
    return [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace)[-DEEPEST:]]


def begin(process: str) -> None:
    """From now on this process writes such lines, on standard error; also of errors that nobody caught."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(process))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in LIBRARIES:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    log = logging.getLogger("pluis")

    def uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("uncaught", exc_info=(kind, error or kind(), trace))

    sys.excepthook = uncaught
    threading.excepthook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def readable(text: str) -> str:
    """A line for a person; what is no line of a log comes back as it is."""
    try:
        line = dict(json.loads(text))
        said = f"{line.pop('process'):<8}| {line.pop('level').upper()} {line.pop('event')}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return text
    line.pop("time", None)
    trace = line.pop("where", [])
    more = " ".join(f"{name}={value}" for name, value in line.items())
    return "\n  ".join([f"{said} {more}".rstrip(), *trace])


if __name__ == "__main__":
    for each in sys.stdin:
        print(readable(each.rstrip("\n")))
