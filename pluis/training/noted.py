"""From the rows of practice debriefs to what feedback looks at."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy.orm import Session

from pluis.store import training
from pluis.store.debriefs import Debrief
from pluis.store.training import Practice
from pluis.training.family import member_of
from pluis.training.feedback import Noted
from pluis.training.vignette import How


def noted(session: Session, practice: Practice, debrief: Debrief) -> Noted:
    """What this debrief came to."""
    assert practice.debrief_id == debrief.id
    return noted_all(session, [practice])[practice.id]


def noted_all(session: Session, practices: Sequence[Practice]) -> dict[str, Noted]:
    """What each of these attempts came to, by its id, in a fixed number of queries. All have a debrief."""
    ids = [one.debrief_id for one in practices if one.debrief_id is not None]
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in training.signals_of(session, ids):
        rows[row.debrief_id].append(row)
    sightings: dict[str, list[Any]] = defaultdict(list)
    for sighting in training.sightings_of(session, ids):
        sightings[sighting.debrief_id or ""].append(sighting)
    raised = training.raised_in(session, ids)
    return {one.id: _noted(one, rows, sightings, raised) for one in practices if one.debrief is not None}


def _noted(practice: Practice, rows: dict[str, list[Any]], sightings: dict[str, list[Any]], raised: set[str]) -> Noted:
    debrief = practice.debrief
    assert debrief is not None
    counted = [row for row in rows[debrief.id] if _counts(row)]
    signals: dict[str, str] = {}
    for row in counted:
        signals.setdefault(row.signal, row.sentence or row.words)
    return Noted(
        signals=signals,
        severities={row.signal: row.severity for row in counted},
        seen=_seen(practice, sightings[debrief.id]),
        # Only what was asked on the visit: a "no" in the debrief to a question nobody put there is no asking.
        asked=frozenset((one["who"], one["answer"]) for one in practice.talk),
        level=debrief.level or "L0",
        raised=debrief.id in raised,
    )


def _counts(row: Any) -> bool:
    return row.confirmation in ("yes", "unsure") or (
        row.severity == "acute" and row.confirmation in ("open", "left") and row.status in ("present", "uncertain")
    )


def _seen(practice: Practice, sightings: list[Any]) -> dict[str, How]:
    seen: dict[str, How] = {}
    for row in sightings:
        member = member_of(practice.people, row.person_id)
        if member is not None:
            how = "alone" if row.alone else "spoken" if row.spoken else "seen" if row.seen else "unseen"
            seen[member] = cast(How, how)
    return seen
