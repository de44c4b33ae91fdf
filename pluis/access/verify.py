"""Is the access log whole? Finds lines that were changed, removed, moved or cut off, and says where in plain sentences."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from pluis.access.log import BEGIN, AccessLog, seal_of, values_of
from pluis.access.log_end import End
from pluis.store import Store, access_log
from pluis.store.access_log import AccessCut

MOST_FAULTS = 50


@dataclass
class Outcome:
    """What a check found. `faults` are sentences; none of them means that the log is whole."""

    lines: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    end: End | None = None
    faults: list[str] = field(default_factory=list)


def verify(log: AccessLog, store: Store, known: End | None = None) -> Outcome:
    """Read the log from its first line to its last. `known`: an end that somebody wrote down, besides the one noted."""
    outcome = Outcome()
    try:
        # Before the lines are read, so that lines which are written meanwhile are no fault.
        noted = log.noted.read()
        unreadable = False
    except (ValueError, TypeError):
        noted, unreadable = None, True
    with store.reading() as session:
        for fault in _faults(session, log, outcome):
            if len(outcome.faults) == MOST_FAULTS:
                outcome.faults.append("There are more; the first of them are shown.")
                break
            outcome.faults.append(fault)
        if unreadable:
            outcome.faults.append(f"{log.noted.path} is not what Pluis wrote there: somebody changed it.")
        elif noted is None and outcome.lines and known is None:
            outcome.faults.append(
                f"{log.noted.path} is not there, so it cannot be seen whether lines are missing at the end. "
                "Give an end that you wrote down earlier: --end"
            )
        for end in (noted, known):
            if end is not None and (wrong := _end_fault(session, end, outcome)):
                outcome.faults.append(wrong)
    return outcome


def cut_seal(key: bytes, cut: AccessCut) -> str:
    """The seal of the note that lines were taken away because their time was over."""
    said = {"cut": cut.line_seal, "at": cut.at}
    return seal_of(key, BEGIN, cut.number, said)


def _faults(session: Session, log: AccessLog, outcome: Outcome) -> Iterator[str]:
    number: int = 0
    seal: str = BEGIN
    cut = access_log.newest_cut(session)
    if cut is not None:
        number, seal = cut.number, cut.line_seal
        if not hmac.compare_digest(cut.seal, cut_seal(log.key, cut)):
            yield f"Somebody other than Pluis took away the lines up to {cut.number}."
    for row in access_log.in_order(session):
        outcome.lines += 1
        outcome.first_at = outcome.first_at or row.at
        gap = row.number - number - 1
        if gap > 0:
            yield _missing(number + 1, row.number - 1, row.at)
        elif gap < 0:
            yield f"Line {row.number} stands before the first line that there can be: it was put in."
        elif not hmac.compare_digest(row.seal, seal_of(log.key, seal, row.number, values_of(row))):
            yield f"Line {row.number} ({row.at:%Y-%m-%d %H:%M} UTC) was changed, or stood in another place."
        number, seal, outcome.last_at = row.number, row.seal, row.at
    if outcome.lines or cut is not None:
        outcome.end = End(number, seal)


def _missing(first: int, last: int, at: datetime) -> str:
    what = f"Line {first} is" if first == last else f"Lines {first} to {last} are"
    return f"{what} missing: removed before the line of {at:%Y-%m-%d %H:%M} UTC."


def _end_fault(session: Session, end: End, outcome: Outcome) -> str | None:
    newest = outcome.end.number if outcome.end else 0
    if end.number > newest:
        return (
            f"The log ends at line {newest}, but line {end.number} was written: the lines after {newest} are missing. "
            "After a backup was put back that is to be expected: pluis audit accept"
        )
    cut = access_log.newest_cut(session)
    stored = access_log.seal_of(session, end.number)
    if stored is None and cut is not None and end.number <= cut.number:
        return None if end.number < cut.number or end.fits(cut.line_seal) else f"Line {end.number} is another one."
    if stored is None or not end.fits(stored):
        return f"Line {end.number} is not the line that was noted as the newest one: the log was replaced."
    return None
