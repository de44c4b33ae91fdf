"""Runs the graph of the assistant one node after the other.

Rasa hands each message and each prediction to dask, which plans anew what could run at the same time on many machines.
Ours is a row of six steps: planning it costs a millisecond a turn, running it in its fixed order nothing.
"""

from __future__ import annotations

from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any

import rasa.core.processor
from rasa.engine.runner.dask import DaskGraphRunner


class PlainGraphRunner(DaskGraphRunner):
    """Loads as Rasa's runner does, and runs without a scheduler."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Load the nodes; the order for each set of targets is worked out once."""
        super().__init__(*given, **named)
        self._order = lru_cache(maxsize=None)(self._worked_out)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the targets, as a dictionary of their names."""
        wanted = tuple(targets or self._graph_schema.target_names)
        told = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(wanted):
            told[name] = self._instantiated_nodes[name](*(told.get(each, each) for each in needs))
        return dict(told[name] for name in wanted)

    def _worked_out(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """Every node that the targets need, after what it needs itself."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        return [(name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in needs]


def install() -> None:
    """Put the runner in the place of Rasa's. Called once, before the engine starts."""
    rasa.core.processor.DaskGraphRunner = PlainGraphRunner
