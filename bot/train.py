"""Train the assistant when something it is made of has changed: python -m bot.train

Writes models/assistant.tar.gz and, beside it, the fingerprint of what it was trained from. A second call with
the same files ends in milliseconds, because Rasa is not even imported. `--force` trains anyway.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
NAME = "assistant"
MADE_OF = ["config.yml", "domain.yml", "data/nlu", "data/rules", "bot/narrative.py", "bot/requirements.lock"]


def sources(root: Path) -> list[Path]:
    """The files that the model depends on, sorted."""
    found: list[Path] = []
    for name in MADE_OF:
        path = root / name
        found += sorted(path.rglob("*.yml")) if path.is_dir() else [path]
    return found


def fingerprint(root: Path) -> str:
    """Changes when any of the sources does, or is added, renamed or removed."""
    total = hashlib.sha256()
    for path in sources(root):
        total.update(str(path.relative_to(root)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current(root: Path, models: Path) -> bool:
    """True when there is a model and it was trained from the files as they are now."""
    mark = models / f"{NAME}.sha256"
    return (models / f"{NAME}.tar.gz").is_file() and mark.is_file() and mark.read_text() == fingerprint(root)


def train(root: Path, models: Path) -> int:
    """Train in a process of its own, output in models/train.log; returns its exit status."""
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": str(root),
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"]
    command += ["--data", "data/nlu", "data/rules", "--out", str(models), "--fixed-model-name", NAME]
    command += ["--force", "--skip-validation"]  # the tests run `rasa data validate`
    models.mkdir(parents=True, exist_ok=True)
    with (models / "train.log").open("w") as log:
        return subprocess.run(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        ).returncode


def main() -> None:
    """Train if needed, and say so in one line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--force", action="store_true", help="train even if nothing changed")
    options.add_argument("--out", type=Path, default=MODELS, help="where the model goes (models/)")
    given = options.parse_args()
    if not given.force and is_current(ROOT, given.out):
        print("The assistant is up to date.")
        return
    mark = given.out / f"{NAME}.sha256"
    mark.unlink(missing_ok=True)
    before, begun = fingerprint(ROOT), time.monotonic()
    print("Training the assistant ...", flush=True)
    status = train(ROOT, given.out)
    if status != 0:
        sys.exit(f"Training failed. {given.out / 'train.log'} says why.")
    mark.write_text(before)
    print(f"The assistant is trained, in {time.monotonic() - begun:.0f} s.")


if __name__ == "__main__":
    main()
