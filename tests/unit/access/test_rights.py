"""Rights: role, relation to the case, action; what is not in the table may not be done, and readers read the same."""

from __future__ import annotations

import itertools
import re
from typing import get_args

import pytest

from pluis.access.rights import (
    DUTIES,
    TABLE,
    Action,
    Duty,
    Relation,
    ground,
    may,
    may_do,
    may_escalation,
    relations,
)
from pluis.settings import ROOT
from pluis.store.cases import Case
from pluis.store.escalations import Escalation
from pluis.store.people import ROLES, Account, Standing

CASE = Case(id=1, team_id=1, counselor_id=10, supervisor_id=20, named_only=False)
SHUT = Case(id=1, team_id=1, counselor_id=10, supervisor_id=20, named_only=True)
ACTIONS = get_args(Action)
OF_A_CASE = ("own", "substitute", "named", "emergency", "team", "on_call", "none")
STANDING = {
    "substitute": Standing(stands_in_for=frozenset({10})),
    "named": Standing(named_in=frozenset({1})),
    "emergency": Standing(emergency_in=frozenset({1})),
    "on_call": Standing(on_call_for=frozenset({1})),
}
DOCUMENT = (ROOT / "docs" / "access.md").read_text("utf-8")


def person(role: str, how: str, id: int = 99) -> Account:
    """Somebody who stands so to CASE."""
    if how == "own":
        return Account(id=20 if role == "supervisor" else 10, role=role, team_id=2)
    account = Account(id=id, role=role, team_id=1 if how == "team" else 2)
    account.standing = STANDING.get(how, Standing())
    return account


def rows(heading: str) -> dict[tuple[str, ...], set[str]]:
    """A table of docs/access.md: its last column by the ones before it, which stand in `code`."""
    part = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = {}
    for line in part.splitlines():
        if line.startswith("| `"):
            *keys, last = (cell.strip() for cell in line.strip("|").split(" | "))
            found[tuple(key.strip("` ") for key in keys)] = set(re.findall(r"`(\w+)`", last))
    return found


def test_the_document_for_readers_says_what_the_code_does() -> None:
    assert rows("By case") == {key: set(actions) for key, actions in TABLE.items()}
    assert rows("By role alone") == {(role,): set(duties) for role, duties in DUTIES.items()}
    named = set(rows("What the words mean"))
    assert named == {(one,) for one in (*get_args(Relation), *ACTIONS, *get_args(Duty))}


@pytest.mark.parametrize(("role", "how"), itertools.product(ROLES, OF_A_CASE))
def test_a_relation_opens_what_its_row_says(role: str, how: str) -> None:
    account = person(role, how)
    theirs = TABLE.get((role, how), frozenset()) | TABLE.get((role, "none"), frozenset())  # type: ignore[arg-type]

    assert how in relations(account, CASE)
    assert {action for action in ACTIONS if may(account, action, CASE)} == theirs


# Written out once more by hand: what must never be, whatever somebody makes of the table.
@pytest.mark.parametrize(("role", "how"), itertools.product(("trainee", "trainer", "admin"), OF_A_CASE))
def test_those_who_have_nothing_to_do_with_families_see_none(role: str, how: str) -> None:
    assert not [action for action in ACTIONS if may(person(role, how), action, CASE)]


@pytest.mark.parametrize("role", ["counselor", "supervisor", "manager", "quality"])
def test_what_nobody_does_with_a_case_of_another(role: str) -> None:
    for how in ("team", "on_call", "none"):
        assert not may(person(role, how), "debrief", CASE)
        assert not may(person(role, how), "name_colleagues", CASE)
    assert not may(person("counselor", "team"), "read_case", CASE)
    assert not may(person("supervisor", "on_call"), "read_case", CASE)
    assert not may(person("supervisor", "none"), "read_case", CASE)
    assert not may(person(role, "none"), "write_dossier", CASE)
    assert not may(person("manager", "none"), "read_debrief", CASE)


def test_a_case_closed_to_named_colleagues() -> None:
    readers = {
        (role, how) for role, how in itertools.product(ROLES, OF_A_CASE) if may(person(role, how), "read_case", SHUT)
    }

    assert readers == {
        ("counselor", "own"), ("counselor", "substitute"), ("counselor", "named"), ("counselor", "emergency"),
        ("supervisor", "own"), ("supervisor", "substitute"), ("supervisor", "named"), ("supervisor", "emergency"),
        ("manager", "named"), ("manager", "emergency"), ("quality", "named"),
    }  # fmt: skip
    assert may(person("supervisor", "team"), "emergency_access", SHUT)
    assert may(person("manager", "none"), "emergency_access", SHUT)


def test_the_strongest_ground_is_the_one_that_is_logged() -> None:
    account = person("supervisor", "team")
    account.standing = STANDING["emergency"]

    assert ground(account, "read_case", CASE) == "emergency"
    assert ground(account, "read_dossier", CASE) == "team"
    assert ground(person("trainer", "team"), "read_case", CASE) is None


def test_a_made_up_family_is_nobodys() -> None:
    vignette = Case(id=1, team_id=1, counselor_id=10, supervisor_id=20, named_only=False, vignette="ash")

    assert not [a for a in ACTIONS for role in ROLES if may(person(role, "own"), a, vignette)]


def test_duties_go_by_role() -> None:
    assert [role for role in ROLES if may_do(person(role, "none"), "see_inbox")] == ["supervisor", "manager"]
    assert [role for role in ROLES if may_do(person(role, "none"), "see_audit")] == ["manager", "quality"]
    assert not may_do(Account(id=1, role="probe"), "practise")


def escalation(case: Case | None, told: int | None = None, raised_by: int = 10) -> Escalation:
    """An escalation of the first team."""
    people = [{"id": told, "name": "x", "phone": ""}] if told else []
    return Escalation(case=case, team_id=1, raised_by_id=raised_by, ladder={"steps": [{"people": people}]})


def test_whoever_was_told_may_answer_of_whatever_team() -> None:
    stranger = person("supervisor", "none", id=77)

    assert not may_escalation(stranger, "answer_escalation", escalation(CASE))
    assert may_escalation(stranger, "answer_escalation", escalation(CASE, told=77))
    assert may_escalation(stranger, "answer_escalation", escalation(SHUT, told=77))
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
