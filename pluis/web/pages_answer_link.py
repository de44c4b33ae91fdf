"""The page behind the link in a message. Opening it acknowledges nothing, for mail scanners open links too."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from pluis.access.rights import may_escalation
from pluis.access.trail import Touched, touch
from pluis.escalation import answering, links
from pluis.store.escalations import Escalation
from pluis.store.people import Account
from pluis.web.pages_shared import go, page
from pluis.web.problems import Problem
from pluis.web.who import CurrentRuntime, demand_same_site, now, runtime_of

router = APIRouter(prefix="/answer")


@router.get("/{token}")
def confirm(request: Request, token: str, runtime: CurrentRuntime) -> Response:
    """Show the alert, without names, and ask."""
    with runtime.store.reading() as session:
        escalation, account, link = _found(request, session, token)
        if not link.opens(escalation):
            standing = "anew"
        elif escalation.state == "open":
            standing = "open"
        elif escalation.state == "acknowledged":
            standing = "mine" if escalation.acknowledged_by_id == account.id else "other"
        else:
            standing = "decided"
        return page(
            request,
            "answer_link.html",
            language=account.language,
            standing=standing,
            token=token,
            number=escalation.id,
            level=escalation.level,
            case=escalation.case.number if escalation.case else "",
            raised_at=escalation.raised_at,
            acknowledged_at=escalation.acknowledged_at,
            phone=escalation.raised_by.phone,
        )


@router.post("/{token}")
def acknowledge(request: Request, token: str, runtime: CurrentRuntime) -> Response:
    """I have it. The link works once: afterwards it only shows how things stand."""
    demand_same_site(request)
    with runtime.store.transaction() as session:
        escalation, account, link = _found(request, session, token)
        if link.opens(escalation):
            answering.acknowledge(session, escalation, account, now())
    return go(f"/answer/{token}")


def _found(request: Request, session: Session, token: str) -> tuple[Escalation, Account, links.Link]:
    """What the link is about and whose it is. Raises Problem."""
    try:
        link = links.read(runtime_of(request).settings, token, now())
    except links.BadLink:
        raise Problem(404, "bad_link") from None
    escalation = session.get(Escalation, link.escalation)
    account = session.get(Account, link.account)
    if escalation is None or account is None or not account.active:
        raise Problem(404, "bad_link")
    if not may_escalation(account, "answer_escalation", escalation):
        raise Problem(404, "bad_link")
    touch(Touched("escalation", str(escalation.id), escalation.case_id, "told", by_id=account.id))
    return escalation, account, link
