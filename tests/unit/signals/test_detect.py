"""JSON lines in, JSON lines out."""

import json

from pluis.signals.detect import detect_lines
from pluis.signals.finder import Finder


def test_a_note_gives_its_signals_with_evidence(finder: Finder) -> None:
    line = json.dumps({"id": "n1", "lang": "nl", "text": "Mdr hoort stemmen. Koelkast vol."})
    (answer,) = detect_lines([line], finder)
    assert answer == {
        "id": "n1",
        "signals": [
            {
                "id": "caregiver_psychotic_or_confused",
                "severity": "acute",
                "evidence": {"start": 4, "end": 17, "text": "hoort stemmen"},
                "status": "present",
                "score": 0.9,
            }
        ],
    }


def test_a_bad_line_is_reported_and_the_rest_goes_on(finder: Finder) -> None:
    good = json.dumps({"id": 7, "lang": "en", "text": ""})
    lines = [
        "{",
        "",
        "[]",
        '{"lang": "nl", "text": ""}',
        '{"id": 1, "lang": "de", "text": ""}',
        '{"id": 1, "lang": "nl", "text": 3}',
        b"\xff",
        good,
    ]
    answers = list(detect_lines(lines, finder))
    assert [a.get("line") for a in answers] == [1, 3, 4, 5, 6, 7, None]
    assert all(a["error"] for a in answers[:-1])
    assert answers[-1] == {"id": 7, "signals": []}
