"""`branch`: conditions decide which targets get a value.

Config: `cases` {name: {conditions: [{block, condition, parameters: {value}, operation}], thens: [{from, to}]}}.
Every case that holds fires, in declared order; later writes win. A target that no case writes is not taken, and
what hangs on it alone is skipped. `else`: [{from, to}] fires where no case holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.conditions import holds
from registry_tool.manifest.model import Block


class BranchEdge:
    """If, and else."""

    type = "branch"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """Values of the targets that were taken."""
        cases = call.config.get("cases")
        if not isinstance(cases, dict):
            raise EdgeError("a branch needs cases", place="config.cases")
        taken: dict[str, Value] = {}
        fired = False
        for name, case in cases.items():
            conditions = case.get("conditions") if isinstance(case, dict) else None
            if not isinstance(case, dict) or not isinstance(conditions, list):
                raise EdgeError("a case needs conditions", place=f"config.cases.{name}")
            if holds(conditions, call):
                fired = True
                taken.update(_moves(call, case.get("thens") or case.get("then")))
        if not fired:
            taken.update(_moves(call, call.config.get("else")))
        return taken


def _moves(call: EdgeCall, thens: Value) -> Iterator[tuple[str, Value]]:
    moves = [thens] if isinstance(thens, dict) else (thens or [])
    for then in moves if isinstance(moves, list) else [moves]:
        if not isinstance(then, dict):
            raise EdgeError("thens must be a list of {from, to}", place="config.cases")
        source, target = then.get("from"), then.get("to")
        if source in (None, "") or target in (None, ""):
            continue
        yield (
            _find(call.targets, target, "target"),
            call.inputs[_find(call.sources, source, "source")],
        )


def _find(blocks: tuple[Block, ...], name: Value, what: str) -> str:
    for block in blocks:
        if name == block.id:
            return block.id
    for block in blocks:
        if block.label and name == block.label:
            return block.id
    raise EdgeError(f"a case moves {name!r}, which is no {what} of the edge", place="config.cases")
