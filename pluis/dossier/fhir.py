"""The dossier as a bundle of HL7 FHIR R4, from its plain data; every resource is checked by fhir.resources as it is made.

The release is R4B (4.3): for Patient, Group, QuestionnaireResponse and RiskAssessment it says the same as R4 (4.0.1).
The family is the subject. What a rule proposed is `preliminary`; what a person signed is `final`.
"""

from typing import Any
from uuid import UUID, uuid5

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.group import Group
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.riskassessment import RiskAssessment

from pluis.store.base import Json

SPACE = UUID("6f1d3a52-6a3e-4d0b-9c52-0b8c4a3c5f10")  # names of resources, the same at every export
FORMS = "urn:pluis:form:"


def bundle(dossier: Json) -> str:
    """The whole dossier, or one person's part of it, as the JSON of a bundle."""
    number = str(dossier["case"]["number"])

    def name(kind: str, id: object) -> str:
        return f"urn:uuid:{uuid5(SPACE, f'{number}/{kind}/{id}')}"

    family = {"reference": name("family", ""), "display": number}
    found: list[tuple[str, Any]] = [(name("person", one["id"]), Patient(**_person(one))) for one in dossier["people"]]
    members = [{"entity": {"reference": url}} for url, _person_of in found]
    group: Json = {"type": "person", "actual": True, "identifier": [{"value": number}], "member": members}
    found.insert(0, (name("family", ""), Group(**group)))
    for visit in dossier["visits"]:
        form = name("visit", visit["id"])
        found.append((form, QuestionnaireResponse(**_visit(visit, family))))
        if visit["level"]:
            found.append((name("level", visit["id"]), RiskAssessment(**_level(visit, family, form))))
    for one in dossier["assessments"]:
        form = name("assessment", one["id"])
        found.append((form, QuestionnaireResponse(**_answers(one, family))))
        found.append((name("judgement", one["id"]), RiskAssessment(**_judgement(one, family, form))))
    entries = [{"fullUrl": url, "resource": resource} for url, resource in found]
    whole = Bundle(type="collection", timestamp=dossier["made_at"], language=dossier["language"], entry=entries)
    return str(whole.model_dump_json(exclude_none=True))


def _person(one: Json) -> Json:
    born = {"birthDate": one["born_on"]} if one.get("born_on") else {}
    return {"identifier": [{"value": one["id"]}], "name": [{"text": one["name"]}], **born}


def _visit(visit: Json, family: Json) -> Json:
    status = "completed" if visit["state"] == "done" else "in-progress"
    return {
        "status": status,
        "questionnaire": f"{FORMS}debrief",
        "subject": family,
        "authored": visit["closed_at"] or visit["opened_at"],
        "author": {"display": (visit["counselor"] or {}).get("name", "")},
        "item": _items([(row["key"], _asked(row), row["said"]) for row in [*visit["facts"], *visit["impressions"]]]),
    }


def _level(visit: Json, family: Json, form: str) -> Json:
    """What the rules proposed and people made of it after one visit."""
    level = visit["level"]
    rules = "; ".join(f"{one['rule']}: {one['text']}" for one in visit["rules"])
    said = {"rationale": rules} if rules else {}
    return {
        "status": "preliminary",
        "subject": family,
        "occurrenceDateTime": visit["closed_at"] or visit["opened_at"],
        "method": {"text": "Pluis"},
        "basis": [{"reference": form}],
        "prediction": [{"qualitativeRisk": {"text": f"{level['value']} {level['name']}"}, **said}],
    }


def _answers(one: Json, family: Json) -> Json:
    return {
        "status": "completed",
        "questionnaire": f"{FORMS}{one['form']}",
        "subject": family,
        "authored": one["signed_at"],
        "author": {"display": one["signed_by"]["name"]},
        "item": _items([(row["id"], row["ask"], row["said"]) for row in one["answers"]]),
    }


def _judgement(one: Json, family: Json, form: str) -> Json:
    """Safety now, and the weight until the day of the next assessment, as a person signed them."""
    reasons = {"rationale": one["reasons"]} if one["reasons"] else {}
    period = {"start": one["on"], "end": one["next_on"]}
    return {
        "status": "final",
        "subject": family,
        "occurrenceDateTime": one["on"],
        "performer": {"display": one["signed_by"]["name"]},
        "basis": [{"reference": form}],
        "prediction": [
            {"outcome": {"text": "now"}, "qualitativeRisk": {"text": one["safety"]["name"]}, **reasons},
            {"outcome": {"text": "until the next assessment"}, "qualitativeRisk": {"text": one["weight"]["name"]},
             "whenPeriod": period},
        ],
    }  # fmt: skip


def _items(rows: list[tuple[str, str, str]]) -> list[Json]:
    return [{"linkId": id, "text": ask, "answer": [{"valueString": said}]} for id, ask, said in rows if said]


def _asked(row: Json) -> str:
    return f"{row['label']} ({row['about']})" if row["about"] else str(row["label"])
