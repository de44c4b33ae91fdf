"""One debrief: what was typed, answered, found and concluded. Nothing here is ever overwritten without a trace."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Float,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, joinedload, lazyload, mapped_column, relationship

from pluis.store.base import Base, Json
from pluis.store.cases import Case
from pluis.store.people import Account
from pluis.store.sealed import SealedJson, SealedText


class Debrief(Base):
    """`state`: open | paused | done. `mode`: visit | short | training. `open_question` is the key that waits for an answer."""

    __tablename__ = "debrief"
    __table_args__ = (
        Index("ix_debrief_case_id_state_opened_at", "case_id", "state", "opened_at"),
        Index("ix_debrief_account_id_opened_at", "account_id", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    mode: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10), default="open")
    open_question: Mapped[str | None] = mapped_column(String(80))
    greeting: Mapped[list[Json]] = mapped_column(SealedJson("debrief.greeting"))
    opened_at: Mapped[datetime] = mapped_column(index=True)
    touched_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    proposed: Mapped[str | None] = mapped_column(String(4))
    level: Mapped[str | None] = mapped_column(String(4))
    rules: Mapped[list[Json] | None] = mapped_column(SealedJson("debrief.rules"))
    note: Mapped[str | None] = mapped_column(SealedText("debrief.note"))

    case: Mapped[Case] = relationship(lazy="joined")
    account: Mapped[Account] = relationship(lazy="joined")


class Turn(Base):
    """One message of the counselor with the reply to it. The text is stored before anything understands it."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation", "client_id"),
        # Only what was kept and not answered stands in it.
        Index(
            "ix_turn_unhandled",
            "received_at",
            sqlite_where=text("handled_at is null"),
            postgresql_where=text("handled_at is null"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    conversation: Mapped[str] = mapped_column(String(40), index=True)
    debrief_id: Mapped[str | None] = mapped_column(ForeignKey("debrief.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    client_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(SealedText("turn.text"))
    button: Mapped[bool] = mapped_column(default=False)
    question: Mapped[str | None] = mapped_column(String(80))
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    verb: Mapped[str | None] = mapped_column(String(20))
    reply: Mapped[Json | None] = mapped_column(SealedJson("turn.reply"))


class Answer(Base):
    """An answer to one question about one subject. A correction adds a row and marks the old one replaced."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    debrief_id: Mapped[str] = mapped_column(ForeignKey("debrief.id"), index=True)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turn.id"))
    key: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(30))
    value: Mapped[Any] = mapped_column(SealedJson("answer.value"), nullable=True)
    text: Mapped[str] = mapped_column(SealedText("answer.text"), default="")
    at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class Found(Base):
    """A finding in what was typed. `confirmation`: open | yes | unsure | no | left. `status` is the finder's reading."""

    __tablename__ = "found"
    __table_args__ = (Index("ix_found_case_signal", "case_id", "signal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    debrief_id: Mapped[str] = mapped_column(ForeignKey("debrief.id"), index=True)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turn.id"))
    key: Mapped[str] = mapped_column(String(80))
    signal: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    severity: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(14))
    start: Mapped[int] = mapped_column("starts")
    end: Mapped[int] = mapped_column("ends")
    words: Mapped[str] = mapped_column(SealedText("found.words"))
    sentence: Mapped[str] = mapped_column(SealedText("found.sentence"), default="")
    score: Mapped[float] = mapped_column(Float)
    source: Mapped[str | None] = mapped_column(String(40))
    facets: Mapped[list[str]]
    subject: Mapped[str | None] = mapped_column(String(30))
    confirmation: Mapped[str] = mapped_column(String(8), default="open")
    confirmed_at: Mapped[datetime | None]
    at: Mapped[datetime]


class LevelChange(Base):
    """Every proposal and every change by a person, kept side by side. `by_id` is empty for a proposal."""

    __tablename__ = "level_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    debrief_id: Mapped[str] = mapped_column(ForeignKey("debrief.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # proposed | raised | lowered | kept
    level: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str] = mapped_column(SealedText("level_change.reason"), default="")
    rules: Mapped[list[Json]] = mapped_column(SealedJson("level_change.rules"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class Unknown(Base):
    """What the counselor does not know and wants to find out."""

    __tablename__ = "unknown"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    debrief_id: Mapped[str] = mapped_column(ForeignKey("debrief.id"))
    text: Mapped[str] = mapped_column(SealedText("unknown.text"))
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]


class SupportWish(Base):
    """What a counselor said about herself. Kept apart from the client's file: no case, and only she sees `words`."""

    __tablename__ = "support_wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    turn_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(10))  # contact | words
    by_when: Mapped[str] = mapped_column(SealedText("support_wish.by_when"), default="")
    words: Mapped[str] = mapped_column(SealedText("support_wish.words"), default="")
    at: Mapped[datetime]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime | None]


# Statements of every turn are built once: to build one anew costs more than to run it. Those whose rows are only read
# ask the tables, for to make objects of rows costs as much as to read them.
_turn, _debrief, _found, _case = Turn.__table__.c, Debrief.__table__.c, Found.__table__.c, Case.__table__.c
COUNTS = or_(_debrief.mode != "training", _case.vignette.is_not(None))
"""Practice counts for nothing, save for the made-up family that it is about."""
_EARLIER_SIGNALS = (
    select(_found.signal, _found.severity, _found.at, _found.debrief_id)
    .join_from(Found.__table__, Debrief.__table__, _debrief.id == _found.debrief_id)
    .join(Case.__table__, _case.id == _found.case_id)
    .where(
        _found.case_id == bindparam("case"),
        _found.debrief_id != bindparam("debrief"),
        _found.kind == "signal",
        _found.confirmation.in_(("yes", "unsure")),
        COUNTS,
    )
    .order_by(_found.at)
)
_BY_CLIENT_ID = select(Turn).where(
    Turn.conversation == bindparam("conversation"), Turn.client_id == bindparam("client_id")
)
_TURNS = select(Turn).where(Turn.conversation == bindparam("conversation")).order_by(Turn.number, Turn.received_at)
_WAITING = _TURNS.where(Turn.handled_at.is_(None))
_UNCLEAR = (
    select(_turn.text)
    .where(
        _turn.conversation == bindparam("conversation"),
        _turn.question == bindparam("question"),
        _turn.verb == "unclear",
        _turn.id != bindparam("but"),
    )
    .order_by(_turn.number)
)
_PLACE = select(func.max(_turn.number), func.count().filter(_turn.handled_at.is_(None))).where(
    _turn.conversation == bindparam("conversation")
)
_TO_HANDLE = select(Turn).where(Turn.id == bindparam("turn")).with_for_update()
_REPLY = select(_turn.reply).where(_turn.id == bindparam("turn"))
# Who works on the case is read only where it is asked for.
_CASE_ALONE = joinedload(Debrief.case).options(
    lazyload(Case.team),
    lazyload(Case.counselor),
    lazyload(Case.supervisor),
    lazyload(Case.people),
    lazyload(Case.agreements),
)
_ALONE = select(Debrief).where(Debrief.id == bindparam("debrief")).options(_CASE_ALONE, lazyload(Debrief.account))
_TO_HANDLE_IN = (
    select(Turn, Debrief)
    .join(Debrief, Debrief.id == Turn.debrief_id)
    .where(Turn.id == bindparam("turn"))
    .options(_CASE_ALONE, lazyload(Debrief.account))
    .with_for_update(of=(Turn, Debrief))
)
_ANSWERS = select(Answer).where(Answer.debrief_id == bindparam("debrief")).order_by(Answer.id)
_ANSWERS_NOW = _ANSWERS.where(Answer.replaced_at.is_(None))
_FINDINGS = select(Found).where(Found.debrief_id == bindparam("debrief")).order_by(Found.id)
_LEVEL_CHANGES = select(LevelChange).where(LevelChange.debrief_id == bindparam("debrief")).order_by(LevelChange.id)


def alone(session: Session, debrief_id: str) -> Debrief | None:
    """A debrief with its case; who lives in the family and who works with it is read where it is asked for."""
    return session.scalar(_ALONE, {"debrief": debrief_id})


def turn_by_client_id(session: Session, conversation: str, client_id: str) -> Turn | None:
    return session.scalar(_BY_CLIENT_ID, {"conversation": conversation, "client_id": client_id})


def turn_to_handle(session: Session, turn_id: str) -> tuple[Turn | None, Debrief | None]:
    """A turn with its debrief, if it has one, locked until this transaction ends: every other turn of that debrief waits."""
    both = session.execute(_TO_HANDLE_IN, {"turn": turn_id}).one_or_none()
    # A turn outside a debrief is rarer, and pays a second look.
    return (both[0], both[1]) if both else (session.scalar(_TO_HANDLE, {"turn": turn_id}), None)


def reply_to(session: Session, turn_id: str) -> Json | None:
    """The reply to a turn; None when there is none yet."""
    return session.scalar(_REPLY, {"turn": turn_id})


def turns(session: Session, conversation: str) -> list[Turn]:
    return list(session.scalars(_TURNS, {"conversation": conversation}))


def waiting_turns(session: Session, conversation: str) -> list[Turn]:
    """Turns that were stored and never handled, oldest first."""
    return list(session.scalars(_WAITING, {"conversation": conversation}))


def unclear_words(session: Session, conversation: str, question: str, but: str) -> list[str]:
    """What was typed at a question and fitted no choice, oldest first, without the turn `but`."""
    return list(session.scalars(_UNCLEAR, {"conversation": conversation, "question": question, "but": but}))


def next_place(session: Session, conversation: str) -> tuple[int, bool]:
    """The number of the next turn of a conversation, and whether an older one still waits for its answer."""
    newest, waiting = session.execute(_PLACE, {"conversation": conversation}).one()
    return (newest or 0) + 1, waiting > 0


def answers(session: Session, debrief_id: str, with_history: bool = False) -> list[Answer]:
    return list(session.scalars(_ANSWERS if with_history else _ANSWERS_NOW, {"debrief": debrief_id}))


def findings(session: Session, debrief_id: str) -> list[Found]:
    return list(session.scalars(_FINDINGS, {"debrief": debrief_id}))


def level_changes(session: Session, debrief_id: str) -> list[LevelChange]:
    session.flush()
    return list(session.scalars(_LEVEL_CHANGES, {"debrief": debrief_id}))


def earlier_signals(session: Session, case_id: int, without_debrief: str) -> list[tuple[str, str, datetime, str]]:
    """Signals that people confirmed, or were unsure of, in other debriefs: (signal, severity, at, debrief), oldest first."""
    found = session.execute(_EARLIER_SIGNALS, {"case": case_id, "debrief": without_debrief})
    return [(signal, severity, at, debrief) for signal, severity, at, debrief in found]


def open_unknowns(session: Session, case_id: int) -> list[Unknown]:
    return list(
        session.scalars(
            select(Unknown).where(Unknown.case_id == case_id, Unknown.done_at.is_(None)).order_by(Unknown.id)
        )
    )
