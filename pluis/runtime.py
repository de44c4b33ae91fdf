"""What a process of Pluis needs all the time: settings, database, content, finder. Made once, handed to services."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pluis.access.log import AccessLog
from pluis.protocol.read import Protocol, load_protocol
from pluis.settings import Settings
from pluis.signals.finder import Finder
from pluis.store import Store


@dataclass(frozen=True)
class Runtime:
    """The parts that services work with."""

    settings: Settings
    store: Store
    protocol: Protocol

    @cached_property
    def finder(self) -> Finder:
        """Loaded at the first use, since it takes a second or two and not every process needs it."""
        return Finder.load(Path(self.settings.data))

    @cached_property
    def access_log(self) -> AccessLog:
        """Where it is written who saw or changed what."""
        return AccessLog(self.settings, self.store)


def start(settings: Settings) -> Runtime:
    """Open the database and read the content. Raises ContentError when content is wrong."""
    return Runtime(settings, Store.of(settings), load_protocol(Path(settings.data)))


@lru_cache(maxsize=1)
def current() -> Runtime:
    """The runtime of this process, from its environment."""
    return start(Settings.load())
