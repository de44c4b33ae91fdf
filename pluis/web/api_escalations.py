"""Escalations: the inbox, and a person's answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from pluis.access.rights import ground_for_escalation
from pluis.access.trail import decided
from pluis.escalation import answering, outbox, view
from pluis.runtime import Runtime
from pluis.store.escalations import Escalation
from pluis.store.people import Account, by_username
from pluis.web.problems import Problem
from pluis.web.who import CurrentAccount, CurrentRuntime, now

router = APIRouter(prefix="/api/escalations", tags=["escalations"])
STATES = ("open", "acknowledged", "decided", "closed")
NOT_NOW = ("decided_already", "not_decided_yet", "checked_already", "no_retry")


class Decision(BaseModel):
    level: str | None = None
    reason: str = Field(default="", max_length=2000)
    action: str = Field(default="", max_length=200)
    tell_family: Annotated[str, Field(max_length=500)] | bool = ""
    check_on: date | None = None
    children_known: bool = False
    spoke: bool = False


class Check(BaseModel):
    note: str = Field(default="", max_length=2000)
    done: bool = Field(default=True, description="False: it was not done; `check_on` says when it is checked again")
    check_on: date | None = None


class HandOver(BaseModel):
    to: str = Field(max_length=60, description="User name of whoever takes it over")


@contextmanager
def answering_to(
    runtime: Runtime, account: Account, escalation_id: int
) -> Iterator[tuple[Session, Escalation, Account]]:
    """A transaction in which this person answers. Raises Problem."""
    try:
        with runtime.store.transaction() as session:
            escalation = find_escalation(session, account, escalation_id, "answer_escalation")
            yield session, escalation, session.get_one(Account, account.id)
    except answering.CannotDecide as refused:
        raise Problem(409 if refused.why in NOT_NOW else 422, refused.why) from None


def find_escalation(session: Session, account: Account, escalation_id: int, action: str) -> Escalation:
    """The escalation, if this person may do this with it. Raises Problem."""
    escalation = session.get(Escalation, escalation_id) if escalation_id < 2**31 else None
    if escalation is None:
        raise Problem(404, "no_such_escalation")
    right = ground_for_escalation(account, action, escalation)  # type: ignore[arg-type]
    if not decided("escalation", escalation.id, escalation.case_id, right):
        raise Problem(403, "not_yours")
    return escalation


@router.get("", summary="The escalations that you may see")
def listing(
    account: CurrentAccount, runtime: CurrentRuntime, state: str = Query(default="", max_length=60)
) -> list[dict[str, Any]]:
    wanted = tuple(s for s in state.split(",") if s in STATES) or (STATES if not state else ())
    with runtime.store.reading() as session:
        found = view.inbox(session, account, wanted)
        return [view.as_json(escalation, account.language, now()) for escalation in found]


@router.get("/{escalation_id}", summary="One escalation with its log")
def one(escalation_id: int, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with runtime.store.reading() as session:
        escalation = find_escalation(session, account, escalation_id, "read_escalation")
        return view.with_log(session, escalation, account.language, now())


@router.post("/{escalation_id}/acknowledge", summary="I have it")
def acknowledge(escalation_id: int, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with answering_to(runtime, account, escalation_id) as (session, escalation, me):
        answering.acknowledge(session, escalation, me, now())
        session.flush()
        return view.as_json(escalation, account.language, now())


@router.post("/{escalation_id}/spoke", summary="I spoke with the counselor")
def spoke(escalation_id: int, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with answering_to(runtime, account, escalation_id) as (session, escalation, me):
        answering.speak(session, escalation, me, now())
        session.flush()
        return view.as_json(escalation, account.language, now())


@router.post("/{escalation_id}/decision", summary="Decide")
def decide(escalation_id: int, decision: Decision, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with answering_to(runtime, account, escalation_id) as (session, escalation, me):
        answering.decide(session, escalation, me, decision.model_dump(), now())
        session.flush()
        return view.as_json(escalation, account.language, now())


@router.post(
    "/{escalation_id}/check", summary="What was agreed was done, and it is closed; or not, and it is checked again"
)
def check(escalation_id: int, check: Check, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with answering_to(runtime, account, escalation_id) as (session, escalation, me):
        if check.done:
            answering.check(session, escalation, me, check.note, now())
        else:
            answering.check_failed(session, escalation, me, check.note, check.check_on, now())
        session.flush()
        return view.as_json(escalation, account.language, now())


@router.post("/{escalation_id}/hand-over", summary="Give it to somebody else, who has to say: I have it")
def hand_over(escalation_id: int, given: HandOver, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with answering_to(runtime, account, escalation_id) as (session, escalation, me):
        to = by_username(session, given.to)
        if to is None:
            raise Problem(422, "cannot_hand_over")
        answering.hand_over(session, escalation, me, to, now())
        session.flush()
        session.refresh(escalation)
        return view.as_json(escalation, account.language, now())


@router.post("/{escalation_id}/deliveries/{delivery_id}/retry", summary="Try a failed message once more")
def retry(escalation_id: int, delivery_id: int, account: CurrentAccount, runtime: CurrentRuntime) -> dict[str, Any]:
    with answering_to(runtime, account, escalation_id) as (session, escalation, me):
        retry_delivery(session, escalation, delivery_id, me, now())
        session.flush()
        return view.as_json(escalation, account.language, now())


def retry_delivery(session: Session, escalation: Escalation, delivery_id: int, me: Account, moment: datetime) -> None:
    """Let a message that did not come through try once more. Raises Problem; CannotDecide when there is nothing to try.

    Only a message of the present round: one of an earlier round has been followed by others.
    """
    delivery = next((one for one in escalation.deliveries if one.id == delivery_id), None)
    if delivery is None:
        raise Problem(404, "no_such_delivery")
    tried = delivery.state in ("failed", "no_address", "no_channel") and delivery.round == escalation.round
    if not tried or escalation.state != "open":
        raise answering.CannotDecide("no_retry")
    outbox.again(session, delivery, me.id, moment)
