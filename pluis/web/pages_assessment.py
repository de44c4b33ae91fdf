"""The explicit assessment and the statement of a person of the family: forms to fill in, pages to read."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from pluis.access.rights import ground, may
from pluis.debrief.known import local_day
from pluis.dossier import assessing, stating, whole
from pluis.dossier.beginning import begin
from pluis.protocol.assessment_form import AssessmentForm
from pluis.store import assessments
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.people import Account
from pluis.web.api_cases import find_case
from pluis.web.pages_shared import Form, Reader, Writer, day, go, page, zone_of
from pluis.web.problems import Problem, language_of
from pluis.web.who import CurrentRuntime, now, runtime_of

router = APIRouter(prefix="/cases/{case_id}")
FormId = Annotated[str | None, Query(alias="form", max_length=40)]
About = Annotated[str, Query(max_length=60)]


@router.get("/assessment")
def assess(
    request: Request, case_id: int, account: Reader, runtime: CurrentRuntime, form_id: FormId = None
) -> Response:
    """The form, begun with what the debriefs said."""
    with runtime.store.reading() as session:
        case = _writable(session, account, case_id)
        form = _form(request, form_id)
        moment, language = now(), language_of(request)
        dossier = whole.dossier(session, runtime.protocol, case, language, moment)
        begun = begin(form, dossier, partial(day, language=language, zone=zone_of(request)))
        today = local_day(moment, runtime.protocol)
        given = {id: [text] for id, text in begun.items()}
        given |= {"on": [today.isoformat()], "next": [(today + timedelta(days=form.at_most_days)).isoformat()]}
        return _form_page(request, case, form, given, {})


@router.post("/assessment")
def sign(request: Request, case_id: int, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """Sign it, or show what is still missing."""
    given = {name: [str(value) for value in form.getlist(name)] for name in form}
    with runtime.store.transaction() as session:
        case = _writable(session, account, case_id)
        chosen = _form(request, next(iter(given.get("form", [])), None))
        try:
            row = assessing.sign(session, runtime.protocol, case, account, chosen, given, now())
        except assessing.Incomplete as incomplete:
            return _form_page(request, case, chosen, given, incomplete.faults)
        return go(f"/cases/{case_id}/assessments/{row.id}")


@router.get("/assessments/{assessment_id}")
def read(request: Request, case_id: int, assessment_id: int, account: Reader, runtime: CurrentRuntime) -> Response:
    """One assessment as it was signed, with what people of the family said of it."""
    with runtime.store.reading() as session:
        case = find_case(session, account, case_id)
        if not may(account, "read_dossier", case):
            raise Problem(403, "dossier_not_yours")
        row = next((one for one in assessments.of_case(session, case.id) if one.id == assessment_id), None)
        if row is None:
            raise Problem(404, "no_such_page")
        shown = assessing.assessment_json(row, language_of(request))
        about = [one for one in assessments.statements(session, case.id) if one.assessment_id == row.id]
        said = [stating.statement_json(one, case) for one in about]
        writes = ground(account, "write_dossier", case) is not None
    return page(request, "case_assessment.html", case=case, one=shown, statements=said, writes=writes)


@router.get("/statement")
def statement(request: Request, case_id: int, account: Reader, runtime: CurrentRuntime, about: About = "") -> Response:
    with runtime.store.reading() as session:
        case = _writable(session, account, case_id)
        return _statement_page(request, session, case, {"about": about}, None)


@router.post("/statement")
def state(request: Request, case_id: int, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    given = {name: str(form.get(name, "")) for name in ("person", "text", "about")}
    with runtime.store.transaction() as session:
        case = _writable(session, account, case_id)
        try:
            row = stating.state(session, runtime.protocol, case, account, given, now())
        except stating.CannotState as refused:
            return _statement_page(request, session, case, given, refused)
        if row.debrief_id:
            return go(f"/cases/{case_id}/visits/{row.debrief_id}#statements")
        if row.assessment_id:
            return go(f"/cases/{case_id}/assessments/{row.assessment_id}#statements")
        return go(f"/cases/{case_id}#statements")


def _writable(session: Session, account: Account, case_id: int) -> Case:
    case = find_case(session, account, case_id)
    if not may(account, "write_dossier", case):
        raise Problem(403, "assess_not_yours")
    return case


def _form(request: Request, id: str | None) -> AssessmentForm:
    form = assessing.form_of(runtime_of(request).protocol, id)
    if form is None:
        raise Problem(404, "no_such_page")
    return form


def _form_page(
    request: Request, case: Case, form: AssessmentForm, given: Mapping[str, Sequence[str]], faults: Mapping[str, str]
) -> Response:
    protocol = runtime_of(request).protocol
    today = local_day(now(), protocol)
    values: dict[str, Any] = {
        "today": today,
        "oldest": today - assessing.OLDEST,
        "soonest": today + timedelta(days=1),
        "latest": today + timedelta(days=form.at_most_days),
        "forms": protocol.forms,
    }
    return page(
        request, "case_assess.html", 422 if faults else 200, case=case, form=form, given=given, faults=faults, **values
    )


def _statement_page(
    request: Request, session: Session, case: Case, given: Json, refused: stating.CannotState | None
) -> Response:
    protocol, language = runtime_of(request).protocol, language_of(request)
    visits = [
        {"id": f"visit:{row.id}", "on": local_day(row.opened_at, protocol)} for row in whole.visits_of(session, case)
    ]
    judged = [{"id": f"assessment:{row.id}", "on": row.on} for row in assessments.of_case(session, case.id)][::-1]
    return page(
        request,
        "case_statement.html",
        422 if refused else 200,
        language,
        case=case,
        given=given,
        refused=refused,
        visits=visits,
        judged=judged,
    )
