"""The periods as people write them, and the commands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from pluis.cli import app
from pluis.content import ContentError
from pluis.retention.periods import Periods, load_periods
from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.store import access_log
from pluis.store.cases import Case
from tests.support.planted import plant


@pytest.fixture
def periods() -> Periods:
    """The periods as they are delivered."""
    return load_periods(ROOT / "data")


@pytest.mark.parametrize(
    ("period", "now", "before"),
    [
        ({"years": 20}, "2046-03-10", "2026-03-10"),
        ({"years": 1}, "2028-02-29", "2027-02-28"),
        ({"months": 13}, "2026-03-31", "2025-02-28"),
        ({"days": 90}, "2026-03-31", "2025-12-31"),
    ],
)
def test_a_period_counts_as_people_count(periods: Periods, period: dict[str, int], now: str, before: str) -> None:
    made = type(periods.case)(**period, why="x")
    assert made.before(datetime.fromisoformat(now).replace(tzinfo=UTC)).date().isoformat() == before


def test_a_period_that_cannot_be_is_refused(tmp_path: Path) -> None:
    text = (ROOT / "data" / "retention.yml").read_text().replace("  years: 20\n", "  years: 20\n  days: 3\n", 1)
    (tmp_path / "retention.yml").write_text(text)
    with pytest.raises(ContentError, match="case: a period is a number of years, of months or of days"):
        load_periods(tmp_path)


@pytest.fixture
def command(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Commands on the database of this test."""
    for name, value in runtime.settings.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", make_url(runtime.settings.database_url).render_as_string(hide_password=False))
    return CliRunner()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_commands(command: CliRunner, runtime: Runtime) -> None:
    def run(*words: str) -> str:
        result = command.invoke(app, [*words])
        assert result.exit_code in (0, 1), result.output
        return result.output

    with runtime.store.transaction() as session:
        plant(session, "Kanariepiet", date(2000, 1, 1))
        number = session.scalars(select(Case.number).order_by(Case.id.desc())).first()
    assert "1 files of families            older than 20 years" in run("retention", "purge", "--dry-run")
    assert "no reason here" in run("retention", "hold", str(number), "--because", "whim")
    assert "is held" in run("retention", "hold", str(number), "--because", "court", "--reference", "C/1")
    assert "By order" not in run("retention", "list")
    assert "A court case is running C/1" in run("retention", "list")
    assert "Let it go first" in run("retention", "destroy", str(number), "--yes")
    assert "no longer held" in run("retention", "release", str(number))
    assert "was destroyed" in run("retention", "destroy", str(number), "--yes", "--reference", "B-1")
    assert "At the request of the client or the legal representative B-1" in run("retention", "list")
    assert "There is no case" in run("retention", "destroy", str(number), "--yes")
    assert "is whole: 3 lines" in run("audit", "verify")
    with runtime.store.reading() as session:
        other = session.scalars(select(Case.number)).first()
    assert f'"number": "{other}"' in run("case", "dossier", str(other))
    with runtime.store.reading() as session:
        newest = list(access_log.in_order(session))[-1]
    assert (newest.action, newest.object, newest.actor) == ("export", "case", "command")
