"""A case: one family, who belongs to it, when each was seen and what was agreed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, Select, String, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base
from pluis.store.people import Account, Team
from pluis.store.sealed import SealedText

ASSESSMENT_EVERY = timedelta(days=91)  # three months: protocol, section 3; our choice, stricter than SDM's six


class Case(Base):
    """`assess_by`: until when the next explicit assessment has to be there, where a person or an alert named a day."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    family: Mapped[str] = mapped_column(SealedText("cases.family"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    one_parent_reason: Mapped[str] = mapped_column(SealedText("cases.one_parent_reason"), default="")
    started_on: Mapped[date]
    assessed_on: Mapped[date | None]
    assess_by: Mapped[date | None]
    closed_on: Mapped[date | None]
    # Closed to all but its counselor, its supervisor and the colleagues named for it.
    named_only: Mapped[bool] = mapped_column(default=False)
    # The id of the vignette that a made-up family belongs to. Such a case is in no list and in no count.
    vignette: Mapped[str | None] = mapped_column(String(50))

    team: Mapped[Team] = relationship(lazy="joined")
    counselor: Mapped[Account] = relationship(foreign_keys=counselor_id, lazy="joined")
    supervisor: Mapped[Account] = relationship(foreign_keys=supervisor_id, lazy="joined")
    people: Mapped[list["Person"]] = relationship(order_by="Person.id", lazy="selectin")
    agreements: Mapped[list["Agreement"]] = relationship(order_by="Agreement.id", lazy="selectin")

    @property
    def assessment_due(self) -> date:
        """When an explicit assessment is due: at the start, on the day that was named, then every three months."""
        return self.assess_by or (self.assessed_on + ASSESSMENT_EVERY if self.assessed_on else self.started_on)


class Person(Base):
    """A child or an adult of the family. `relation` is a word such as mother, father, partner, grandmother, son."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    name: Mapped[str] = mapped_column(SealedText("person.name"))
    kind: Mapped[str] = mapped_column(String(10))  # child | adult
    relation: Mapped[str] = mapped_column(String(40))
    born_on: Mapped[date | None]
    speaks: Mapped[bool] = mapped_column(default=True)
    lives_here: Mapped[bool] = mapped_column(default=True)
    parent: Mapped[bool] = mapped_column(default=False)
    authority: Mapped[bool] = mapped_column(default=False)


class Sighting(Base):
    """A person was, or was not, seen at a contact: the base of every last-seen date."""

    __tablename__ = "sighting"
    # All that a last-seen date asks, so that the rows themselves are not read.
    __table_args__ = (Index("ix_sighting_last", "person_id", "seen", "seen_on", "spoken", "alone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    debrief_id: Mapped[str | None] = mapped_column(ForeignKey("debrief.id"), index=True)
    on: Mapped[date] = mapped_column("seen_on")
    seen: Mapped[bool]
    spoken: Mapped[bool] = mapped_column(default=False)
    alone: Mapped[bool] = mapped_column(default=False)


class Agreement(Base):
    """What was agreed with the family. `safety`: it protects a child. `state`: open | kept | partly | broken."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    text: Mapped[str] = mapped_column(SealedText("agreement.text"))
    safety: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    made_in: Mapped[str | None] = mapped_column(ForeignKey("debrief.id"))
    made_at: Mapped[datetime]
    checked_in: Mapped[str | None] = mapped_column(ForeignKey("debrief.id"))


def open_cases_of_counselor(session: Session, account_id: int) -> list[Case]:
    return list(
        session.scalars(
            _real(select(Case)).where(Case.counselor_id == account_id, Case.closed_on.is_(None)).order_by(Case.number)
        )
    )


def _real(query: Select[Any]) -> Select[Any]:
    """Without the made-up families of the training."""
    return query.where(Case.vignette.is_(None))


def by_numbers(session: Session, numbers: Sequence[str]) -> dict[str, Case]:
    """Cases by their numbers, made-up families left out; in parts, for SQLite takes no endless list."""
    found: dict[str, Case] = {}
    for start in range(0, len(numbers), 500):
        query = _real(select(Case)).where(Case.number.in_(numbers[start : start + 500]))
        found |= {case.number: case for case in session.scalars(query)}
    return found


def real_cases(session: Session, closed: bool) -> list[Case]:
    """Open cases by number, and closed ones too when asked for."""
    query = _real(select(Case))
    return list(session.scalars((query if closed else query.where(Case.closed_on.is_(None))).order_by(Case.number)))


class Relative(NamedTuple):
    """A person of the family, with the days of the last contact, of last being seen and of last being spoken to."""

    id: int
    name: str
    kind: str
    relation: str
    born_on: date | None
    speaks: bool
    parent: bool
    contact_on: date | None
    seen_on: date | None
    spoken_on: date | None


class Agreed(NamedTuple):
    """What of an agreement a debrief asks about."""

    id: int
    text: str
    safety: bool


def people_of(session: Session, case_id: int) -> list[Person]:
    return list(session.scalars(select(Person).where(Person.case_id == case_id).order_by(Person.id)))


# Asked in every turn of a debrief, so built once, and of the tables: rows that are only read need not become objects.
_person, _sighting, _agreement = Person.__table__.c, Sighting.__table__.c, Agreement.__table__.c
_RELATIVES = (
    select(
        *(_person[name] for name in ("id", "name", "kind", "relation", "born_on", "speaks", "parent")),
        func.max(_sighting.seen_on),
        func.max(case((_sighting.seen, _sighting.seen_on))),
        func.max(case((_sighting.spoken, _sighting.seen_on))),
    )
    .outerjoin_from(
        Person.__table__,
        Sighting.__table__,
        and_(
            _sighting.person_id == _person.id,
            or_(_sighting.debrief_id.is_(None), _sighting.debrief_id != bindparam("debrief")),
        ),
    )
    .where(_person.case_id == bindparam("case"))
    .group_by(_person.id)
    .order_by(_person.id)
)
_AGREED = (
    select(_agreement.id, _agreement.text, _agreement.safety)
    .where(
        _agreement.case_id == bindparam("case"),
        or_(_agreement.made_in.is_(None), _agreement.made_in != bindparam("debrief")),
        or_(_agreement.state == "open", _agreement.checked_in == bindparam("debrief")),
    )
    .order_by(_agreement.id)
)


def relatives(session: Session, case_id: int, without_debrief: str) -> list[Relative]:
    """The people of a case, with the last days that other debriefs know."""
    found = session.execute(_RELATIVES, {"case": case_id, "debrief": without_debrief})
    return [Relative._make(row) for row in found]


def agreed(session: Session, case_id: int, debrief_id: str) -> list[Agreed]:
    """The agreements that a debrief asks about: made before it, and open or checked in it."""
    return [Agreed._make(row) for row in session.execute(_AGREED, {"case": case_id, "debrief": debrief_id})]


def sightings(session: Session, case_id: int) -> list[Sighting]:
    """All sightings of the people of a case, oldest first."""
    return list(
        session.scalars(
            select(Sighting)
            .join(Person, Person.id == Sighting.person_id)
            .where(Person.case_id == case_id)
            .order_by(Sighting.on, Sighting.id)
        )
    )
