"""What guards the accounts: second factors, recovery codes, failed tries, and access to a case beyond one's role."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, Select, String, bindparam, delete, func, literal, select, union_all, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pluis.store.base import Base, Moment
from pluis.store.cases import Case
from pluis.store.people import Absence, Account, OnCall, SignIn, Standing
from pluis.store.sealed import SealedText


class SecondFactor(Base):
    """The secret that somebody's phone makes codes of.

    `confirmed_at` is empty until the first code was right; `last_step` is the half minute of the newest code that was
    used, so that no code works twice.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(SealedText("second_factor.secret"))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """One of the codes on paper, as a hash; each opens the account once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class FailedAddress(Base):
    """Failed tries from one address of the network."""

    __tablename__ = "failed_address"

    address: Mapped[str] = mapped_column(String(45), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]


class Named(Base):
    """Somebody whom the supervisor named for a case."""

    __tablename__ = "named"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class EmergencyAccess(Base):
    """Somebody opened a case that is not theirs, and why. `seen_at`: when its supervisor said to have seen that."""

    __tablename__ = "emergency_access"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str] = mapped_column(SealedText("emergency_access.reason"))
    at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    seen_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=account_id, lazy="joined")
    case: Mapped[Case] = relationship(lazy="joined")


def _part(kind: str, column: Any, *where: Any) -> Select[Any]:
    return select(literal(kind), column).where(*where)


# Asked with every request, so built once.
_ME, _NOW = bindparam("account", type_=Integer), bindparam("now", type_=Moment)
_STANDING = union_all(
    _part("stands_in_for", Absence.account_id,
          Absence.substitute_id == _ME, Absence.starts_at <= _NOW, Absence.ends_at > _NOW),
    _part("on_call_for", OnCall.team_id, OnCall.account_id == _ME, OnCall.starts_at <= _NOW, OnCall.ends_at > _NOW),
    _part("named_in", Named.case_id, Named.account_id == _ME),
    _part("emergency_in", EmergencyAccess.case_id, EmergencyAccess.account_id == _ME, EmergencyAccess.ends_at > _NOW),
)  # fmt: skip


def standing(session: Session, account_id: int, now: datetime) -> Standing:
    """How somebody stands to cases at this moment, beyond the own ones and those of the team; one query."""

    found: dict[str, set[int]] = {}
    for kind, id in session.execute(_STANDING, {"account": account_id, "now": now}):
        found.setdefault(kind, set()).add(id)
    return Standing(**{kind: frozenset(ids) for kind, ids in found.items()})


def sign_ins(session: Session, account_id: int, now: datetime) -> list[SignIn]:
    """Somebody's sign-ins that have not come to their absolute end, the last used first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.account_id == account_id, SignIn.expires_at > now)
            .order_by(SignIn.seen_at.desc())
        )
    )


def replace_codes(session: Session, account_id: int, hashes: list[str]) -> None:
    """New recovery codes in the place of the old ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_hash=one) for one in hashes)


def use_code(session: Session, account_id: int, code_hash: str, now: datetime) -> bool:
    """Use up a recovery code; False when there is none such that was not used before."""
    done = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None)
        )
        .values(used_at=now)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def use_step(session: Session, account_id: int, step: int) -> bool:
    """Use up the code of a half minute; False when it, or a later one, was used before."""
    done = session.execute(
        update(SecondFactor)
        .where(SecondFactor.account_id == account_id, SecondFactor.last_step < step)
        .values(last_step=step)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def codes_left(session: Session, account_id: int) -> int:
    query = select(func.count(RecoveryCode.id)).where(RecoveryCode.account_id == account_id)
    return session.scalar(query.where(RecoveryCode.used_at.is_(None))) or 0


def named_for(session: Session, case_id: int) -> list[Account]:
    """Who is named for a case, by name."""
    query = select(Account).join(Named, Named.account_id == Account.id).where(Named.case_id == case_id)
    return list(session.scalars(query.order_by(Account.name)))


def emergencies_of_case(session: Session, case_id: int, most: int = 20) -> list[EmergencyAccess]:
    """Emergency access to a case, newest first."""
    query = select(EmergencyAccess).where(EmergencyAccess.case_id == case_id)
    return list(session.scalars(query.order_by(EmergencyAccess.id.desc()).limit(most)))


def emergencies_to_see(session: Session, supervisors: frozenset[int]) -> list[EmergencyAccess]:
    """Emergency access to cases of these supervisors that none of them has seen yet, newest first."""
    query = (
        select(EmergencyAccess)
        .join(Case, Case.id == EmergencyAccess.case_id)
        .where(EmergencyAccess.seen_at.is_(None), Case.supervisor_id.in_(supervisors))
    )
    return list(session.scalars(query.order_by(EmergencyAccess.id.desc())))
