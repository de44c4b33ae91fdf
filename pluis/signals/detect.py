"""`pluis signals detect`: JSON lines in, JSON lines out."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from pluis.signals.taxonomy import Lang


class _Found(Protocol):
    """What `detect_lines` needs of a finding."""

    @property
    def signal(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def score(self) -> float: ...


class _Finder(Protocol):
    def find(self, text: str, lang: Lang) -> Iterable[_Found]: ...


def detect_lines(lines: Iterable[str | bytes], finder: _Finder) -> Iterator[dict[str, Any]]:
    """Answer each line `{"id", "lang": "nl" | "en", "text"}` with the signals found.

    A line that cannot be read gives `{"error", "line"}` (numbers from 1) and the rest goes on; empty lines are
    skipped. Protective factors are left out: the format speaks of signals.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            note = _note(line)
        except ValueError as error:
            yield {"error": str(error), "line": number}
            continue
        yield {
            "id": note["id"],
            "signals": [_as_json(f) for f in finder.find(note["text"], note["lang"]) if f.kind == "signal"],
        }


def _note(line: str | bytes) -> dict[str, Any]:
    try:
        note = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("this line is not JSON") from error
    if not isinstance(note, dict):
        raise ValueError('this line is not an object; write {"id", "lang", "text"}')
    if "id" not in note:
        raise ValueError("`id` is missing")
    if note.get("lang") not in ("nl", "en"):
        raise ValueError('`lang` must be "nl" or "en"')
    if not isinstance(note.get("text"), str):
        raise ValueError("`text` must be a text")
    return note


def _as_json(finding: _Found) -> dict[str, Any]:
    return {
        "id": finding.signal,
        "severity": finding.severity,
        "evidence": {"start": finding.start, "end": finding.end, "text": finding.text},
        "status": finding.status,
        "score": round(finding.score, 3),
    }
