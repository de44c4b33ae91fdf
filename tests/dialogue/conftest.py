"""One engine for all dialogue tests: the real one, trained from the files as they are."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dialogue.engine import BOT_PYTHON, ROOT, Engine, running

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the trained assistant."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.dialogue)


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Trains only when something changed since the last training."""
    if not BOT_PYTHON.exists():
        pytest.skip("The environment of the engine is not there: run make test, which builds it.")
    subprocess.run([str(BOT_PYTHON), "-m", "bot.train"], cwd=ROOT, check=True)
    log = tmp_path_factory.mktemp("engine") / "engine.log"
    yield from running(log, ROOT / "models" / "assistant.tar.gz")


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    """The engine with an action server that is up and has heard nothing yet."""
    shared_engine.actions.reset()
    return shared_engine
