"""The assistant's own files, checked by Rasa."""

import os
import subprocess

from tests.dialogue.engine import BOT_PYTHON, ROOT


def test_rasa_finds_no_fault_in_the_data() -> None:
    command = ["data", "validate", "--domain", "domain.yml", "--data", "data/nlu", "data/rules"]
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "rasa", *command, "--config", "config.yml", "--fail-on-warnings"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
