"""`loop`: leads a value back to an earlier block, at most `max_iterations` times.

Config: `max_iterations` (default 10, at most 1,000) and `while` or `until`, a list of conditions as in
`branch` ({block, condition, parameters.value, operation}). The runner repeats the edges between target and
source for as long as this edge gives a value; what a round doesn't take, it doesn't see of an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.conditions import Condition, holds
from registry_tool.engine.edges.config import EdgeConfig


@dataclass(frozen=True, kw_only=True)
class LoopConfig(EdgeConfig):
    """How long it goes on."""

    max_iterations: int = 10
    while_: tuple[Condition, ...] | None = None
    until: tuple[Condition, ...] | None = None


class LoopEdge:
    """Lead back until a condition holds."""

    type = "loop"
    config = LoopConfig

    async def run(self, call: EdgeCall, config: LoopConfig, services: Services) -> dict[str, Value]:
        """The first source's value for every target, or nothing when the loop is over."""
        if cast(int, call.scope["iteration"]) >= config.max_iterations or not _again(call, config):
            return {}
        return call.to_all(call.inputs[call.edge.sources[0]])


def _again(call: EdgeCall, config: LoopConfig) -> bool:
    if config.while_ is not None:
        return holds(config.while_, call)
    return config.until is None or not holds(config.until, call)
