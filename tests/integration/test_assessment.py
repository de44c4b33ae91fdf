"""The explicit assessment, statements in own words, search, Markdown, FHIR, the audit on paper, and lists in and out."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from pypdf import PdfReader

from pluis.runtime import Runtime
from tests.integration.test_dossier_export import case_id, client, pdf_text
from tests.support.talk import Talk

TODAY = datetime.now(UTC).date()
GIVEN = {
    "on": TODAY.isoformat(), "second": "Ilse, werkbegeleider", "happened": "Zoë had een plek.", "children": "Zoë is stil.",
    "parents": "Moeder slaapt slecht.", "safety": "plan", "weight": "serious", "reasons": "Plek zonder uitleg.",
    "unknowns": "Waar Finn slaapt.", "next": (TODAY + timedelta(days=30)).isoformat(),
}  # fmt: skip
OWN = "Ik vind dat er te weinig naar mij geluisterd is."


@pytest.fixture
def told(runtime: Runtime) -> Talk:
    """A visit with a signal."""
    talk = Talk(runtime, "P-1002", now=datetime.now(UTC) - timedelta(days=1))
    talk.go_to("C1")
    talk.say("Zoë had een blauwe plek op haar wang.")
    talk.finish({"F5": "Hoe het op school gaat"})
    return talk


def test_an_assessment_begins_with_what_was_said_and_counts_once_it_is_signed(runtime: Runtime, told: Talk) -> None:
    number = case_id(runtime)
    with client(runtime, "counselor") as http:
        before = http.get(f"/api/cases/{number}").json()
        begun = http.get(f"/cases/{number}/assessment").text
        assert "blauwe plek" in begun
        assert "Hoe het op school gaat" in begun

        missing = http.post(f"/cases/{number}/assessment", data={**GIVEN, "weight": "", "next": "2020-01-01"})
        assert missing.status_code == 422
        assert 'href="#weight"' in missing.text
        assert 'href="#next"' in missing.text
        assert "Zoë is stil." in missing.text

        signed = http.post(f"/cases/{number}/assessment", data=GIVEN)
        assert signed.status_code == 200
        assert "Noor Demo" in signed.text

        after = http.get(f"/api/cases/{number}").json()
        whole = http.get(f"/api/cases/{number}/dossier.json").json()
        paper = pdf_text(http.get(f"/api/cases/{number}/dossier.pdf").content)
    assert before["assessment_late"]
    assert not after["assessment_late"]
    assert after["assessment_due"] == GIVEN["next"]
    assert after["assessment"]["reasons"] == GIVEN["reasons"]
    assert [one["kind"] for one in after["timeline"]].count("assessment") == 1
    assert whole["assessments"][0]["signed_by"] == {"name": "Noor Demo", "role": "counselor"}
    assert "Plek zonder uitleg." in paper
    with client(runtime, "quality") as http:
        figures = http.get("/api/audit.json?seed=1").json()["assessments"]
    assert (figures["signed"], figures["weight"]) == (1, {"serious": 1})


@pytest.mark.parametrize("who", ["counselor2", "manager", "quality", "trainee", "admin"])
def test_who_may_not_sign_or_write_down(runtime: Runtime, who: str) -> None:
    number = case_id(runtime)
    with client(runtime, who) as http:
        assert http.get(f"/cases/{number}/assessment").status_code == 403
        assert http.post(f"/cases/{number}/assessment", data=GIVEN).status_code == 403
        assert http.post(f"/cases/{number}/statement", data={"text": OWN}).status_code == 403


def test_own_words_stand_beside_what_they_are_about_and_in_ones_own_part(runtime: Runtime, told: Talk) -> None:
    number = case_id(runtime)
    with client(runtime, "supervisor") as http:
        people = {one["name"]: one["id"] for one in http.get(f"/api/cases/{number}").json()["people"]}
        assert http.post(f"/cases/{number}/statement", data={"person": "p1", "text": OWN}).status_code == 422
        given = {"person": f"p{people['Samira']}", "text": OWN, "about": f"visit:{told.id}"}
        assert OWN in http.post(f"/cases/{number}/statement", data=given).text
        assert OWN in pdf_text(http.get(f"/api/cases/{number}/dossier.pdf").content).replace("\n", " ")
        hers = http.get(f"/api/cases/{number}/dossier.json?person=p{people['Samira']}").json()
        other = http.get(f"/api/cases/{number}/dossier.json?person=p{people['Zoë']}").json()
        columns = http.get(f"/cases/{number}/visits/{told.id}?view=columns").text
    assert [one["text"] for one in hers["statements"]] == [OWN]
    assert other["statements"] == []
    assert "blauwe plek" in columns
    assert "Hoe het op school gaat" in columns


def test_the_dossier_goes_out_as_markdown_and_as_fhir(runtime: Runtime, told: Talk) -> None:
    number = case_id(runtime)
    with client(runtime, "counselor") as http:
        http.post(f"/cases/{number}/assessment", data={**GIVEN, "reasons": "<b>*plek*</b>"})
        text = http.get(f"/api/cases/{number}/dossier.md").text
        got = http.get(f"/api/cases/{number}/dossier.fhir.json")
    assert text.startswith("# Dossier Familie Berk")
    assert "\\<b\\>\\*plek\\*" in text
    bundle = Bundle.model_validate_json(got.text)
    kinds = [entry.resource.get_resource_type() for entry in bundle.entry]
    assert {"Group", "Patient", "QuestionnaireResponse", "RiskAssessment"} == set(kinds)
    final = [e.resource for e in bundle.entry if getattr(e.resource, "status", "") == "final"]
    assert "Ernstig" in final[0].prediction[1].qualitativeRisk.text
    with client(runtime, "manager") as http:
        for kind in ("md", "fhir.json"):
            assert http.get(f"/api/cases/{number}/dossier.{kind}").status_code == 403


def test_search_finds_by_any_name_only_what_one_may_read(runtime: Runtime) -> None:
    def found(who: str, **asked: Any) -> list[str]:
        with client(runtime, who) as http:
            return [one["number"] for one in http.post("/api/cases/search", json=asked).json()["cases"]]

    assert found("supervisor", text="berk") == found("supervisor", text="P-1002") == ["P-1002"]
    assert found("quality", text="zoe") == ["P-1002"]
    assert found("counselor2", text="zoe") == []
    assert found("trainee", text="zoe") == []
    assert "P-1002" in found("counselor", late=True)
    assert found("quality", text="zoe", level="L3") == []
    with client(runtime, "quality") as http:
        page = http.post("/search", data={"text": "zoë"}).text
        assert "Familie Berk" in page
        assert "Familie Eik" not in page
        assert "Familie Eik" in http.get("/").text


def test_the_audit_on_paper_has_its_figures_its_rules_and_its_seed(runtime: Runtime, told: Talk) -> None:
    with client(runtime, "quality") as http:
        got = http.get("/api/audit.pdf?seed=4711")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(got.content)).pages)
    assert "4711" in text
    assert "Regels" in text
    assert "Berk" not in text
    with client(runtime, "supervisor") as http:
        assert http.get("/api/audit.pdf").status_code == 403
