"""Rights: role × relation to the case × action, in one table. Pure; services ask here, pages never decide."""

from dataclasses import dataclass
from typing import Literal

from pluis.store.cases import Case
from pluis.store.escalations import Escalation
from pluis.store.people import Account

Relation = Literal["own", "team", "none"]
Action = Literal["read_case", "debrief", "read_debrief", "read_escalation", "answer_escalation", "read_dossier"]

# (role, relation) → what that person may do. What is not here may not be done.
TABLE: dict[tuple[str, Relation], frozenset[Action]] = {
    ("counselor", "own"): frozenset({"read_case", "debrief", "read_debrief", "read_escalation", "read_dossier"}),
    ("supervisor", "own"): frozenset(
        {"read_case", "read_debrief", "read_escalation", "answer_escalation", "read_dossier"}
    ),
    ("supervisor", "team"): frozenset(
        {"read_case", "read_debrief", "read_escalation", "answer_escalation", "read_dossier"}
    ),
    ("manager", "own"): frozenset({"read_case", "read_escalation", "answer_escalation"}),
    ("manager", "team"): frozenset({"read_case", "read_escalation", "answer_escalation"}),
    ("manager", "none"): frozenset({"read_case", "read_escalation", "answer_escalation"}),
    ("quality", "team"): frozenset({"read_case", "read_debrief", "read_escalation", "read_dossier"}),
    ("quality", "none"): frozenset({"read_case", "read_debrief", "read_escalation", "read_dossier"}),
}


@dataclass(frozen=True)
class Refused(Exception):
    """This person may not do this."""

    action: str


def relation(account: Account, case: Case) -> Relation:
    """How somebody stands to a case."""
    if account.id in (case.counselor_id, case.supervisor_id):
        return "own"
    return "team" if account.team_id is not None and account.team_id == case.team_id else "none"


def may(account: Account, action: Action, case: Case) -> bool:
    if case.vignette is not None:
        # A made-up family: whoever practises reads it through the own debrief, and nobody else reads it.
        return False
    return action in TABLE.get((account.role, relation(account, case)), frozenset())


def may_escalation(account: Account, action: Action, escalation: Escalation) -> bool:
    """Rights on an escalation follow the case; one without a case belongs to the team and to whoever raised it.

    Whoever was told may read and answer it, of whatever team: people on call for another team must be able to act.
    """
    told = {p["id"] for step in escalation.ladder.get("steps", []) for p in step["people"]}
    if account.id in told and account.role in ("supervisor", "manager"):
        return action in ("read_escalation", "answer_escalation")
    if escalation.case is not None:
        return may(account, action, escalation.case)
    if action == "read_escalation" and account.id == escalation.raised_by_id:
        return True
    near: Relation = "team" if account.team_id is not None and account.team_id == escalation.team_id else "none"
    return action in TABLE.get((account.role, near), frozenset())


def demand(allowed: bool, action: str) -> None:
    """Raises Refused when it is not allowed."""
    if not allowed:
        raise Refused(action)
