"""schemathesis: everything that the description of the API allows, and much that it does not."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from pluis.settings import ROOT
from tests.attack.conftest import Tried
from tests.support.api import Client
from tests.support.system import System

SECONDS = 25


def run(system: System, tmp_path: Path, *more: str) -> int:
    """How many requests were made; none of them may be answered with a 5xx."""
    done = subprocess.run(
        [
            str(ROOT / ".venv/bin/schemathesis"), "run", f"{system.url}/api/openapi.json", "--url", system.url,
            "--checks", "not_a_server_error", "--phases", "coverage,fuzzing",
            "--max-time", str(SECONDS), "--max-examples", "40", "--request-timeout", "20", "--seed", "1",
            "--exclude-method", "DELETE", "--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off",
            "--report", "ndjson", "--report-ndjson-path", str(tmp_path / "report.ndjson"), *more,
        ],
        capture_output=True, text=True, cwd=tmp_path, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    found = re.search(r"([\d,]+) generated", done.stdout)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.slow
def test_with_a_session(counselor: Client, tmp_path: Path, tried: Tried) -> None:
    """schemathesis over the OpenAPI, signed in as a counselor"""
    count = run(counselor.system, tmp_path, "-H", f"Authorization: Bearer {counselor.token}")

    assert counselor.http.get("/api/session").status_code == 200
    tried(count)


@pytest.mark.slow
def test_as_a_supervisor(system: System, pluis_url: str, tmp_path: Path, tried: Tried) -> None:
    """schemathesis over the OpenAPI, signed in as a supervisor"""
    with Client(system, "supervisor") as client:
        tried(run(system, tmp_path, "-H", f"Authorization: Bearer {client.token}"))


@pytest.mark.slow
def test_without_a_session(system: System, pluis_url: str, tmp_path: Path, tried: Tried) -> None:
    """schemathesis over the OpenAPI without a session"""
    tried(run(system, tmp_path))
