"""Destroying: of a file nothing is left in any table but that it was there; what is held stays; another file is untouched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pluis.access.log import Line
from pluis.access.verify import verify
from pluis.retention import destroying
from pluis.retention.destroying import By, NotNow
from pluis.retention.periods import Periods, load_periods
from pluis.retention.purge import plan, purge
from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.store import access_log, retention
from pluis.store.cases import Case
from pluis.store.debriefs import SupportWish
from pluis.store.escalations import Escalation
from pluis.store.retention import Destroyed
from pluis.store.training import Practice
from pluis.training import practice as practising
from pluis.training.library import load as load_vignettes
from tests.support.databases import NOW
from tests.support.families import account
from tests.support.planted import mentions, plant

ME = By("operator")


@pytest.fixture
def periods() -> Periods:
    """The periods as they are delivered."""
    return load_periods(ROOT / "data")


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
