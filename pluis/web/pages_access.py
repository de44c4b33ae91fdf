"""Who may see a case and why; emergency access to a case that is not one's own; colleagues who are named for it."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from pluis.access import emergency
from pluis.access.rights import ground, may
from pluis.store import access
from pluis.store.cases import Case
from pluis.store.people import Account
from pluis.web.pages_shared import Form, Reader, Writer, go, page
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import CurrentRuntime, now, runtime_of

router = APIRouter()
HOURS = int(emergency.LASTS.total_seconds() // 3600)


@router.get("/cases/{case_id}/access")
def access_page(request: Request, case_id: int, account: Reader, runtime: CurrentRuntime) -> Response:
    """For whoever may read the case: who else may. For others: emergency access, where the role allows that."""
    return _page(request, account, case_id)


@router.post("/cases/{case_id}/access")
def name_colleagues(request: Request, case_id: int, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    usernames = str(form.get("usernames", "")).split()
    try:
        with runtime.store.transaction() as session:
            case = _case(session, case_id)
            if not may(account, "name_colleagues", case):
                raise Problem(403, "not_yours")
            emergency.name(session, account, case, usernames, form.get("alone") == "yes", now())
    except emergency.NoSuchColleague as unknown:
        words = say("access_unknown", language_of(request), name=unknown.name)
        return _page(request, account, case_id, {"usernames": words}, 422, "\n".join(usernames))
    return go(f"/cases/{case_id}/access")


@router.post("/cases/{case_id}/emergency")
def take_emergency(request: Request, case_id: int, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    reason = str(form.get("reason", "")).strip()
    with runtime.store.transaction() as session:
        case = _case(session, case_id)
        if not may(account, "emergency_access", case):
            raise Problem(403, "not_yours")
        if reason:
            emergency.take(session, account, case, reason, now())
    if not reason:
        return _page(request, account, case_id, {"reason": say("emergency_no_reason", language_of(request))}, 422)
    return go(f"/cases/{case_id}")


@router.post("/emergencies/{emergency_id}/seen")
def seen(emergency_id: int, account: Writer, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        if not emergency.see(session, account, emergency_id, now()):
            raise Problem(403, "not_yours")
    return go("/inbox")


def _case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id) if case_id < 2**31 else None
    if case is None or case.vignette is not None:
        raise Problem(404, "no_such_case")
    return case


def _page(
    request: Request,
    account: Account,
    case_id: int,
    errors: dict[str, str] | None = None,
    status: int = 200,
    typed: str | None = None,
) -> Response:
    moment = now()
    with runtime_of(request).store.reading() as session:
        case = _case(session, case_id)
        why = ground(account, "read_case", case)
        if not may(account, "read_case" if why else "emergency_access", case):
            raise Problem(403, "not_yours")
        # Who may not read the case learns nothing here but its number, which they came with.
        named = access.named_for(session, case.id) if why else []
        return page(
            request, "case_access.html", status, errors=errors or {}, case=case, why=why, named=named,
            can_log=ground(account, "read_access_log", case) is not None,
            can_name=ground(account, "name_colleagues", case) is not None,
            usernames=typed if typed is not None else "\n".join(one.username for one in named),
            taken=access.emergencies_of_case(session, case.id) if why else [], hours=HOURS, moment_now=moment,
        )  # fmt: skip
