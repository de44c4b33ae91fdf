"""What the pages of progress share: what somebody practised, what comes next, in words and as a picture."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pluis.protocol.read import Protocol
from pluis.runtime import Runtime
from pluis.store import training_group
from pluis.store.people import Account
from pluis.training import history, schedule
from pluis.training.library import Library
from pluis.training.outcome import ASKING, QUIET, Outcome
from pluis.training.picture import picture
from pluis.training.progress import Progress, progress
from pluis.training.schedule import Suggestion
from pluis.web.texts import say
from pluis.web.training import vignettes


def order(protocol: Protocol) -> list[str]:
    """All strands as they are shown: asking first, then the domains of signals, then leaving be."""
    return [ASKING, *protocol.taxonomy.domains, QUIET]


def strand_name(protocol: Protocol, strand: str, language: str) -> str:
    if strand in (ASKING, QUIET):
        return say(f"strand_{strand}", language)
    return protocol.taxonomy.domains[strand].of("en" if language == "en" else "nl")


def today(runtime: Runtime, now: datetime) -> date:
    return now.astimezone(ZoneInfo(runtime.protocol.ladders.working_hours.timezone)).date()


def next_for(session: Session, runtime: Runtime, account: Account, now: datetime) -> list[dict[str, Any]]:
    """What to practise next, in words."""
    library = vignettes(runtime)
    outcomes = history.outcomes_of(session, library, runtime.protocol, [account.id])[account.id]
    return suggestions(session, runtime, library, account, outcomes, now)


def suggestions(
    session: Session,
    runtime: Runtime,
    library: Library,
    account: Account,
    outcomes: Sequence[Outcome],
    now: datetime,
) -> list[dict[str, Any]]:
    asked = training_group.assignments_of(session, [account.id])
    open_asked = {
        one.vignette: one for one in asked if not any(o.vignette == one.vignette and o.at >= one.at for o in outcomes)
    }
    visits = history.places(library, runtime.protocol)
    found = schedule.suggest(visits, outcomes, list(open_asked), today(runtime, now))
    return [_shown(runtime, library, one, open_asked.get(one.vignette), account.language) for one in found]


def _shown(
    runtime: Runtime, library: Library, one: Suggestion, asked: training_group.Assignment | None, language: str
) -> dict[str, Any]:
    vignette = library[one.vignette]
    strand = strand_name(runtime.protocol, one.strand, language) if one.strand else ""
    return {
        "id": f"{one.vignette}.{one.visit + 1}" if vignette.story else one.vignette,
        "title": vignette.title[language],
        "about": vignette.about[language],
        "number": one.visit + 1 if vignette.story else None,
        "why": say(f"next_{one.why}", language, strand=strand, who=asked.by.name if asked else ""),
        "until": asked.until.isoformat() if asked and asked.until else None,
    }


def shown(runtime: Runtime, library: Library, outcomes: Sequence[Outcome], language: str) -> dict[str, Any]:
    """Progress for a page: lines in words, the picture, and the same as a table."""
    told = progress(outcomes, order(runtime.protocol))
    names = {one: strand_name(runtime.protocol, one, language) for one in told.strands}
    return {
        "lines": _lines(told, names, language),
        "coming": [{"strand": names[one.strand], "on": one.on.isoformat()} for one in told.coming],
        "picture": picture(told),
        "names": names,
        "visits": [
            {
                "title": library[one.vignette].title[language],
                "number": one.visit + 1 if library[one.vignette].story else None,
                "on": one.at.date().isoformat(),
                "met": [(names[strand], one.met[strand]) for strand in told.strands if strand in one.met],
            }
            for one in reversed(told.visits)
        ],
    }


def _lines(told: Progress, names: dict[str, str], language: str) -> list[str]:
    """What to be glad of, first what grew."""
    lines = [
        say(f"progress_{kind}", language, strands=", ".join(f"‘{names[one]}’" for one in strands))
        for kind, strands in (("grew", told.grew), ("holds", told.holds))
        if strands
    ]
    if not told.visits:
        return [say("progress_none_yet", language)]
    return lines or [say("progress_begun", language)]
