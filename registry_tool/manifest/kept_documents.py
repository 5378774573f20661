"""Collections of a workspace: what one edge keeps in one, another finds there without any arc between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from registry_tool.manifest.destinations import called, parts
from registry_tool.manifest.model import Edge, Workflow


def collections_of(edge: Edge, callees: Mapping[str, Workflow]) -> frozenset[str]:
    """The collections that an edge keeps documents in or searches, by itself or in the workflows that it calls."""
    found = set(_own(edge))
    waiting, seen = [called(edge)], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in callees or name in seen:
            continue
        seen.add(name)
        for inner in callees[name].edges:
            found |= _own(inner)
            waiting.append(called(inner))
    return frozenset(found)


def sharing(edges: Iterable[Edge], callees: Mapping[str, Workflow]) -> dict[str, tuple[Edge, ...]]:
    """The other edges whose documents each edge may find, by its id; only edges that share a collection."""
    named = [(edge, names) for edge in edges if (names := collections_of(edge, callees))]
    return {
        edge.id: tuple(other for other, theirs in named if other is not edge and names & theirs)
        for edge, names in named
    }


def _own(edge: Edge) -> set[str]:
    names = (config.get("collection") for _, config in parts(edge))
    return {name for name in names if isinstance(name, str) and name}
