"""What the checks of rights learned while one request was handled. The access log is written from it, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Touched:
    """Something that somebody came to see or to change. `object`: case | debrief | escalation | account | sign_in | …

    `ground`: how the person stands to the case (own, team, emergency …), or `none`. `by_id`: whose doing it is, where
    nobody is signed in. `to_id`: who gets something by it.
    """

    object: str
    object_id: str
    case_id: int | None = None
    ground: str = "none"
    allowed: bool = True
    by_id: int | None = None
    to_id: int | None = None


_trail: ContextVar[list[Touched] | None] = ContextVar("trail", default=None)


@contextmanager
def kept() -> Iterator[list[Touched]]:
    """Collect what is touched meanwhile, in threads that this one starts too."""
    found: list[Touched] = []
    token = _trail.set(found)
    try:
        yield found
    finally:
        _trail.reset(token)


def touch(one: Touched) -> None:
    """Say that something is about to be shown or changed, or was refused. Outside a request nothing happens."""
    found = _trail.get()
    if found is not None:
        found.append(one)


def decided(object: str, object_id: object, case_id: int | None, ground: str | None) -> bool:
    """As `touch`, for a decision of `rights`: the ground on which it is allowed, or None. Returns whether it is."""
    touch(Touched(object, str(object_id), case_id, ground or "none", allowed=ground is not None))
    return ground is not None
