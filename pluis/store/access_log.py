"""The access log as rows: each line carries a seal over itself and the line before it. Only added to, never changed."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Index, Select, String, delete, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pluis.store.base import Base

_ONE_WRITER = 7513  # the advisory lock on PostgreSQL; SQLite has one writer anyway
_AT_ONCE = 1000


class AccessLine(Base):
    """One thing that was done, or refused. Nothing points from here to other tables: a line outlives what it is about.

    `actor`: person | assistant | courier | command. `outcome`: ok | refused | failed. `seal`: hexadecimal HMAC.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_case_id_number", "case_id", "number"),
        Index("ix_access_log_account_id_number", "account_id", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int | None]
    who: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    on_behalf_of_id: Mapped[int | None]
    to_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(8))
    object: Mapped[str] = mapped_column(String(16))
    object_id: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None]
    ground: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(40))
    seal: Mapped[str] = mapped_column(String(64))


class AccessCut(Base):
    """Up to where old lines were taken away when their time was over: the number and the seal of the last of them."""

    __tablename__ = "access_log_cut"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    line_seal: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    seal: Mapped[str] = mapped_column(String(64))


def alone(session: Session) -> None:
    """Keep every other writer of the log waiting until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("select pg_advisory_xact_lock(:job)"), {"job": _ONE_WRITER})


def last(session: Session) -> tuple[int, str] | None:
    """Number and seal of the newest line."""
    row = session.execute(
        select(AccessLine.number, AccessLine.seal).order_by(AccessLine.number.desc()).limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def newest_cut(session: Session) -> AccessCut | None:
    return session.scalar(select(AccessCut).order_by(AccessCut.number.desc()).limit(1))


def in_order(session: Session) -> Iterator[AccessLine]:
    """All lines by number, a thousand at a time, so that a long log needs no more memory than a short one."""
    after = -(2**31)
    while True:
        lines = list(
            session.scalars(
                select(AccessLine).where(AccessLine.number > after).order_by(AccessLine.number).limit(_AT_ONCE)
            )
        )
        yield from lines
        if len(lines) < _AT_ONCE:
            return
        after = lines[-1].number
        session.expunge_all()


def seal_of(session: Session, number: int) -> str | None:
    return session.scalar(select(AccessLine.seal).where(AccessLine.number == number))


def of_case(session: Session, case_id: int, since: datetime, until: datetime, most: int) -> list[AccessLine]:
    """Who had to do with a case in a period, newest first."""
    return _newest(session, select(AccessLine).where(AccessLine.case_id == case_id), since, until, most)


def of_account(session: Session, account_id: int, since: datetime, until: datetime, most: int) -> list[AccessLine]:
    """What one person did in a period, newest first."""
    return _newest(session, select(AccessLine).where(AccessLine.account_id == account_id), since, until, most)


def without_case(session: Session, since: datetime, until: datetime, most: int) -> list[AccessLine]:
    """What was done that is about no case in particular, newest first: accounts, searches, refusals, commands."""
    return _newest(session, select(AccessLine).where(AccessLine.case_id.is_(None)), since, until, most)


def last_before(session: Session, before: datetime) -> AccessLine | None:
    """The newest line from before a moment, from which all earlier ones are at least as old."""
    first_kept = session.scalar(select(func.min(AccessLine.number)).where(AccessLine.at >= before))
    query = select(AccessLine).order_by(AccessLine.number.desc()).limit(1)
    return session.scalar(query if first_kept is None else query.where(AccessLine.number < first_kept))


def count_up_to(session: Session, number: int) -> int:
    return session.scalar(select(func.count(AccessLine.number)).where(AccessLine.number <= number)) or 0


def remove_up_to(session: Session, number: int) -> int:
    """Take away lines that a cut speaks of; the database refuses any other. Returns how many."""
    session.flush()
    found = session.execute(delete(AccessLine).where(AccessLine.number <= number))
    return int(found.rowcount)  # type: ignore[attr-defined]


def _newest(
    session: Session, query: Select[AccessLine], since: datetime, until: datetime, most: int
) -> list[AccessLine]:
    query = query.where(AccessLine.at >= since, AccessLine.at < until)
    return list(session.scalars(query.order_by(AccessLine.number.desc()).limit(most)))
