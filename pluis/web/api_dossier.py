"""The dossier of a case, as data and as paper, for whoever may have it."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from pluis.access.rights import may
from pluis.access.trail import Touched, touch
from pluis.dossier import whole
from pluis.dossier.printed import in_markdown, printed
from pluis.runtime import Runtime
from pluis.store.people import Account
from pluis.web.api_cases import find_case
from pluis.web.problems import Problem
from pluis.web.who import CurrentAccount, CurrentRuntime, now

router = APIRouter(prefix="/api/cases", tags=["exports"])

PersonId = Annotated[
    str | None, Query(max_length=20, description="Only this person's part, as `p12`; what is about others is taken out")
]


@router.get("/{case_id}/dossier.json", summary="The dossier of a case as data")
def dossier_json(
    case_id: int, account: CurrentAccount, runtime: CurrentRuntime, person: PersonId = None
) -> dict[str, Any]:
    return _dossier(runtime, account, case_id, person)[0]


@router.get(
    "/{case_id}/dossier.pdf",
    summary="The dossier of a case on paper",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
def dossier_pdf(case_id: int, account: CurrentAccount, runtime: CurrentRuntime, person: PersonId = None) -> Response:
    found, number = _dossier(runtime, account, case_id, person)
    zone = ZoneInfo(runtime.protocol.ladders.working_hours.timezone)
    name = f"{number}-{person}.pdf" if person else f"{number}.pdf"
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "_" for letter in name)
    return Response(
        printed(found, account.name, zone),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{safe}"'},
    )


@router.get(
    "/{case_id}/dossier.md",
    summary="The dossier of a case in Markdown",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/markdown": {}}}},
)
def dossier_markdown(
    case_id: int, account: CurrentAccount, runtime: CurrentRuntime, person: PersonId = None
) -> Response:
    found, _number = _dossier(runtime, account, case_id, person)
    zone = ZoneInfo(runtime.protocol.ladders.working_hours.timezone)
    return PlainTextResponse(in_markdown(found, account.name, zone), media_type="text/markdown")


@router.get(
    "/{case_id}/dossier.fhir.json",
    summary="The dossier of a case as a bundle of FHIR R4: QuestionnaireResponse and RiskAssessment",
    response_class=Response,
    responses={200: {"content": {"application/fhir+json": {}}}},
)
def dossier_fhir(case_id: int, account: CurrentAccount, runtime: CurrentRuntime, person: PersonId = None) -> Response:
    # Loading the models of FHIR takes a moment that only this export needs.
    from pluis.dossier.fhir import bundle

    found, _number = _dossier(runtime, account, case_id, person)
    return Response(bundle(found), media_type="application/fhir+json")


def _dossier(runtime: Runtime, account: Account, case_id: int, person: str | None) -> tuple[dict[str, Any], str]:
    with runtime.store.reading() as session:
        case = find_case(session, account, case_id)
        if not may(account, "read_dossier", case):
            raise Problem(403, "dossier_not_yours")
        if person is None:
            return whole.dossier(session, runtime.protocol, case, account.language, now()), case.number
        touch(Touched("person", person, case.id))
        part = whole.dossier_of(session, runtime.protocol, case, person, account.language, now())
        if part is None:
            raise Problem(404, "no_such_person")
        return part, case.number
