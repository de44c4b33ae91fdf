"""Search among the cases that somebody may read: by number, family name and person, and by what needs attention."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_
from sqlalchemy.orm import Session

from pluis.access.seeing import readable
from pluis.debrief.known import local_day
from pluis.dossier import overview
from pluis.protocol.read import Protocol
from pluis.store import lists, searches
from pluis.store.base import Json
from pluis.store.cases import Case
from pluis.store.people import Account

PAGE = 30
UNSEEN = timedelta(weeks=3)  # rule R5
LEVELS = {"high": ("L2", "L2+", "L3"), "L3": ("L3",), "L1": ("L1",), "L0": ("L0",)}


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty is everything. `level`: a key of LEVELS. `page` counts from 1."""

    text: str = ""
    level: str = ""
    late: bool = False
    unseen: bool = False
    team: int | None = None
    page: int = 1


def search(session: Session, protocol: Protocol, account: Account, asked: Asked, now: datetime) -> Json:
    """One page of the cases that fit, with how many there are."""
    where = readable(account)
    if where is None:
        return {"count": 0, "page": 1, "pages": 1, "cases": []}
    today = local_day(now, protocol)
    conditions = [where]
    if asked.team is not None:
        conditions.append(searches.of_team(asked.team))
    if asked.late:
        conditions.append(searches.late(today))
    if asked.level in LEVELS:
        conditions.append(searches.last_level(LEVELS[asked.level]))
    if asked.unseen:
        conditions.append(searches.child_unseen(today - UNSEEN))
    if words := plain(asked.text).split():
        names = searches.names(session, and_(*conditions))
        conditions.append(Case.id.in_([id for id, said in names.items() if fits(words, said)]))
    fitting = and_(*conditions)
    count = lists.count_cases(session, fitting)
    pages = max(-(-count // PAGE), 1)
    page = min(max(asked.page, 1), pages)
    found = lists.page_of_cases(session, fitting, most=PAGE, skip=(page - 1) * PAGE)
    return {"count": count, "page": page, "pages": pages, "cases": overview.lines(session, protocol, found, now)}


def fits(words: list[str], names: list[str]) -> bool:
    """Whether each word begins a word of one of the names. `words` are plain."""
    known = [part for name in names for part in plain(name).split()]
    return all(any(part.startswith(word) for part in known) for word in words)


def plain(text: str) -> str:
    """Small letters without accents, so that Zoe finds Zoë."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))
