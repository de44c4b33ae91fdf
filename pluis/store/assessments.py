"""What people wrote and put their name to: explicit assessments, and statements of the family itself."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base, Json
from pluis.store.people import Account
from pluis.store.sealed import SealedJson, SealedText


class Assessment(Base):
    """An explicit assessment, signed. It is never changed: a new one comes after it.

    `answers`: in the order of the form `{"id", "kind", "ask": {nl, en}, "text", "titles": [{nl, en}]}`, with the words
    of the form as they were then. `safety` and `weight` are ids of choices; `grave` says which of the two ask for action.
    """

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_case_id_made_on", "case_id", "made_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    form: Mapped[str] = mapped_column(String(40))
    on: Mapped[date] = mapped_column("made_on")
    safety: Mapped[str] = mapped_column(String(40))
    weight: Mapped[str] = mapped_column(String(40))
    answers: Mapped[list[Json]] = mapped_column(SealedJson("assessment.answers"))
    grave: Mapped[list[str]]
    next_on: Mapped[date]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime]

    signed_by: Mapped[Account] = relationship(lazy="joined")


class Statement(Base):
    """What a person of the family wants in the file, in own words: about all of it, one visit or one assessment."""

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    debrief_id: Mapped[str | None] = mapped_column(ForeignKey("debrief.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    text: Mapped[str] = mapped_column(SealedText("statement.text"))
    on: Mapped[date] = mapped_column("said_on")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[Account] = relationship(lazy="joined")


def of_case(session: Session, case_id: int) -> list[Assessment]:
    """The assessments of a case, oldest first."""
    query = select(Assessment).where(Assessment.case_id == case_id)
    return list(session.scalars(query.order_by(Assessment.on, Assessment.id)))


def newest(session: Session, case_id: int) -> Assessment | None:
    query = select(Assessment).where(Assessment.case_id == case_id)
    return session.scalar(query.order_by(Assessment.on.desc(), Assessment.id.desc()).limit(1))


def statements(session: Session, case_id: int) -> list[Statement]:
    """What people of a case stated, oldest first."""
    return list(session.scalars(select(Statement).where(Statement.case_id == case_id).order_by(Statement.id)))
