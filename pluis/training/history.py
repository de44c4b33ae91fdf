"""What people practised: their finished attempts with what each showed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pluis.protocol.read import Protocol
from pluis.store import training
from pluis.training.feedback import compare
from pluis.training.library import Library
from pluis.training.noted import noted_all
from pluis.training.outcome import Outcome, counting, met, strands_of
from pluis.training.schedule import Place


def outcomes_of(
    session: Session, library: Library, protocol: Protocol, accounts: Sequence[int]
) -> dict[int, list[Outcome]]:
    """Account → what counts of its finished attempts, oldest first. Visits that no longer exist are left out."""
    attempts = [
        one
        for one in training.finished(session, accounts)
        if one.vignette in library and one.visit < len(library[one.vignette].visits)
    ]
    noted = noted_all(session, attempts)
    zone = ZoneInfo(protocol.ladders.working_hours.timezone)
    found: dict[int, list[Outcome]] = defaultdict(list)
    for one in attempts:
        assert one.debrief is not None
        vignette = library[one.vignette]
        visit, own = vignette.visits[one.visit], noted[one.id]
        found[one.account_id].append(
            Outcome(
                vignette=one.vignette,
                visit=one.visit,
                at=(one.debrief.closed_at or one.debrief.touched_at).astimezone(zone),
                met=met(visit, compare(vignette, visit, own), domains(protocol)),
                signals=frozenset(own.signals),
                level=own.level,
            )
        )
    return {account: counting(found[account]) for account in accounts}


def domains(protocol: Protocol) -> Callable[[str], str]:
    """Signal → its domain."""
    return lambda signal: protocol.taxonomy.signal(signal).domain


def places(library: Library, protocol: Protocol) -> dict[Place, frozenset[str]]:
    """Every visit, in the order of the library, with what there is to practise in it."""
    return {
        (vignette.id, number): strands_of(visit, domains(protocol))
        for vignette in library.values()
        for number, visit in enumerate(vignette.visits)
    }
