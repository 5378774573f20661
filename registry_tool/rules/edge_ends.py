"""Ids are unique, and both ends of every edge exist, as do the blocks that it runs by (`when`)."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Route
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    yield from _twice("blocks", [block.id for block in subject.workflow.blocks])
    yield from _twice("edges", [edge.id for edge in subject.workflow.edges])
    known = list(subject.workflow.block_by_id)
    for position, edge in enumerate(subject.workflow.edges):
        for end, ids in (("source", edge.sources), ("target", edge.targets), ("when", edge.when)):
            for index, block in enumerate(ids):
                if block not in subject.workflow.block_by_id:
                    route: Route = ("spec", "edges", position, end, index)
                    yield Problem(
                        route,
                        f"the edge {edge.id} has the {end} {block!r}, but there is no such block",
                        _help(block, known),
                    )


def _help(block: str, known: list[str]) -> str:
    return did_you_mean(block, known, f"blocks: {', '.join(known[:20])}")


def _twice(kind: str, ids: list[str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for position, name in enumerate(ids):
        if name in first:
            yield Problem(
                ("spec", kind, position, "id"),
                f"the id {name!r} is taken by entry {first[name] + 1} of {kind}",
                "give every one its own id",
            )
        first.setdefault(name, position)


RULE = Rule("edge-ends", "Ids are unique and both ends of every edge exist.", _check)
