"""Rights: role, relation to the case, action; what is not in the table may not be done."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from pluis.access.rights import Action, Refused, demand, may, may_escalation, relation
from pluis.store.cases import Case
from pluis.store.escalations import Escalation
from pluis.store.people import ROLES, Account

CASE = Case(id=1, team_id=1, counselor_id=10, supervisor_id=20)
ACTIONS = get_args(Action)
# What each may do, written out once more by hand: own | the team's | any other family.
SUPERVISOR = "read_case read_debrief read_escalation answer_escalation read_dossier"
MANAGER = "read_case read_escalation answer_escalation"
QUALITY = "read_case read_debrief read_escalation read_dossier"
EXPECTED = {
    "counselor": ("read_case debrief read_debrief read_escalation read_dossier", "", ""),
    "supervisor": (SUPERVISOR, SUPERVISOR, ""),
    "manager": (MANAGER, MANAGER, MANAGER),
    "quality": ("", QUALITY, QUALITY),
    "trainee": ("", "", ""),
    "trainer": ("", "", ""),
    "admin": ("", "", ""),
}


def person(role: str, how: str, id: int = 99) -> Account:
    """Somebody who stands so to CASE."""
    if how == "own":
        return Account(id=20 if role == "supervisor" else 10, role=role, team_id=1)
    return Account(id=id, role=role, team_id=1 if how == "team" else 2)


@pytest.mark.parametrize(("role", "how"), itertools.product(ROLES, ("own", "team", "none")))
def test_the_table(role: str, how: str) -> None:
    account = person(role, how)
    allowed = EXPECTED[role][("own", "team", "none").index(how)].split()

    assert relation(account, CASE) == how
    assert [action for action in ACTIONS if may(account, action, CASE)] == [a for a in ACTIONS if a in allowed]


def escalation(case: Case | None, told: int | None = None, raised_by: int = 10) -> Escalation:
    """An escalation of the first team."""
    people = [{"id": told, "name": "x", "phone": ""}] if told else []
    return Escalation(case=case, team_id=1, raised_by_id=raised_by, ladder={"steps": [{"people": people}]})


def test_whoever_was_told_may_answer_of_whatever_team() -> None:
    stranger = person("supervisor", "none", id=77)

    assert not may_escalation(stranger, "answer_escalation", escalation(CASE))
    assert may_escalation(stranger, "answer_escalation", escalation(CASE, told=77))
    assert not may_escalation(stranger, "read_case", escalation(CASE, told=77))
    assert not may_escalation(person("counselor", "none", id=77), "answer_escalation", escalation(CASE, told=77))


def test_an_escalation_without_a_family_belongs_to_the_team_and_to_whoever_raised_it() -> None:
    lost = escalation(None)

    assert may_escalation(person("supervisor", "team"), "answer_escalation", lost)
    assert not may_escalation(person("supervisor", "none"), "answer_escalation", lost)
    assert may_escalation(Account(id=10, role="counselor", team_id=1), "read_escalation", lost)
    assert not may_escalation(Account(id=11, role="counselor", team_id=1), "read_escalation", lost)
    assert not may_escalation(Account(id=10, role="counselor", team_id=1), "answer_escalation", lost)
    assert may_escalation(person("manager", "none"), "answer_escalation", lost)


def test_a_demand_that_is_refused() -> None:
    demand(True, "debrief")
    with pytest.raises(Refused):
        demand(False, "debrief")
