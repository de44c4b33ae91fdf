"""Destroying: of a file nothing is left in any table but that it was there; what is held stays; another file is untouched."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Date, DateTime, Table, func, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from pluis.access.log import Line
from pluis.access.verify import verify
from pluis.cli import app
from pluis.content import ContentError
from pluis.retention import destroying
from pluis.retention.destroying import By, NotNow
from pluis.retention.periods import Periods, load_periods
from pluis.retention.purge import plan, purge
from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.store import Base, Store, access_log, retention
from pluis.store.base import Moment
from pluis.store.cases import Case
from pluis.store.debriefs import SupportWish, Turn
from pluis.store.escalations import Escalation
from pluis.store.retention import Destroyed
from pluis.store.training import Practice
from pluis.training import practice as practising
from pluis.training.library import load as load_vignettes
from tests.support.databases import NOW
from tests.support.families import account, add_family

ME = By("operator")
# Tables that no file hangs on: people who work here, and what belongs to the organisation.
LEFT = {"destroyed", "access_log", "access_log_cut", "legal_hold"}


@pytest.fixture
def periods() -> Periods:
    """The periods as they are delivered."""
    return load_periods(ROOT / "data")


def hanging() -> list[Table]:
    """Every table whose rows can belong to a file, directly or by way of others."""
    found = {Case.__table__}
    for table in Base.metadata.sorted_tables:
        if any(key.column.table in found for key in table.foreign_keys):
            found.add(table)
    return [table for table in Base.metadata.sorted_tables if table in found and table.name not in LEFT]


def plant(session: Session, word: str, closed_on: date | None = None) -> int:
    """A family with a row in every table that a file can hang on to, and this word wherever text fits."""
    case = add_family(session, NOW, 2, mother=word)
    case.family, case.closed_on = f"Familie {word}", closed_on
    session.flush()
    made: dict[Table, Any] = {Case.__table__: case.id}  # type: ignore[dict-item]
    me = account(session, "counselor").id
    for table in hanging()[1:]:
        values: dict[str, Any] = {}
        for column in table.columns:
            key = next(iter(column.foreign_keys), None)
            if key is not None and key.column.table is not table:
                values[column.name] = made.get(key.column.table, me)
            elif key is None and not (column.primary_key and column.type.python_type is int):
                values[column.name] = filling(column, word)
        done = session.execute(
            insert(table).values({name: value for name, value in values.items() if value is not None})
        )
        made[table] = done.inserted_primary_key[0]  # type: ignore[attr-defined]
    turn = made[Turn.__table__]  # type: ignore[index]
    session.add(SupportWish(account_id=me, turn_id=turn, kind="words", words=word, at=NOW))
    for running in session.scalars(select(Escalation).where(Escalation.case_id == case.id)):
        running.state = "closed"
    return case.id


def filling(column: Any, word: str) -> Any:
    """A value for a column, with the word in it if it holds any."""
    kind = column.type
    if isinstance(kind, (Moment, DateTime)):
        return NOW - timedelta(days=1)
    if isinstance(kind, Date):
        return NOW.date()
    try:
        python = kind.python_type
    except NotImplementedError:
        python = list
    if python in (bool, int, float):
        return python(0)
    if python in (dict, list) or "Json" in type(kind).__name__:
        return [{"text": word}]
    length = getattr(kind, "length", None) or 40
    return f"{word}{abs(hash((column.table.name, column.name))) % 10**6}"[:length]


def mentions(store: Store, word: str) -> dict[str, int]:
    """Per table: rows in which the word stands, opened where they are sealed."""
    found = {}
    with store.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = [row for row in session.execute(select(table)) if word in repr(tuple(row))]
            if rows:
                found[table.name] = len(rows)
    return found


def test_of_a_destroyed_file_nothing_is_left(runtime: Runtime) -> None:
    store = runtime.store
    with store.transaction() as session:
        gone, other = plant(session, "Kanariepiet"), plant(session, "Roodborst")
    before = mentions(store, "Roodborst")
    assert set(before) >= {"cases", "person", "debrief", "turn", "answer", "found", "escalation", "support_wish"}
    assert mentions(store, "Kanariepiet").keys() == before.keys()

    with store.transaction() as session:
        case = session.get_one(Case, gone)
        number = case.number
        end = destroying.destroy_case(session, runtime.access_log, case, "request", "B-12", ME, NOW)
    runtime.access_log.noted.move(end)
    retention.reclaim(store)

    assert mentions(store, "Kanariepiet") == {}
    assert mentions(store, "Roodborst") == before
    with store.reading() as session:
        (stub,) = session.scalars(select(Destroyed))
        assert (stub.case_number, stub.because, stub.reference, stub.destroyed_by) == (
            number,
            "request",
            "B-12",
            "operator",
        )
        assert stub.rows["turn"] == 1
        assert session.get(Case, other) is not None
        (line,) = access_log.in_order(session)
        assert (line.action, line.case_id, line.ground, line.who) == ("destroy", gone, "request", "operator")
    assert verify(runtime.access_log, store).faults == []
    if store.sqlite:
        path = Path(str(store.engine.url.database))
        left = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert b"Kanariepiet" not in left
        assert number.encode() in left, "what is looked for would be seen"


def test_what_is_held_or_has_an_alert_running_is_not_destroyed(runtime: Runtime) -> None:
    with runtime.store.transaction() as session:
        id = plant(session, "Roodborst")
        destroying.hold(session, runtime.access_log, session.get_one(Case, id), "court", "C/1", ME, NOW)

    with pytest.raises(NotNow, match="is held since 2026-03-10"), runtime.store.transaction() as session:
        destroying.destroy_case(session, runtime.access_log, session.get_one(Case, id), "request", "", ME, NOW)
    with runtime.store.transaction() as session:
        destroying.release(session, runtime.access_log, session.get_one(Case, id), ME, NOW)
        for alert in session.scalars(select(Escalation).where(Escalation.case_id == id)):
            alert.state = "acknowledged"
    with pytest.raises(NotNow, match="1 alerts without a decision"), runtime.store.transaction() as session:
        destroying.destroy_case(session, runtime.access_log, session.get_one(Case, id), "request", "", ME, NOW)


def test_a_purge_takes_what_has_had_its_time_and_nothing_else(runtime: Runtime, periods: Periods) -> None:
    """Twenty years and a day after the help ended; a dry run shows it and changes nothing."""
    later, store = NOW.replace(year=2046), runtime.store
    with store.transaction() as session:
        over = plant(session, "Kanariepiet", NOW.date() - timedelta(days=1))
        just = plant(session, "Roodborst", NOW.date())
        held = plant(session, "Winterkoning", NOW.date() - timedelta(days=400))
        destroying.hold(session, runtime.access_log, session.get_one(Case, held), "complaint", "", ME, NOW)
        numbers = {id: session.get_one(Case, id).number for id in (over, held)}

    due = {one.kind: one for one in plan(runtime, periods, later)}
    assert (due["case"].numbers, due["case"].held) == ((numbers[over],), (numbers[held],))
    assert due["support"].count >= 3
    assert due["access_log"].count == 1
    assert mentions(store, "Kanariepiet")

    done = purge(runtime, periods, ME, later)

    assert done["case"] == 1
    assert mentions(store, "Kanariepiet") == {}
    with store.reading() as session:
        assert [session.get(Case, id) is None for id in (over, just, held)] == [True, False, False]
        assert session.scalar(select(func.count(SupportWish.id))) == 0
    assert verify(runtime.access_log, store).faults == []
    again = {one.kind: one.count for one in plan(runtime, periods, later)}
    assert not any(again.values()), again


def test_practice_goes_with_its_made_up_family(runtime: Runtime, periods: Periods) -> None:
    vignette = next(iter(load_vignettes(ROOT / "data", runtime.protocol).values()))
    with runtime.store.transaction() as session:
        me = account(session, "trainee")
        visit = practising.begin(session, vignette, 0, me, "nl", NOW)
        practising.debrief(session, runtime.protocol, vignette, visit, me, NOW)

    purge(runtime, periods, ME, NOW + timedelta(days=700))
    with runtime.store.reading() as session:
        assert session.scalar(select(func.count(Practice.id))) == 1
    purge(runtime, periods, ME, NOW + timedelta(days=740))
    with runtime.store.reading() as session:
        assert session.scalar(select(func.count(Practice.id))) == 0
        assert session.scalar(select(func.count(Case.id)).where(Case.vignette.is_not(None))) == 0


def test_old_lines_of_the_access_log_go_and_the_rest_is_seen_to_be_whole(runtime: Runtime, periods: Periods) -> None:
    log, store = runtime.access_log, runtime.store
    log.record([Line(at=NOW, action="read", object="case") for _ in range(4)])
    log.record([Line(at=NOW + timedelta(days=300), action="read", object="case")])

    done = purge(runtime, periods, ME, NOW.replace(year=2031) + timedelta(days=1))

    assert done["access_log"] == 4
    with store.reading() as session:
        assert [line.action for line in access_log.in_order(session)][:2] == ["read", "destroy"]
    assert verify(log, store).faults == []


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
