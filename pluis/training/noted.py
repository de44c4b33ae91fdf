"""From the rows of a practice debrief to what feedback looks at."""

from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.store import debriefs
from pluis.store.cases import Sighting
from pluis.store.debriefs import Debrief
from pluis.store.training import Practice
from pluis.training.family import member_of
from pluis.training.feedback import Noted
from pluis.training.vignette import How


def noted(session: Session, practice: Practice, debrief: Debrief) -> Noted:
    """What this debrief came to."""
    signals: dict[str, str] = {}
    severities: dict[str, str] = {}
    for row in debriefs.findings(session, debrief.id):
        if row.kind != "signal" or not _counts(row):
            continue
        signals.setdefault(row.signal, row.words)
        severities[row.signal] = row.severity
    # Only what was asked on the visit: a "no" in the debrief to a question nobody put there is no asking.
    asked = {(one["who"], one["answer"]) for one in practice.talk}
    changes = debriefs.level_changes(session, debrief.id)
    return Noted(
        signals=signals,
        severities=severities,
        seen=_seen(session, practice, debrief.id),
        asked=frozenset(asked),
        level=debrief.level or "L0",
        raised=any(change.kind == "raised" for change in changes),
    )


def _counts(row: Any) -> bool:
    return row.confirmation in ("yes", "unsure") or (
        row.severity == "acute" and row.confirmation in ("open", "left") and row.status in ("present", "uncertain")
    )


def _seen(session: Session, practice: Practice, debrief_id: str) -> dict[str, How]:
    seen: dict[str, How] = {}
    for row in session.scalars(select(Sighting).where(Sighting.debrief_id == debrief_id)):
        member = member_of(practice.people, row.person_id)
        if member is not None:
            how = "alone" if row.alone else "spoken" if row.spoken else "seen" if row.seen else "unseen"
            seen[member] = cast(How, how)
    return seen
