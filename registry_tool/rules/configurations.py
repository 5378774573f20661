"""Edges' configurations as rules look at them: with the place of each, and with what a `map` does to its items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from registry_tool.core.records import Record
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Frozen, Route, Value
from registry_tool.manifest.model import Block, Edge, Workflow


class Configuration(Record, frozen=True):
    """One configuration: of an edge, or of the inner edge of a `map`. `route` leads to it from the root."""

    edge: Edge
    type: str
    config: Frozen
    route: Route
    sources: tuple[Block, ...]
    targets: tuple[Block, ...]
    inner: bool = False

    def option(self, key: str) -> tuple[Value, Route]:
        """A field and its place: in `extra_configs`, or directly; None where it stands nowhere."""
        extra = self.config.get("extra_configs")
        if isinstance(extra, dict) and key in extra:
            return extra[key], (*self.route, "extra_configs", key)
        return self.config.get(key), (*self.route, key)


def configurations(workflow: Workflow, *types: str) -> Iterator[Configuration]:
    """Every configuration, inner ones after their `map`; of these edge types, where some are given."""
    known = workflow.block_by_id
    for position, edge in enumerate(workflow.edges):
        ends = [
            tuple(known[name] for name in names if name in known)
            for names in (edge.sources, edge.targets)
        ]
        route: Route = ("spec", "edges", position, "config")
        if not types or edge.type in types:
            yield Configuration(edge, edge.type, edge.config, route, ends[0], ends[1])
        inner = edge.config.get("edge") if edge.type == "map" else None
        if isinstance(inner, dict) and isinstance(inner.get("type"), str):
            config = inner.get("config")
            type_ = str(inner["type"])
            if (not types or type_ in types) and isinstance(config, dict | None):
                below = (*route, "edge", "config")
                yield Configuration(edge, type_, config or {}, below, ends[0], ends[1], inner=True)


def named(blocks: Sequence[Block], name: Value) -> Block | None:
    """The block of an id, else of a label, as edges find theirs."""
    for block in blocks:
        if name == block.id:
            return block
    return next((block for block in blocks if block.label and name == block.label), None)


def near(name: str, known: Sequence[str], what: str) -> str:
    """The nearest known name, else all of them."""
    return did_you_mean(name, known, f"{what}: {', '.join(known[:20]) or 'none'}")


def conditions_of(found: Configuration) -> Iterator[tuple[Frozen, Route]]:
    """Every condition of a `branch` or a `loop` with its place."""
    lists: list[tuple[Value, Route]] = []
    if found.type == "branch":
        cases = found.config.get("cases")
        for name, case in cases.items() if isinstance(cases, dict) else ():
            if isinstance(case, dict):
                lists.append((case.get("conditions"), (*found.route, "cases", name, "conditions")))
    elif found.type == "loop":
        lists = [(found.config.get(key), (*found.route, key)) for key in ("while", "until")]
    for conditions, route in lists:
        for position, condition in enumerate(conditions if isinstance(conditions, list) else []):
            if isinstance(condition, dict):
                yield condition, (*route, position)


class BranchMove(Record, frozen=True):
    """`{from, to}` of a branch; `case` is empty for `else`."""

    case: str
    move: Frozen
    route: Route


def moves_of(found: Configuration) -> Iterator[BranchMove]:
    """Every move of a `branch` with its place."""
    cases = found.config.get("cases")
    for name, case in cases.items() if isinstance(cases, dict) else ():
        if isinstance(case, dict):
            key: Literal["thens", "then"] = "thens" if case.get("thens") else "then"
            yield from _moves(name, case.get(key), (*found.route, "cases", name, key))
    yield from _moves("", found.config.get("else"), (*found.route, "else"))


def _moves(case: str, value: Value, route: Route) -> Iterator[BranchMove]:
    if isinstance(value, dict):
        yield BranchMove(case, value, route)
    for position, move in enumerate(value if isinstance(value, list) else []):
        if isinstance(move, dict):
            yield BranchMove(case, move, (*route, position))
