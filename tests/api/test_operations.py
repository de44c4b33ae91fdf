"""What an operator sees of the running system: figures, and a log in which a turn can be followed."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from pluis.settings import ROOT
from tests.support.api import Client
from tests.support.system import System, wait_for

DASHBOARD = json.loads((ROOT / "deploy" / "grafana.json").read_text())
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
TOLD = "Ze speelde met de blokken en liet een kanarie zien."


@pytest.fixture
def figures(system: System, counselor: Client) -> str:
    """All figures after a turn."""
    counselor.begin().say(TOLD)
    return httpx.get(f"{system.url}/metrics", trust_env=False).text


def test_every_figure_of_the_dashboard_is_there(figures: str) -> None:
    there = set(re.findall(r"^(pluis_\w+)[{ ]", figures, re.M)) | set(re.findall(r"^# TYPE (\w+)", figures, re.M))
    asked = {name for query in QUERIES for name in re.findall(r"pluis_\w+", query)}
    assert asked
    assert asked - there == set()


def test_every_label_of_the_dashboard_is_there(figures: str) -> None:
    for query in QUERIES:
        for name, labels in re.findall(r"by \(([^)]+)\) \(?(?:rate\()?(pluis_\w+)", query):
            lines = re.findall(rf"^{labels}{{(.*)}}", figures, re.M)
            wanted = {label.strip() for label in name.split(",")}
            assert all(wanted <= set(re.findall(r"(\w+)=", line)) for line in lines), (labels, wanted)


def test_parts_of_a_turn_and_the_finder_are_counted(figures: str) -> None:
    for line in (
        'pluis_turn_part_seconds_count{part="keep"}', 'pluis_turn_part_seconds_count{part="assistant"}',
        'pluis_service_seconds_count{verb="answer"}', 'pluis_detector_seconds_count{language="nl"}',
        'pluis_turns_total{outcome="answered"}', 'pluis_queue_depth{queue="turns"}',
    ):  # fmt: skip
        assert line in figures


def test_a_turn_is_followed_through_the_log_and_nothing_of_it_is_said(system: System, counselor: Client) -> None:
    before = len((system.home / f"pluis-{system.port}.log").read_text().splitlines())
    visit = counselor.begin()
    visit.say("Vader bedreigde moeder met een mes, vertelde de kanarie.")
    refused = counselor.http.post(f"/api/debriefs/{visit.id}/messages", content=b'{"text": "kanarie').status_code
    assert refused in (400, 422)

    def lines() -> list[dict[str, object]]:
        return [json.loads(line) for line in (system.home / f"pluis-{system.port}.log").read_text().splitlines()][
            before:
        ]

    def followed() -> set[object]:
        alarming = next((line["turn"] for line in lines() if "alert" in line and "turn" in line), None)
        return {line["process"] for line in lines() if alarming and line.get("turn") == alarming}

    wait_for("the turn is in the log of both", lambda: {"web", "actions"} <= followed(), 10)
    wait_for("the last request is in the log", lambda: any(line.get("status") == refused for line in lines()), 10)
    assert all({"time", "level", "process", "event"} <= line.keys() for line in lines())
    assert "kanarie" not in system.log
    assert str(visit.id) not in system.log, "addresses are logged without the numbers in them"
    # The engine between them says something only of a turn that it could not answer.
    assert followed() == {"web", "actions"}
