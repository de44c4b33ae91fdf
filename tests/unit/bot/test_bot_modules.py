"""Runs the cases of this folder in the environment of the engine, which has no pytest."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


@pytest.mark.skipif(not PYTHON.exists(), reason="The environment of the engine is not there: run make test.")
@pytest.mark.parametrize("case", sorted(path.stem for path in (HERE / "cases").glob("case_*.py")))
def test_in_the_environment_of_the_engine(case: str) -> None:
    done = subprocess.run(
        [str(PYTHON), "-W", "ignore", "-m", "unittest", f"tests.unit.bot.cases.{case}"],
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Ran 0 tests" not in done.stderr
