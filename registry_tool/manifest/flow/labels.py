"""How sources spread over a workflow's blocks: which each value may hold, as text or as data, and by which way.

A label is a source at a place, with whether its free text still gets there: a closed schema lets the data through
and keeps the words out. Places are blocks and inputs. Labels spread edge by edge, the shortest way first.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Final

from registry_tool.core.records import Record
from registry_tool.manifest.flow.origins import DataOrigin

MOST: Final = 16
"""Sources of one nature that a place keeps: that some meet is what counts, not how many."""

StateLocation = tuple[str, str]
"""A kind (`block`, `input`) and a name."""


class Arc(Record, frozen=True):
    """A step from place to place along an edge (None: an input fills its block); `text` passes words on."""

    source: StateLocation
    target: StateLocation
    edge: str | None = None
    text: bool = True


class Entry(Record, frozen=True):
    """A source that an edge brings to a place, or that is there from the beginning (no edge)."""

    origin: DataOrigin
    target: StateLocation
    edge: str | None = None
    text: bool = True


_Key = tuple[StateLocation, DataOrigin, bool]


class Labels:
    """All labels of one workflow, and the way of each."""

    def __init__(self, arcs: Iterable[Arc], entries: Iterable[Entry], most: int = MOST) -> None:
        self._most = most
        self._from: dict[_Key, tuple[str | None, _Key | None]] = {}
        self._count: Counter[tuple[StateLocation, bool, bool, bool]] = Counter()
        self._at: dict[StateLocation, list[tuple[DataOrigin, bool]]] = {}
        self._waiting: deque[_Key] = deque()
        leaving: dict[StateLocation, list[Arc]] = {}
        for arc in arcs:
            leaving.setdefault(arc.source, []).append(arc)
        for entry in entries:
            self._add((entry.target, entry.origin, entry.text), entry.edge, None)
        while self._waiting:
            key = self._waiting.popleft()
            place, origin, text = key
            for arc in leaving.get(place, ()):
                self._add((arc.target, origin, text and arc.text), arc.edge, key)

    def _add(self, key: _Key, edge: str | None, before: _Key | None) -> None:
        place, origin, text = key
        if key in self._from or not self._is_wanted(place, origin, text=text):
            return
        self._from[key] = (edge, before)
        self._at.setdefault(place, []).append((origin, text))
        self._waiting.append(key)

    def _is_wanted(self, place: StateLocation, origin: DataOrigin, *, text: bool) -> bool:
        """Untrusted words alone count as such, and data does in either form; of each some are enough."""
        if not (origin.private or (origin.untrusted and text)):
            return False
        nature = (place, origin.private, origin.untrusted, text)
        self._count[nature] += 1
        return self._count[nature] <= self._most

    def at(self, place: StateLocation) -> Sequence[tuple[DataOrigin, bool]]:
        """The sources at a place, nearest first, each with whether its words get there."""
        return self._at.get(place, ())

    def way(self, place: StateLocation, origin: DataOrigin, *, text: bool) -> tuple[str, ...]:
        """The way of a label: ids of edges and blocks in turn, from where the source comes in."""
        steps: list[str] = []
        key: _Key | None = (place, origin, text)
        while key is not None:
            edge, before = self._from[key]
            if (
                before is None or before[0][1] != key[0][1]
            ):  # an input and the block of its name are one step
                steps.append(key[0][1])
            if edge is not None:
                steps.append(edge)
            key = before
        return tuple(reversed(steps))
