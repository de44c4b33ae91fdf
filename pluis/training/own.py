"""Vignettes of the organisation's own: written in the browser, checked like the files, approved by a second person."""

import secrets
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from sqlalchemy.orm import Session
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from pluis.content import ContentError, Fault, as_model, parse_yaml
from pluis.protocol.read import Protocol
from pluis.store import training_group
from pluis.store.people import Account
from pluis.store.training_group import OwnVignette
from pluis.training.anonymous import left_open
from pluis.training.library import Library, check
from pluis.training.vignette import Vignette

Origin = Literal["written", "debrief"]
NAME = Path("vignette")
MOST_CHARACTERS = 60_000
DEEPEST = 15  # a vignette nests eight deep


class NotNow(Exception):
    """This cannot be done with this vignette in its present state, or not by this person."""


def read(id: str, text: str) -> Vignette:
    """The text as a vignette with this id. A text in one language stands for both. Raises ContentError."""
    _demand_plain(text)
    data = parse_yaml(text, NAME)
    if not isinstance(data, dict):
        raise ContentError([Fault(str(NAME), "file", "holds no entries.", "Begin with the example.")])
    return as_model(Vignette, {**data, "id": id}, NAME, one_language=True)


def _demand_plain(text: str) -> None:
    """Refuse what no person needs here and what could make a short text endless: names for parts, and deep nesting."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if isinstance(event, AliasEvent) or depth > DEEPEST:
                line = f"line {event.start_mark.line + 1}" if event.start_mark else "file"
                raise ContentError([Fault(str(NAME), line, "cannot stand here.", "Take out the * or the brackets.")])
    except yaml.YAMLError:
        return  # what is wrong with it is said when it is read


def faults(text: str, protocol: Protocol) -> list[Fault]:
    """All that is wrong with a text, by the check of `pluis vignette check`, and what nobody has made up yet."""
    try:
        vignette = read("own_draft", text)
    except ContentError as error:
        return error.faults
    return [*check(vignette, NAME, protocol), *left_open(text, str(NAME))]


def with_own(session: Session, files: Library) -> Library:
    """The library of the files with the approved vignettes of the organisation behind it."""
    whole = Library(files)
    for one in training_group.own_vignettes(session, "approved"):
        whole[one.id] = _read_once(one.id, one.text)
    return whole


@lru_cache(maxsize=100)
def _read_once(id: str, text: str) -> Vignette:
    return read(id, text)


def begin(session: Session, author: Account, origin: Origin, text: str, title: str, now: datetime) -> OwnVignette:
    """A new draft, which only its author sees."""
    made = OwnVignette(
        id=f"own_{secrets.token_hex(6)}", title=title, text=text, origin=origin, author_id=author.id, changed_at=now
    )
    session.add(made)
    session.flush()
    return made


def change(own: OwnVignette, by: Account, text: str, language: str, now: datetime) -> None:
    """Keep a new text. Whatever the state was: it is a draft again and has to be approved anew. Raises NotNow."""
    if by.id != own.author_id or len(text) > MOST_CHARACTERS:
        raise NotNow
    own.text, own.changed_at, own.state = text, now, "draft"
    own.offered_at = own.approved_at = own.approved_by_id = None
    try:
        own.title = read(own.id, text).title[language]
    except ContentError:
        return


def offer(own: OwnVignette, by: Account, protocol: Protocol, read_through: bool, now: datetime) -> None:
    """The author puts it before a second person, having read it through. Raises NotNow."""
    if by.id != own.author_id or own.state != "draft" or not read_through or faults(own.text, protocol):
        raise NotNow
    own.state, own.offered_at = "waiting", now


def approve(own: OwnVignette, by: Account, now: datetime) -> None:
    """A second person, never the author, lets it be used. Raises NotNow."""
    if own.state != "waiting" or by.id == own.author_id:
        raise NotNow
    own.state, own.approved_by_id, own.approved_at = "approved", by.id, now


def send_back(own: OwnVignette, by: Account) -> None:
    """A second person asks the author to change it; or takes an approved one out of use. Raises NotNow."""
    if own.state not in ("waiting", "approved") or (by.id == own.author_id and own.state == "waiting"):
        raise NotNow
    own.state = "draft"
    own.offered_at = own.approved_at = own.approved_by_id = None
