"""Where a workflow lets something out: its own edges, and those of the workflows that it calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from registry_tool.core.records import Record
from registry_tool.manifest.destinations import destinations, parts
from registry_tool.manifest.flow.dataflow import Dataflow, given_to, inside, into, shown
from registry_tool.manifest.flow.labels import LabelNode
from registry_tool.manifest.flow.origins import (
    COLLECTION,
    DataOrigin,
    authority,
    hosts_of,
    only_reads,
    secret_of,
)
from registry_tool.manifest.model import Edge

SAVED_FILES: Final = "the saved files"
"""The way out of a `save` edge, in words."""
MOST_WAYS: Final = 16
"""Ways of one edge to one destination that are told apart."""


class WayOut(Record, frozen=True):
    """An edge that sends what it takes in to a destination, in words; `by` is the called workflow that does.

    `edge` is its id, `step` its part of a way. `inflow` are the nodes that it takes in, each with whether their
    words go along; `own` are sources that come in at the edge itself. `opened` are the secret and the host of a
    request that only reads there.
    """

    edge: str
    step: str
    destination: str
    inflow: tuple[tuple[LabelNode, bool], ...]
    own: tuple[tuple[DataOrigin, bool], ...] = ()
    by: str = ""
    opened: tuple[str, str] = ("", "")


Arrival = tuple[DataOrigin, bool, LabelNode | None]
"""A source, whether its words get there, and from which node (None: it comes in at the edge itself)."""


def ways_out(flows: Dataflow) -> Iterator[WayOut]:
    """Every way out, by edge."""
    return _WaysOut({}).of(flows)


def arriving(flows: Dataflow, way: WayOut) -> Iterator[Arrival]:
    """The sources at a way out."""
    for node, text in way.inflow:
        yield from ((origin, words and text, node) for origin, words in flows.labels.at(node))
    yield from ((origin, words, None) for origin, words in way.own)


class _WaysOut:
    """Those of called workflows are looked up once, None while at work: one that calls itself ends."""

    def __init__(self, called: dict[str, tuple[WayOut, ...] | None]) -> None:
        self._called = called

    def of(self, flows: Dataflow) -> Iterator[WayOut]:
        for edge in flows.workflow.edges:
            yield from _own(flows, edge)
            if (callee := flows.callee(edge)) is not None:
                yield from few(
                    _through(flows, edge, callee, way) for way in self._of_called(callee)
                )

    def _of_called(self, callee: Dataflow) -> tuple[WayOut, ...]:
        name = callee.workflow.name
        if name not in self._called:
            self._called[name] = None
            self._called[name] = tuple(self.of(callee))
        return self._called[name] or ()


def _own(flows: Dataflow, edge: Edge) -> Iterator[WayOut]:
    secret = authority(flows.workflow, edge)
    own = () if secret is None else ((secret, False),)
    opened = _opened(flows, edge)
    for destination in _destinations(flows, edge):
        inflow = ((into(edge), True),)
        at = opened.get(destination, ("", ""))
        yield WayOut(edge.id, shown(edge), destination, inflow, own, "", at)


def _through(flows: Dataflow, edge: Edge, callee: Dataflow, way: WayOut) -> WayOut:
    """A way out of a called workflow, as its caller sees it."""
    inflow: dict[tuple[LabelNode, bool], None] = {}
    own: dict[tuple[DataOrigin, bool], None] = {}
    kept = list(flows.kept_for(edge))
    for origin, words, _ in arriving(callee, way):
        if origin.kind == COLLECTION:
            inflow |= {(node, text and words): None for node, text in kept}
        if origin in callee.inputs:
            inflow[given_to(edge, callee.inputs[origin]), words] = None
        else:
            own[inside(origin, callee.workflow), words] = None
    by = way.by or callee.workflow.name
    return WayOut(edge.id, shown(edge), way.destination, tuple(inflow), tuple(own), by, way.opened)


def few(ways: Iterable[WayOut]) -> Iterator[WayOut]:
    """Each way of one edge once; too many to one destination as a single one that takes in all.

    A workflow that is called twice by each of its callers would have twice as many ways at every level.
    """
    groups: dict[tuple[str, str, tuple[str, str]], dict[WayOut, None]] = {}
    for way in ways:
        groups.setdefault((way.destination, way.by, way.opened), {})[way] = None
    for group in groups.values():
        yield from group if len(group) <= MOST_WAYS else [_joined([*group])]


def _joined(ways: list[WayOut]) -> WayOut:
    inflow = dict.fromkeys(end for way in ways for end in way.inflow)
    own = dict.fromkeys(end for way in ways for end in way.own)
    return replace(ways[0], inflow=tuple(inflow), own=tuple(own))


def _destinations(flows: Dataflow, edge: Edge) -> list[str]:
    found = sorted(destinations(flows.workflow, edge, flows.here))
    saves = any(kind == "save" for kind, _ in parts(edge))
    return [*found, *([SAVED_FILES] if saves else [])]


def _opened(flows: Dataflow, edge: Edge) -> dict[str, tuple[str, str]]:
    """The secret and the host of a request that only reads, by its destination: what they opened may go back."""
    secret = next((secret_of(config) for kind, config in parts(edge) if kind == "http"), "")
    if not secret or not only_reads(edge):
        return {}
    return {f"the host {host}": (secret, host) for host in hosts_of(flows.workflow, edge)}
