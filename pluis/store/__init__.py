"""Tables, transactions and migrations: the only place that speaks SQL."""

from pluis.store import cases, debriefs, escalations, people, training
from pluis.store.base import Base
from pluis.store.engine import Store

__all__ = ["Base", "Store", "cases", "debriefs", "escalations", "people", "training"]
