"""The access log: lines in a chain, and whoever changes one is found out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pluis.access.log import AccessLog, Line
from pluis.access.log_end import End
from pluis.access.verify import verify
from pluis.runtime import Runtime
from pluis.store import Store, access_log
from pluis.store.access_log import AccessLine
from tests.support.databases import NOW


def line(number: int) -> Line:
    return Line(
        at=NOW + timedelta(seconds=number), action="read", object="case", object_id=str(number), case_id=1,
        account_id=1, who="Zoë Brandt", role="counselor", ground="own",
    )  # fmt: skip


@pytest.fixture
def log(runtime: Runtime) -> AccessLog:
    """Nine lines, written in three goes."""
    for start in (1, 4, 7):
        runtime.access_log.record([line(number) for number in range(start, start + 3)])
    return runtime.access_log


def by_hand(store: Store, *statements: str) -> None:
    """As somebody who may do everything in the database: the triggers are taken away first."""
    with store.transaction() as session:
        if store.sqlite:
            for name in ("update", "delete"):
                session.execute(text(f"drop trigger access_log_no_{name}"))
        else:
            session.execute(text("alter table access_log disable trigger all"))
        for statement in statements:
            session.execute(text(statement))


def test_an_untouched_log_is_whole(log: AccessLog, store: Store) -> None:
    found = verify(log, store)

    assert found.faults == []
    assert (found.lines, found.first_at, found.last_at) == (9, line(1).at, line(9).at)
    assert found.end == log.noted.read()


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("update access_log set ground = 'team' where number = 4",), ["Line 4 (2026-03-10 14:00 UTC) was changed"]),
        (("update access_log set case_id = null where number = 9",), ["Line 9 (2026-03-10 14:00 UTC) was changed"]),
        (("delete from access_log where number in (5, 6)",), ["Lines 5 to 6 are missing"]),
        (("delete from access_log where number = 1",), ["Line 1 is missing"]),
        (
            tuple(f"update access_log set number = {new} where number = {old}" for old, new in ((3, 99), (7, 3), (99, 7))),
            ["Line 3 (", "Line 4 (", "Line 7 (", "Line 8 ("],
        ),
        (("delete from access_log where number >= 8",), ["The log ends at line 7, but line 9 was written"]),
        (("delete from access_log",), ["The log ends at line 0, but line 9 was written"]),
        (
            (
                "insert into access_log_cut (number, line_seal, at, seal) select number, seal, at, seal "
                "from access_log where number = 4",
                "delete from access_log where number <= 4",
            ),
            ["Somebody other than Pluis took away the lines up to 4"],
        ),
    ],
    ids=["changed", "last-changed", "removed", "first-removed", "moved", "cut-off", "emptied", "false-cut"],
)  # fmt: skip
def test_what_was_done_by_hand_is_found(
    log: AccessLog, store: Store, statements: tuple[str, ...], said: list[str]
) -> None:
    by_hand(store, *statements)

    faults = verify(log, store).faults

    assert len(faults) == len(said)
    assert [fault[: len(start)] for fault, start in zip(faults, said, strict=True)] == said


def test_without_the_key_nobody_makes_a_chain_that_fits(log: AccessLog, store: Store) -> None:
    forger = AccessLog(log._settings.model_copy(update={"secret": "x" * 40}), store)
    forger.record([line(10)])

    assert [fault[:9] for fault in verify(log, store).faults] == ["Line 10 ("]


@pytest.mark.parametrize("statement", ["update access_log set who = ''", "delete from access_log"])
def test_the_database_refuses_to_change_lines(log: AccessLog, store: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only added to"), store.transaction() as session:
        session.execute(text(statement))


def test_the_end_that_somebody_wrote_down_is_compared(log: AccessLog, store: Store) -> None:
    with store.reading() as session:
        seal = str(access_log.seal_of(session, 9))
    log.noted.path.unlink()

    assert "cannot be seen" in verify(log, store).faults[0]
    assert verify(log, store, End(9, seal[:16])).faults == []
    assert "the log was replaced" in verify(log, store, End(9, "0" * 16)).faults[0]
    by_hand(store, "delete from access_log where number = 9")
    assert verify(log, store, End(9, seal[:16])).faults[0].startswith("The log ends at line 8")


def test_a_note_that_somebody_changed_is_found(log: AccessLog, store: Store) -> None:
    log.noted.path.write_text('[3, "abc", "def"]')

    assert "somebody changed it" in verify(log, store).faults[0]


def test_many_at_once_make_one_chain(runtime: Runtime) -> None:
    """Threads with connections of their own, as processes would have, besides one that adds to its own transaction."""
    store = runtime.store

    def work(make: Callable[[], AccessLog]) -> None:
        log = make()
        for number in range(5):
            log.record([line(number)])

    def inside() -> None:
        for number in range(5):
            with store.transaction() as session:
                end = runtime.access_log.add(session, [line(number)])
            runtime.access_log.noted.move(end)

    threads = [
        threading.Thread(target=work, args=(lambda: AccessLog(runtime.settings, store),)) for _ in range(4)
    ] + [threading.Thread(target=inside)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = verify(runtime.access_log, store)
    assert (found.lines, found.faults) == (25, [])


def test_lines_that_cannot_be_written_wait_and_come_later(runtime: Runtime) -> None:
    log, store = runtime.access_log, runtime.store
    with store.transaction() as session:
        session.execute(text("alter table access_log rename to elsewhere"))

    log.record([line(1)])
    with store.transaction() as session:
        session.execute(text("alter table elsewhere rename to access_log"))
    log.record([line(2)])

    with store.reading() as session:
        assert [row.object_id for row in access_log.in_order(session)] == ["1", "2"]


def test_a_line_holds_no_more_than_its_columns(runtime: Runtime) -> None:
    runtime.access_log.record([Line(at=NOW, action="read", object="page", route="/" + "a" * 500, device="b" * 500)])

    with runtime.store.reading() as session:
        row = session.get(AccessLine, 1)
    assert row is not None
    assert len(row.route) == 120
    assert verify(runtime.access_log, runtime.store).faults == []
