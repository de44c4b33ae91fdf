"""Holding and destroying: what forbids it, what is left to say of it, and how a row goes with all that hangs on it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, delete, func, select, text, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base, Json
from pluis.store.cases import Case
from pluis.store.debriefs import Answer, Debrief, SupportWish, Turn
from pluis.store.engine import Store
from pluis.store.escalations import RUNNING, Escalation
from pluis.store.outgoing import Reminder
from pluis.store.people import SignIn
from pluis.store.training import Practice

_PART = 500


class LegalHold(Base):
    """A file that may not be destroyed until somebody lets it go. `reference`: under which the matter is known elsewhere."""

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    because: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(40), default="")
    held_by: Mapped[str] = mapped_column(String(80))
    held_at: Mapped[datetime]
    released_by: Mapped[str] = mapped_column(String(80), default="")
    released_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="joined")


class Destroyed(Base):
    """What is left of a file: that it was there, that it was destroyed, when and why. Nothing of what stood in it."""

    __tablename__ = "destroyed"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(index=True)
    case_number: Mapped[str] = mapped_column(String(20))
    because: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(40), default="")
    destroyed_by: Mapped[str] = mapped_column(String(80))
    destroyed_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    rows: Mapped[Json] = mapped_column("row_counts")


def hold_of(session: Session, case_id: int) -> LegalHold | None:
    """The hold on a case that nobody has let go yet."""
    query = select(LegalHold).where(LegalHold.case_id == case_id, LegalHold.released_at.is_(None))
    return session.scalar(query.order_by(LegalHold.id).limit(1))


def holds(session: Session) -> list[LegalHold]:
    """All holds that run, oldest first."""
    return list(session.scalars(select(LegalHold).where(LegalHold.released_at.is_(None)).order_by(LegalHold.id)))


def destroyed(session: Session) -> list[Destroyed]:
    """What is left of files that were destroyed, newest first."""
    return list(session.scalars(select(Destroyed).order_by(Destroyed.id.desc())))


def destroyed_at(session: Session, case_id: int) -> datetime | None:
    """When a file that had this number in the database was destroyed, the last time."""
    return session.scalar(
        select(Destroyed.destroyed_at).where(Destroyed.case_id == case_id).order_by(Destroyed.id.desc()).limit(1)
    )


def case_by_number(session: Session, number: str) -> Case | None:
    return session.scalar(select(Case).where(Case.number == number.strip(), Case.vignette.is_(None)))


def closed_before(session: Session, day: date) -> list[Case]:
    """Cases whose help ended before this day, oldest first; made-up families are none."""
    query = select(Case).where(Case.closed_on < day, Case.vignette.is_(None))
    return list(session.scalars(query.order_by(Case.closed_on, Case.id)))


def running_alerts(session: Session, case_id: int) -> int:
    query = select(func.count(Escalation.id)).where(Escalation.case_id == case_id, Escalation.state.in_(RUNNING))
    return session.scalar(query) or 0


def lone_alerts(session: Session, before: datetime) -> list[int]:
    """Alerts about no known family, raised before this moment, on which nothing is to be done any more."""
    query = select(Escalation.id).where(Escalation.case_id.is_(None), Escalation.raised_at < before)
    return list(session.scalars(query.where(Escalation.state.not_in(RUNNING))))


def talk(session: Session, before: datetime) -> list[str]:
    """Answered messages outside a debrief, from before this moment."""
    query = select(Turn.id).where(Turn.debrief_id.is_(None), Turn.received_at < before, Turn.handled_at.is_not(None))
    return list(session.scalars(query))


def support_wishes(session: Session, before: datetime) -> list[int]:
    return list(session.scalars(select(SupportWish.id).where(SupportWish.at < before)))


def private_answers(session: Session, questions: Sequence[str], before: datetime) -> list[int]:
    """Answers to these questions in debriefs that were finished before this moment."""
    done = select(Debrief.id).where(Debrief.state == "done", Debrief.closed_at < before)
    return list(session.scalars(select(Answer.id).where(Answer.question.in_(questions), Answer.debrief_id.in_(done))))


def forget_typed(session: Session, answers: Sequence[int]) -> None:
    """Empty the messages that these answers were given in."""
    for part in _parts(answers):
        turns = select(Answer.turn_id).where(Answer.id.in_(part), Answer.turn_id.is_not(None))
        session.execute(
            update(Turn).where(Turn.id.in_(turns)).values(text=""), execution_options={"synchronize_session": False}
        )


def practices(session: Session, before: datetime) -> list[str]:
    """Practice visits begun before this moment."""
    return list(session.scalars(select(Practice.id).where(Practice.begun_at < before)))


def made_up_cases(session: Session, practices: Sequence[str]) -> list[int]:
    """The made-up families that the debriefs of these practice visits are about."""
    query = (
        select(Debrief.case_id).join(Practice, Practice.debrief_id == Debrief.id).join(Case, Case.id == Debrief.case_id)
    )
    return list(session.scalars(query.where(Practice.id.in_(practices), Case.vignette.is_not(None))))


def old_sign_ins(session: Session, before: datetime) -> list[str]:
    return list(session.scalars(select(SignIn.token_hash).where(SignIn.expires_at < before)))


def old_reminders(session: Session, before: datetime) -> list[int]:
    query = select(Reminder.id).where(Reminder.created_at < before, Reminder.state != "waiting")
    return list(session.scalars(query))


def destroy(session: Session, model: type[Base], ids: Iterable[Any]) -> Counter[str]:
    """Delete rows with every row that points to them, directly or by way of others: whatever tables there are.

    Found by the foreign keys, so that a table which is added later is not forgotten. A row that points to another one
    of its own table only lets go of it. Returns how many rows went from which table.
    """
    overwrite_what_goes(session)
    session.flush()
    doomed: dict[Table, set[tuple[Any, ...]]] = {}
    table: Table = model.__table__  # type: ignore[assignment]
    _gather(session, table, {(id,) for id in ids}, doomed)
    counts: Counter[str] = Counter()
    turns = [key[0] for key in doomed.get(Turn.__table__, ())]  # type: ignore[call-overload]
    for part in _parts(turns):
        # What a counselor said about herself points to a message without a foreign key, on purpose: it is not the file's.
        gone = session.execute(delete(SupportWish).where(SupportWish.turn_id.in_(part)))
        counts["support_wish"] += gone.rowcount  # type: ignore[attr-defined]
    for one in reversed(Base.metadata.sorted_tables):
        for part in _parts(sorted(doomed.get(one, ()), key=str)):
            _let_go(session, one, part)
            counts[one.name] += session.execute(delete(one).where(_is_one_of(one, part))).rowcount  # type: ignore[attr-defined]
    session.expire_all()
    return counts


def overwrite_what_goes(session: Session) -> None:
    """On SQLite: what is deleted is overwritten in the file too, not only marked as free."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("pragma secure_delete = on"))


