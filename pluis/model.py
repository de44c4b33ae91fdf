"""The trained model of the assistant. `bot.train` makes it, in Rasa's own environment; this only asks for it."""

import fcntl
import os
import signal
import subprocess

from pluis.settings import ROOT
from pluis.terminal import step

PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
MODELS = ROOT / "models"
_IS_CURRENT = "import sys; from bot.train import MODELS, ROOT, is_current; sys.exit(not is_current(ROOT, MODELS))"


class TrainingError(Exception):
    """There is no model and none could be made; the message says where to read why."""


def train(force: bool = False) -> bool:
    """Train when something that the model is made of changed, or when forced. Returns whether it trained.

    Raises:
        TrainingError: Rasa is not installed, or refused.
    """
    if not PYTHON.is_file():
        raise TrainingError("Rasa is not installed in bot/.venv. Run: scripts/setup bot")
    MODELS.mkdir(exist_ok=True)
    # Two Pluis that start at once in one checkout train once.
    with (MODELS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not force and _python("-c", _IS_CURRENT).returncode == 0:
            return False
        with step("Training the assistant"):
            done = _python("-m", "bot.train", "--force")
            if done.returncode != 0:
                raise TrainingError(done.stderr.strip() or f"Training ended with exit code {done.returncode}.")
    return True


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [PYTHON, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate()
    except BaseException:
        # Rasa trains in a process of its own below this one; a Ctrl-C must not leave it behind.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)
