"""Tables, transactions and migrations: the only place that speaks SQL."""

from pluis.store import (
    access,
    access_log,
    assessments,
    cases,
    debriefs,
    escalations,
    people,
    retention,
    training,
    training_group,
)
from pluis.store.base import Base
from pluis.store.engine import Store

__all__ = [
    "Base",
    "Store",
    "access",
    "access_log",
    "assessments",
    "cases",
    "debriefs",
    "escalations",
    "people",
    "retention",
    "training",
    "training_group",
]
