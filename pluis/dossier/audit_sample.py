"""A random sample of cases, each looked at: what is missing from its dossier."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pluis.store import audits
from pluis.store.audits import Visit
from pluis.store.base import Json

LONG = timedelta(weeks=6)
CHECKS = (
    "every_debrief_within_24_hours",
    "every_debrief_has_a_note",
    "every_child_seen",
    "every_parent_spoken_to",
    "both_parents_on_file",
    "every_signal_judged",
    "every_level_has_a_rule",
    "nothing_unknown_for_six_weeks",
)


def sample(
    session: Session,
    done: list[Visit],
    contacts: list[tuple[str, int, str, bool, bool, bool]],
    seed: int,
    size: int,
    now: datetime,
) -> Json:
    """So many cases with a visit in the period, drawn with this seed; for each, which checks it does not meet."""
    cases = sorted({visit.case_id for visit in done})
    # Drawn to be repeated by whoever checks it, not to be secret.
    drawn = sorted(random.Random(seed).sample(cases, min(size, len(cases))))
    visits = [visit for visit in done if visit.case_id in set(drawn)]
    ids = [visit.id for visit in visits]
    people = [row for row in audits.people(session) if row[1] in set(drawn)]
    unjudged, noteless = audits.unconfirmed(session, ids), audits.without_note(session, ids)
    unknown = audits.long_unknown(session, drawn, now - LONG)
    inside = set(ids)
    seen = {person for debrief, person, _k, _p, was_seen, _s in contacts if debrief in inside and was_seen}
    spoken = {person for debrief, person, _k, _p, _seen, was_spoken in contacts if debrief in inside and was_spoken}
    looked_at: list[Json] = []
    for case, (number, one_parent) in sorted(audits.numbers(session, drawn).items()):
        own = [visit for visit in visits if visit.case_id == case]
        children = {person for person, of, kind, _parent in people if of == case and kind == "child"}
        parents = {person for person, of, _kind, parent in people if of == case and parent}
        met = {
            "every_debrief_within_24_hours": all(
                v.closed_at is not None and v.closed_at - v.opened_at <= timedelta(hours=24) for v in own
            ),
            "every_debrief_has_a_note": not any(v.id in noteless for v in own),
            "every_child_seen": children <= seen,
            "every_parent_spoken_to": parents <= spoken,
            "both_parents_on_file": len(parents) > 1 or bool(one_parent),
            "every_signal_judged": not any(unjudged.get(v.id) for v in own),
            "every_level_has_a_rule": all(v.rules for v in own),
            "nothing_unknown_for_six_weeks": not unknown.get(case),
        }
        missing = [check for check in CHECKS if not met[check]]
        looked_at.append({"case": number, "visits": len(own), "complete": not missing, "missing": missing})
    complete = sum(one["complete"] for one in looked_at)
    return {
        "seed": seed,
        "size": len(drawn),
        "from_cases": len(cases),
        "checks": list(CHECKS),
        "complete": {"count": complete, "of": len(drawn), "share": round(complete / len(drawn), 4) if drawn else None},
        "missing_per_check": {check: sum(check in one["missing"] for one in looked_at) for check in CHECKS},
        "cases": looked_at,
    }
