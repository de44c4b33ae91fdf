"""Which cases somebody may read, as a condition for the database: the same table as `rights.may`, for whole lists."""

from sqlalchemy import ColumnElement, or_, true

from pluis.access.rights import SHUT_OUT, TABLE, Relation
from pluis.store.cases import Case
from pluis.store.people import Account


def readable(account: Account) -> ColumnElement[bool] | None:
    """The cases that this person may read; None when there can be none."""
    standing = account.standing
    conditions: dict[Relation, ColumnElement[bool] | None] = {
        "own": or_(Case.counselor_id == account.id, Case.supervisor_id == account.id),
        "substitute": or_(Case.counselor_id.in_(standing.stands_in_for), Case.supervisor_id.in_(standing.stands_in_for))
        if standing.stands_in_for
        else None,
        "named": Case.id.in_(standing.named_in) if standing.named_in else None,
        "emergency": Case.id.in_(standing.emergency_in) if standing.emergency_in else None,
        "team": Case.team_id == account.team_id if account.team_id is not None else None,
        "on_call": Case.team_id.in_(standing.on_call_for) if standing.on_call_for else None,
        "none": true(),
    }
    wanted = [
        condition & ~Case.named_only if one in SHUT_OUT else condition
        for one, condition in conditions.items()
        if condition is not None and "read_case" in TABLE.get((account.role, one), frozenset())
    ]
    return or_(*wanted) if wanted else None
