"""Practice: which made-up visit somebody did, whom they asked what there, and the debrief that followed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base, Json
from pluis.store.cases import Sighting
from pluis.store.debriefs import Debrief, Found, LevelChange, Turn
from pluis.store.people import Account
from pluis.store.sealed import SealedJson


class Practice(Base):
    """One attempt at one visit of a vignette. It belongs to whoever practises; nobody is appraised by it.

    `talk`: in order `{"who", "asked", "answer", "says"}`. `people`: id of a member in the vignette → id of its row.
    """

    __tablename__ = "practice"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    vignette: Mapped[str] = mapped_column(String(50), index=True)
    visit: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    talk: Mapped[list[Json]] = mapped_column(SealedJson("practice.talk"))
    people: Mapped[Json]
    debrief_id: Mapped[str | None] = mapped_column(ForeignKey("debrief.id"), unique=True)
    again_of: Mapped[str | None] = mapped_column(ForeignKey("practice.id"))
    begun_at: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="joined")
    debrief: Mapped[Debrief | None] = relationship(lazy="joined")


def of_debrief(session: Session, debrief_id: str) -> Practice | None:
    return session.scalar(select(Practice).where(Practice.debrief_id == debrief_id))


def of_account(session: Session, account_id: int) -> list[Practice]:
    """All attempts of this person, oldest first."""
    return list(
        session.scalars(
            select(Practice).where(Practice.account_id == account_id).order_by(Practice.begun_at, Practice.id)
        )
    )


def waiting(session: Session, account_id: int, vignette: str, visit: int) -> Practice | None:
    """The newest attempt at this visit that has no debrief yet."""
    return session.scalar(
        select(Practice)
        .where(
            Practice.account_id == account_id,
            Practice.vignette == vignette,
            Practice.visit == visit,
            Practice.debrief_id.is_(None),
        )
        .order_by(Practice.begun_at.desc())
        .limit(1)
    )


def last_finished(session: Session, account_id: int, vignette: str, visit: int) -> Practice | None:
    """The newest attempt at this visit whose debrief came to its end."""
    return session.scalar(
        select(Practice)
        .join(Debrief, Debrief.id == Practice.debrief_id)
        .where(
            Practice.account_id == account_id,
            Practice.vignette == vignette,
            Practice.visit == visit,
            Debrief.state == "done",
        )
        .order_by(Practice.begun_at.desc())
        .limit(1)
    )


def finished(session: Session, accounts: Sequence[int]) -> list[Practice]:
    """All attempts of these people whose debrief came to its end, oldest first."""
    return list(
        session.scalars(
            select(Practice)
            .join(Debrief, Debrief.id == Practice.debrief_id)
            .where(Practice.account_id.in_(accounts), Debrief.state == "done")
            .order_by(Practice.begun_at, Practice.id)
        )
    )


def signals_of(session: Session, ids: Sequence[str]) -> list[Found]:
    """The signals found in these debriefs, in the order in which they were found."""
    return list(
        session.scalars(select(Found).where(Found.debrief_id.in_(ids), Found.kind == "signal").order_by(Found.id))
    )


def sightings_of(session: Session, ids: Sequence[str]) -> list[Sighting]:
    return list(session.scalars(select(Sighting).where(Sighting.debrief_id.in_(ids)).order_by(Sighting.id)))


def raised_in(session: Session, ids: Sequence[str]) -> set[str]:
    """The debriefs in which somebody raised the level by hand."""
    return set(
        session.scalars(
            select(LevelChange.debrief_id).where(LevelChange.debrief_id.in_(ids), LevelChange.kind == "raised")
        )
    )


def moments(session: Session, practice: Practice) -> list[datetime]:
    """When something happened in this attempt: its beginning, each message of its debrief, its end."""
    debrief = practice.debrief
    said = session.scalars(select(Turn.received_at).where(Turn.debrief_id == debrief.id)) if debrief else ()
    ends = [at for at in (debrief.opened_at, debrief.closed_at) if at is not None] if debrief else []
    return sorted([practice.begun_at, *ends, *said])
