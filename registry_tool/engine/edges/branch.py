"""`branch`: conditions decide which targets get a value.

Config: `cases` {name: {conditions: [{block, condition, parameters: {value}, operation}], thens: [{from, to}]}}.
Every case that holds fires, in declared order; later writes win. A target that no case writes is not taken, and
what hangs on it alone is skipped. `else`: [{from, to}] fires where no case holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.conditions import Condition, holds
from registry_tool.engine.edges.config import EdgeConfig, spelled
from registry_tool.engine.edges.spellings import listed
from registry_tool.manifest.model import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMove:
    """A value that goes from a source to a target, both by id or label."""

    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is written where the conditions hold."""

    conditions: tuple[Condition, ...]
    thens: tuple[CaseMove, ...] = field(default=(), metadata=spelled("thens", "then", form=listed))


@dataclass(frozen=True, kw_only=True)
class BranchConfig(EdgeConfig):
    """Cases by name, and what is written where none fires."""

    cases: Mapping[str, Case]
    else_: tuple[CaseMove, ...] = field(default=(), metadata=spelled(form=listed))


class BranchEdge:
    """If, and else."""

    type = "branch"
    config = BranchConfig

    async def run(
        self, call: EdgeCall, config: BranchConfig, services: Services
    ) -> dict[str, Value]:
        """Values of the targets that were taken."""
        fired = [case for case in config.cases.values() if holds(case.conditions, call)]
        moves = [move for case in fired for move in case.thens] if fired else config.else_
        return dict(_moved(call, moves))


def _moved(call: EdgeCall, moves: Iterable[CaseMove]) -> Iterator[tuple[str, Value]]:
    for move in moves:
        source = _find(call.sources, move.from_, "source")
        yield _find(call.targets, move.to, "target"), call.inputs[source]


def _find(blocks: tuple[Block, ...], name: str, what: str) -> str:
    for block in blocks:
        if name == block.id:
            return block.id
    for block in blocks:
        if block.label and name == block.label:
            return block.id
    raise EdgeError(
        f"a case moves {name!r}, which is not a {what} of the edge", location="config.cases"
    )
