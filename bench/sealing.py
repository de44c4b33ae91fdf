"""What sealing texts adds to a turn: whole debriefs without web and Rasa, with sealed texts and with plain ones.

    .venv/bin/python bench/sealing.py

The plain run seals nothing and is otherwise the same code. The two take turns, so that both see the same machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pluis.demo import seed  # noqa: E402
from pluis.protocol.read import load_protocol  # noqa: E402
from pluis.runtime import Runtime  # noqa: E402
from pluis.settings import Settings  # noqa: E402
from pluis.signals.finder import Finder  # noqa: E402
from pluis.store import Store, sealed  # noqa: E402
from pluis.store.keys import make_first  # noqa: E402
from pluis.store.migrate import upgrade  # noqa: E402
from tests.support.databases import NOW  # noqa: E402
from tests.support.quiet import answer  # noqa: E402
from tests.support.talk import Talk  # noqa: E402

DEBRIEFS = 6
count = {"seal": 0, "unseal": 0}
spent = {"seal": 0.0, "unseal": 0.0}


def main() -> None:
    """Measure and print."""
    seal, unseal = sealed.seal, sealed.unseal
    protocol, finder = load_protocol(ROOT / "data"), Finder.load(ROOT / "data")
    figures: dict[str, list[float]] = {"plain": [], "sealed": []}
    for _ in range(DEBRIEFS):
        sealed.seal, sealed.unseal = (lambda _k, _p, text: text), (lambda _k, _p, text: text)
        figures["plain"] += _debrief(protocol, finder)
        sealed.seal, sealed.unseal = _timed("seal", seal), _timed("unseal", unseal)
        figures["sealed"] += _debrief(protocol, finder)
    turns = len(figures["sealed"])
    for name, times in figures.items():
        print(f"{name:7} median {statistics.median(times):6.2f} ms, mean {statistics.mean(times):6.2f} ms a turn")
    for name in count:
        print(f"{name:7} {count[name] / turns:6.1f} times and {spent[name] / turns * 1000:6.3f} ms a turn")


def _timed(name: str, does: Callable[..., bytes]) -> Callable[..., bytes]:
    def timed(*given: object) -> bytes:
        begun = time.perf_counter()
        try:
            return does(*given)
        finally:
            spent[name] += time.perf_counter() - begun
            count[name] += 1

    return timed


def _debrief(protocol: object, finder: Finder) -> list[float]:
    """Milliseconds of each turn of one quiet visit."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, database_url=f"sqlite:///{home / 'pluis.db'}", secret="s" * 40, demo=True)
        make_first(settings.key_file)
        upgrade(settings.database_url)
        seed(settings, NOW)
        store = Store.of(settings)
        runtime = Runtime(settings, store, protocol)  # type: ignore[arg-type]
        runtime.__dict__["finder"] = finder
        talk = Talk(runtime)
        times = []
        while talk.reply.state == "open" and len(times) < 120:
            text = answer(talk.question, "nl", {})
            begun = time.perf_counter()
            talk.say(text)
            times.append((time.perf_counter() - begun) * 1000)
        store.engine.dispose()
        return times


if __name__ == "__main__":
    main()