def reclaim(store: Store) -> None:
    """After destroying: leave as little as can be of what is gone in the files of the database.

    SQLite: the journal is emptied (what was deleted is overwritten already). PostgreSQL: the room is given free to be
    written over; only `vacuum full` writes the files anew, at a moment that the operator chooses.
    """
    connection = store.engine.raw_connection()
    try:
        if store.sqlite:
            connection.cursor().execute("pragma wal_checkpoint(truncate)").fetchall()
        else:
            connection.driver_connection.autocommit = True  # type: ignore[union-attr]
            connection.cursor().execute("vacuum")
            connection.driver_connection.autocommit = False  # type: ignore[union-attr]
    finally:
        connection.close()


def _gather(
    session: Session, table: Table, keys: set[tuple[Any, ...]], doomed: dict[Table, set[tuple[Any, ...]]]
) -> None:
    """Add rows, and the rows that point to them."""
    new = keys - doomed.setdefault(table, set())
    if not new:
        return
    doomed[table] |= new
    for other in Base.metadata.sorted_tables:
        for column, target in _pointers(other, table):
            if other is table:
                continue
            place = list(table.primary_key.columns).index(target)
            for part in _parts([key[place] for key in new]):
                found = session.execute(select(*other.primary_key.columns).where(column.in_(part)))
                _gather(session, other, {tuple(row) for row in found}, doomed)


def _pointers(table: Table, target: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    for key in table.foreign_keys:
        if key.column.table is target:
            yield key.parent, key.column


def _let_go(session: Session, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
    for column, _target in _pointers(table, table):
        session.execute(update(table).where(column.in_([key[0] for key in keys])).values({column.name: None}))


def _is_one_of(table: Table, keys: Sequence[tuple[Any, ...]]) -> Any:
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)


def _parts(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """A few hundred at a time, for SQLite takes no endless list."""
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
