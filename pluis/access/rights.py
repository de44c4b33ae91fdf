"""Rights: role × relation to the case × action, in one table. Pure; services ask here, pages never decide.

docs/access.md says the same in words, and a test holds the two against each other. What an address of the web asks of
whoever calls it stands in `routes.py`.
"""

from typing import Literal

from pluis.access.trail import decided
from pluis.store.cases import Case
from pluis.store.escalations import Escalation
from pluis.store.people import Account

# How somebody stands to a case, the strongest first:
#   own         it is in this person's name, as counselor or as supervisor
#   substitute  stands in for the counselor or the supervisor, who is away
#   named       named by the supervisor
#   emergency   took emergency access, which has not ended yet
#   told        was told of an alert (alerts only, never the case)
#   raised      raised an alert that is about no family (alerts only)
#   team        belongs to the team of the case
#   on_call     is on call for that team
#   none        none of these
Relation = Literal["own", "substitute", "named", "emergency", "told", "raised", "team", "on_call", "none"]
Action = Literal[
    "read_case", "debrief", "read_debrief", "read_escalation", "answer_escalation", "read_dossier",
    "name_colleagues", "emergency_access", "write_dossier", "read_access_log",
]  # fmt: skip
# What is about no case in particular, by role alone.
Duty = Literal[
    "see_inbox",
    "see_team",
    "keep_rota",
    "see_audit",
    "practise",
    "train",
    "approve_vignette",
    "give_vignette",
    "reflect",
]

LOOK: frozenset[Action] = frozenset({"read_case"})
READ: frozenset[Action] = LOOK | {"read_debrief", "read_escalation"}
ANSWER: frozenset[Action] = frozenset({"read_escalation", "answer_escalation"})
WHOLE: frozenset[Action] = READ | {"read_dossier"}
EMERGENCY: frozenset[Action] = frozenset({"emergency_access"})
# Sign an assessment, write down a statement of the family.
WRITE: frozenset[Action] = frozenset({"write_dossier"})
NAME: frozenset[Action] = frozenset({"name_colleagues"})
# Who looked into the file, when and why.
LOG: frozenset[Action] = frozenset({"read_access_log"})

# (role, relation) → what that person may do. What is not here may not be done.
TABLE: dict[tuple[str, Relation], frozenset[Action]] = {
    ("counselor", "own"): WHOLE | WRITE | {"debrief"},
    ("counselor", "substitute"): WHOLE | WRITE | {"debrief"},
    ("counselor", "named"): READ,
    ("counselor", "emergency"): READ,
    ("counselor", "raised"): frozenset({"read_escalation"}),
    ("counselor", "team"): EMERGENCY,
    ("counselor", "on_call"): EMERGENCY,
    ("supervisor", "own"): WHOLE | WRITE | ANSWER | NAME | LOG,
    ("supervisor", "substitute"): WHOLE | WRITE | ANSWER | NAME | LOG,
    ("supervisor", "named"): WHOLE | WRITE | ANSWER,
    ("supervisor", "emergency"): READ | ANSWER,
    ("supervisor", "told"): ANSWER,
    ("supervisor", "raised"): frozenset({"read_escalation"}),
    ("supervisor", "team"): WHOLE | WRITE | ANSWER | EMERGENCY | LOG,
    ("supervisor", "on_call"): EMERGENCY,
    ("supervisor", "none"): EMERGENCY,
    ("manager", "named"): READ | ANSWER | NAME,
    ("manager", "emergency"): READ | ANSWER | NAME,
    ("manager", "told"): ANSWER,
    ("manager", "raised"): frozenset({"read_escalation"}),
    ("manager", "none"): LOOK | ANSWER | EMERGENCY,
    ("quality", "named"): WHOLE | LOG,
    ("quality", "none"): WHOLE | LOG,
}  # fmt: skip

DUTIES: dict[str, frozenset[Duty]] = {
    "counselor": frozenset({"practise", "give_vignette", "reflect"}),
    "supervisor": frozenset({"see_inbox", "see_team", "keep_rota", "practise", "approve_vignette", "reflect"}),
    "manager": frozenset({"see_inbox", "see_team", "keep_rota", "see_audit", "practise"}),
    "trainee": frozenset({"practise"}),
    "trainer": frozenset({"practise", "train", "approve_vignette"}),
    "quality": frozenset({"see_audit", "practise"}),
    "admin": frozenset({"practise"}),
}

# A case that is closed to named colleagues knows none of these relations: they count for emergency access alone.
SHUT_OUT: frozenset[Relation] = frozenset({"team", "on_call", "none"})


def may(account: Account, action: Action, case: Case) -> bool:
    """Whether this person may do this now, for whoever is about to do it: it goes into the access log."""
    return decided("case", case.id, case.id, ground(account, action, case))


def ground(account: Account, action: Action, case: Case) -> Relation | None:
    """The relation to the case that allows this action, the strongest one; None when nothing does.

    For a page that only wants to know which buttons to show: nothing is logged.
    """
    if case.vignette is not None:
        # A made-up family: whoever practises reads it through the own debrief, and nobody else reads it.
        return None
    for one in relations(account, case):
        if case.named_only and one in SHUT_OUT and action not in EMERGENCY:
            continue
        if action in TABLE.get((account.role, one), frozenset()):
            return one
    return None


def may_do(account: Account, duty: Duty) -> bool:
    """Whether this role has this duty, whatever the case."""
    return duty in DUTIES.get(account.role, frozenset())


def may_escalation(account: Account, action: Action, escalation: Escalation) -> bool:
    """As `may`, for an alert."""
    allowed_by = ground_for_escalation(account, action, escalation)
    return decided("escalation", escalation.id, escalation.case_id, allowed_by)


def ground_for_escalation(account: Account, action: Action, escalation: Escalation) -> Relation | None:
    """Rights on an escalation follow the case; one without a case belongs to the team and to whoever raised it.

    Whoever was told may read and answer it, of whatever team: people on call for another team must be able to act.
    """

    def allowed(one: Relation) -> bool:
        return action in TABLE.get((account.role, one), frozenset()) and action in ANSWER

    told = {p["id"] for step in escalation.ladder.get("steps", []) for p in step["people"]}
    if account.id in told and allowed("told"):
        return "told"
    if escalation.case is not None:
        return ground(account, action, escalation.case)
    if account.id == escalation.raised_by_id and allowed("raised"):
        return "raised"
    near: tuple[Relation, ...] = ("team", "none") if _of_team(account, escalation.team_id) else ("none",)
    return next((one for one in near if allowed(one)), None)


def relation(account: Account, case: Case) -> Relation:
    """How somebody stands to a case: the strongest relation."""
    return relations(account, case)[0]


def relations(account: Account, case: Case) -> list[Relation]:
    """All relations of a person to a case, the strongest first; the last is always `none`.

    Who stands in for whom, is on call, named, or took emergency access is known of the person who is asking
    (`account.standing`), since it depends on the moment.
    """
    standing = account.standing
    whose = {case.counselor_id, case.supervisor_id}
    found: list[tuple[Relation, bool]] = [
        ("own", account.id in whose),
        ("substitute", bool(whose & standing.stands_in_for)),
        ("named", case.id in standing.named_in),
        ("emergency", case.id in standing.emergency_in),
        ("team", _of_team(account, case.team_id)),
        ("on_call", case.team_id in standing.on_call_for),
        ("none", True),
    ]
    return [one for one, holds in found if holds]


def _of_team(account: Account, team_id: int | None) -> bool:
    return account.team_id is not None and account.team_id == team_id
