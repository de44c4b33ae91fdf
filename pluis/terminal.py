"""What the person at the terminal sees: plain lines, and one progress line for each long step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def say(text: str, end: str = "\n") -> None:
    """Print at once. A closed terminal is no reason to stop working."""
    with suppress(OSError):
        print(text, end=end, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Show `text ...` while the block runs, then the seconds it took."""
    say(f"{text} ... ", end="")
    start = time.monotonic()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - start:.0f} s")
