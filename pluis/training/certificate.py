"""A certificate of hours: who practised what, when and for how long. It says nothing about how well, and says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from sqlalchemy.orm import Session

from pluis.dossier.paper import Paper
from pluis.store import training
from pluis.store.people import Account
from pluis.training.hours import spent
from pluis.training.library import Library


@dataclass(frozen=True)
class Practised:
    """One finished visit."""

    title: str
    on: date
    time: timedelta


def practised(
    session: Session, library: Library, account: Account, first: date, last: date, language: str
) -> list[Practised]:
    """What somebody finished from the first to the last day, oldest first."""
    found = []
    for one in training.finished(session, [account.id]):
        ended = one.debrief.closed_at if one.debrief else None
        if ended is None or not first <= ended.date() <= last:
            continue
        vignette = library.get(one.vignette)
        title = vignette.title[language] if vignette else one.vignette
        if vignette and vignette.story:
            title = f"{title} ({one.visit + 1})"
        found.append(Practised(title, ended.date(), spent(training.moments(session, one))))
    return found


def certificate(
    words: dict[str, str], name: str, rows: Sequence[Practised], first: date, last: date, language: str, now: datetime
) -> bytes:
    """The certificate as PDF. `words`: its sentences in the language of the reader."""

    def day(value: date) -> str:
        return format_date(value, "long", locale=language)

    whole = sum((one.time for one in rows), timedelta())
    paper = Paper(words["title"], words["footer"], language)
    paper.heading(1, words["title"])
    paper.pairs(
        [
            (words["name"], name),
            (words["period_word"], f"{day(first)} – {day(last)}"),
            (words["time"], clock(whole, words)),
            (words["made"], day(now.date())),
        ]
    )
    paper.heading(2, words["visits"])
    paper.grid(
        (words["day"], words["visit"], words["time"]),
        [(day(one.on), one.title, clock(one.time, words)) for one in rows],
        (45, 85, 40),
    )
    paper.text_block(words["counted"])
    paper.text_block(words["no_appraisal"], style="B")
    return bytes(paper.output())


def clock(time: timedelta, words: dict[str, str]) -> str:
    """`2 uur 05 min`; under an hour the minutes alone."""
    hours, minutes = divmod(round(time.total_seconds() / 60), 60)
    return f"{hours} {words['hours']} {minutes:02} {words['minutes']}" if hours else f"{minutes} {words['minutes']}"
