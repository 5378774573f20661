"""How sources spread over a workflow's blocks: which each value may hold, as text or as data, and by which way.

A label is a source at a node, with whether its free text still gets there: a closed schema lets the data through
and keeps the words out. Nodes are blocks, inputs, and what goes into and comes out of edges. Labels spread from
node to node, the shortest way first.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Final

from registry_tool.core.records import Record
from registry_tool.manifest.flow.origins import DataOrigin

MOST: Final = 16
"""Sources of one nature that a node keeps: that some meet is what counts, not how many."""

MOST_STEPS: Final = 24
"""Of a way that is told."""


class LabelNode(Record, frozen=True):
    """Where a value is: of a kind, by name; `step` is its part of a way, empty for what no reader needs to see."""

    kind: str
    name: str
    step: str = ""


class Arc(Record, frozen=True):
    """A step from node to node; `text` passes words on."""

    source: LabelNode
    target: LabelNode
    text: bool = True


class Entry(Record, frozen=True):
    """A source that comes in at a node."""

    origin: DataOrigin
    node: LabelNode
    text: bool = True


_Key = tuple[LabelNode, DataOrigin, bool]
_Nature = tuple[LabelNode, bool, bool, bool, bool, tuple[str, str]]
"""What makes a difference to a meeting: many sources of one nature must not crowd out those of another."""


class Labels:
    """All labels of one workflow, and the way of each."""

    def __init__(self, arcs: Iterable[Arc], entries: Iterable[Entry], most: int = MOST) -> None:
        self._most = most
        self._from: dict[_Key, _Key | None] = {}
        self._count: Counter[_Nature] = Counter()
        self._at: dict[LabelNode, list[tuple[DataOrigin, bool]]] = {}
        self._waiting: deque[_Key] = deque()
        self.stopping: dict[LabelNode, None] = {}
        """Nodes that somebody's words came to and did not get into."""
        leaving: dict[LabelNode, list[Arc]] = {}
        for arc in arcs:
            leaving.setdefault(arc.source, []).append(arc)
        for entry in entries:
            self._add((entry.node, entry.origin, entry.text), None)
        while self._waiting:
            key = self._waiting.popleft()
            node, origin, text = key
            for arc in leaving.get(node, ()):
                if origin.untrusted and text and not arc.text:
                    self.stopping[arc.target] = None
                self._add((arc.target, origin, text and arc.text), key)

    def _add(self, key: _Key, before: _Key | None) -> None:
        node, origin, text = key
        if key in self._from or not self._is_wanted(node, origin, text=text):
            return
        self._from[key] = before
        self._at.setdefault(node, []).append((origin, text))
        self._waiting.append(key)

    def _is_wanted(self, node: LabelNode, origin: DataOrigin, *, text: bool) -> bool:
        """Untrusted words alone count as such, and data does in either form; of each some are enough."""
        if not (origin.private or (origin.untrusted and text)):
            return False
        nature = (node, origin.private, origin.untrusted, origin.given, text, origin.opened_by)
        self._count[nature] += 1
        return self._count[nature] <= self._most

    def at(self, node: LabelNode) -> Sequence[tuple[DataOrigin, bool]]:
        """The sources at a node, nearest first, each with whether its words get there."""
        return self._at.get(node, ())

    def way(self, node: LabelNode, origin: DataOrigin, *, text: bool) -> tuple[str, ...]:
        """The way of a label: edges and blocks in turn, from where the source comes in."""
        steps: list[str] = []
        key: _Key | None = (node, origin, text)
        while key is not None:
            step = key[0].step
            if step and step != (
                steps[-1] if steps else ""
            ):  # an input and the block of its name are one
                steps.append(step)
            key = self._from[key]
        return _shortened(steps[::-1])


def _shortened(steps: list[str]) -> tuple[str, ...]:
    """A long way's beginning and end."""
    if len(steps) <= MOST_STEPS:
        return tuple(steps)
    half = MOST_STEPS // 2
    return (*steps[:half], f"… {len(steps) - 2 * half} more …", *steps[-half:])
