"""Practice together: who lets the trainer see along, what a trainer asks for, and vignettes of the organisation's own."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base
from pluis.store.people import Account
from pluis.store.sealed import SealedText


class Consent(Base):
    """Somebody lets the trainers see the own progress. Each yes is a row; taking it back closes the row."""

    __tablename__ = "practice_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Assignment(Base):
    """A trainer asks somebody to do a vignette. It is an invitation: nothing happens when it is not done."""

    __tablename__ = "practice_assignment"
    __table_args__ = (UniqueConstraint("account_id", "vignette"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    vignette: Mapped[str] = mapped_column(String(50))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    until: Mapped[date | None]

    account: Mapped[Account] = relationship(foreign_keys=[account_id], lazy="joined")
    by: Mapped[Account] = relationship(foreign_keys=[by_id], lazy="joined")


class OwnVignette(Base):
    """A vignette of the organisation's own. `state`: draft | waiting | approved | retired. `origin`: written | debrief.

    `text` is YAML as in data/vignettes. Only an approved one can be practised, and the approval is by somebody else
    than its writer; every change takes it back to draft.
    """

    __tablename__ = "own_vignette"

    id: Mapped[str] = mapped_column(String(50), primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(SealedText("own_vignette.text"))
    origin: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    changed_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]

    author: Mapped[Account] = relationship(foreign_keys=[author_id], lazy="joined")
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id], lazy="joined")


def consent_of(session: Session, account_id: int) -> Consent | None:
    """The consent of this person that holds now, if there is one."""
    return session.scalar(select(Consent).where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None)))


def consenting(session: Session, accounts: Sequence[int]) -> set[int]:
    """Which of these people let the trainers see along now."""
    return set(
        session.scalars(
            select(Consent.account_id).where(Consent.account_id.in_(accounts), Consent.withdrawn_at.is_(None))
        )
    )


def trainers(session: Session) -> list[Account]:
    return list(
        session.scalars(select(Account).where(Account.role == "trainer", Account.active).order_by(Account.name))
    )


def group(session: Session, team_id: int) -> list[Account]:
    """Who may practise in a team: its active people, by name."""
    return list(
        session.scalars(select(Account).where(Account.team_id == team_id, Account.active).order_by(Account.name))
    )


def assignments_of(session: Session, accounts: Sequence[int]) -> list[Assignment]:
    """What trainers asked of these people, newest first."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.account_id.in_(accounts))
            .order_by(Assignment.at.desc(), Assignment.id.desc())
        )
    )


def own_vignettes(session: Session, *states: str) -> list[OwnVignette]:
    """The organisation's own vignettes in these states, oldest first."""
    return list(
        session.scalars(select(OwnVignette).where(OwnVignette.state.in_(states)).order_by(OwnVignette.changed_at))
    )
