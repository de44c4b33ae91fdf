"""Who works with Pluis: teams, accounts, sign-ins, who is on call."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base

ROLES = ("counselor", "supervisor", "manager", "trainee", "trainer", "quality", "admin")


@dataclass(frozen=True)
class Standing:
    """How somebody stands to cases at one moment, beyond the own ones and the team's: ids of accounts, teams, cases."""

    stands_in_for: frozenset[int] = frozenset()
    on_call_for: frozenset[int] = frozenset()
    named_in: frozenset[int] = frozenset()
    emergency_in: frozenset[int] = frozenset()


class Team(Base):
    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Account(Base):
    """A person who signs in.

    `mail`, `phone` and `chat` are where alerts reach this person; `channels` those that the person wants (None: all).
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    phone: Mapped[str] = mapped_column(String(30), default="")
    mail: Mapped[str] = mapped_column(String(200), default="")
    chat: Mapped[str] = mapped_column(String(300), default="")
    channels: Mapped[list[str] | None]
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]

    team: Mapped[Team | None] = relationship(lazy="joined")

    # No column: filled in for whoever is asking (pluis.store.access.standing), and nothing for everybody else.
    standing = Standing()


class SignIn(Base):
    """One signed-in browser or client. Only a hash of its token is kept.

    `device` and `address` tell people which of their sign-ins this is. `complete`: also with a second factor, or
    without one where none is asked; until then it opens nothing but the page to set one up.
    """

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    complete: Mapped[bool] = mapped_column(default=True)

    account: Mapped[Account] = relationship(lazy="joined")


class OnCall(Base):
    """Who answers for a team outside working hours."""

    __tablename__ = "on_call"
    __table_args__ = (Index("ix_on_call_team_id_ends_at", "team_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="joined")


class Absence(Base):
    """Somebody is away; whoever stands in is told instead."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_account_id_ends_at", "account_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


_BY_TOKEN = select(SignIn).where(SignIn.token_hash == bindparam("token_hash"))


def sign_in(session: Session, token_hash: str) -> SignIn | None:
    """The sign-in with this token, as its hash. Asked with every request."""
    return session.scalar(_BY_TOKEN, {"token_hash": token_hash})


def by_username(session: Session, username: str) -> Account | None:
    return session.scalar(select(Account).where(Account.username == username.strip().lower()))


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Account]:
    """Accounts by id, as far as there are any."""
    return {one.id: one for one in session.scalars(select(Account).where(Account.id.in_(ids)))} if ids else {}


def team_by_name(session: Session, name: str) -> Team | None:
    return session.scalar(select(Team).where(Team.name == name))


def on_call_for(session: Session, team_id: int, now: datetime) -> list[Account]:
    found = session.scalars(
        select(OnCall)
        .where(OnCall.team_id == team_id, OnCall.starts_at <= now, OnCall.ends_at > now)
        .order_by(OnCall.id)
    )
    return [row.account for row in found if row.account.active]


def with_role(session: Session, team_id: int | None, role: str) -> list[Account]:
    """Active accounts of this role in this team, or in no team (a manager for all teams)."""
    found = session.scalars(select(Account).where(Account.role == role, Account.active).order_by(Account.id))
    return [account for account in found if account.team_id in (team_id, None)]
