"""`loop`: leads a value back to an earlier block, at most `max_iterations` times.

Config: `max_iterations` (default 10, at most 1,000) and `while` or `until`, a list of conditions as in
`branch` ({block, condition, parameters.value, operation}). The runner repeats the edges between target and
source for as long as this edge gives a value.
"""

from __future__ import annotations

from typing import cast

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.conditions import holds

_MOST = 1000


class LoopEdge:
    """Lead back until a condition holds."""

    type = "loop"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The first source's value for every target, or nothing when the loop is over."""
        if cast(int, call.scope["iteration"]) >= _bound(call) or not _again(call):
            return {}
        return call.to_all(call.inputs[call.edge.sources[0]])


def _bound(call: EdgeCall) -> int:
    bound = call.config.get("max_iterations", 10)
    if not isinstance(bound, int) or isinstance(bound, bool) or not 1 <= bound <= _MOST:
        raise EdgeError(
            f"max_iterations must be a whole number from 1 to {_MOST}",
            place="config.max_iterations",
        )
    return bound


def _again(call: EdgeCall) -> bool:
    for key, wanted in (("while", True), ("until", False)):
        if key in call.config:
            return holds(call.config[key], call) is wanted
    return True
