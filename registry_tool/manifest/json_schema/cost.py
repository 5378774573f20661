"""What validating with a JSON Schema costs at most, counted from the schema alone.

A step is one subschema that is looked at for one value. Branches (`anyOf`, `allOf` …) and references multiply
them; what lies below a value (`properties`, `items` …) is counted for the worst way down through it. Where a
schema refers to itself the steps grow with the depth of the value: they are counted again for the value at hand.

`unevaluatedProperties` and `unevaluatedItems` want to know what the other keywords have seen, so the validator
goes through the branches beside them again, and through those below again for each such word on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Value
from registry_tool.manifest.json_schema.bounds import REFERENCES, Parts, pointer_of

MOST_STEPS: Final = 100_000
MOST_STEPS_AND_PARTS: Final = 20_000_000
"""Of steps times the parts of a value: about a second."""
FEW_STEPS: Final = 64
DEPTH_OF_VALUES: Final = 64
SHALLOW: Final = 3
"""So deep may a value be at least where a schema refers to itself."""

_MOST: Final = 10**9
_LONGEST_CHAIN: Final = 200
_PLAIN_CHOICES: Final = 100  # so many of them are looked up in the time of one step
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")
_ANY_NAME = ("additionalProperties", "unevaluatedProperties", "propertyNames")
_ANY_ITEM = ("items", "additionalItems", "contains", "unevaluatedItems")

Key = tuple[str, ...]


class CircularError(ValueError):
    """A schema leads back to itself without going deeper into the value. `key` is the part that does."""

    def __init__(self, key: Key) -> None:
        super().__init__("the schema leads back to itself without going deeper into the value")
        self.key = key


class ChainError(ValueError):
    """References and branches follow each other too long. `key` is the part where it was given up."""

    def __init__(self, key: Key) -> None:
        super().__init__(
            f"references and branches follow each other more than {_LONGEST_CHAIN} times"
        )
        self.key = key


class _Reach(Record, frozen=True):
    """What is looked at for one value: steps, and how often each part for what lies below it.

    Below is by name of a property (`.name`; `.` for any) or position of an item (`[0`; `[` for any).
    """

    steps: int
    below: Counter[tuple[str, Key]]

    def __add__(self, other: _Reach) -> _Reach:
        below = Counter(self.below)
        for location, times in other.below.items():
            below[location] = min(below[location] + times, _MOST)
        return _Reach(min(self.steps + other.steps, _MOST), below)


@dataclass(slots=True)
class SchemaCost:
    """The cost of one schema; `CircularError` and `ChainError` where it has no bound."""

    parts: Parts
    _reaches: dict[Key, _Reach] = field(default_factory=dict)
    _again: dict[Key, _Reach] = field(default_factory=dict)
    _steps: dict[tuple[Key, int], int] = field(default_factory=dict)

    def steps(self, depth: int = DEPTH_OF_VALUES) -> int:
        """The steps that one way down through a value of this depth takes at most."""
        return self._down((), depth)

    @property
    def recursive(self) -> bool:
        """True where a deeper value always can cost more."""
        graph: dict[Key, set[Key]] = {}
        waiting: list[Key] = [()]
        while waiting:
            if (key := waiting.pop()) not in graph:
                graph[key] = {target for _, target in self._reach(key, 0).below}
                waiting += graph[key]
        try:
            TopologicalSorter(graph).prepare()
        except CycleError:
            return True
        return False

    def _down(self, key: Key, depth: int) -> int:
        known = self._steps.get((key, depth))
        if known is not None:
            return known
        reach = self._reach(key, 0)
        total = reach.steps
        if depth > 0:
            sums: Counter[str] = Counter()
            for (location, target), times in reach.below.items():
                sums[location] = min(sums[location] + times * self._down(target, depth - 1), _MOST)
            total += max(_worst(sums, "."), _worst(sums, "["))
        self._steps[key, depth] = min(total, _MOST)
        return self._steps[key, depth]

    def _reach(self, key: Key, chain: int, above: tuple[Key, ...] = ()) -> _Reach:
        """What looking at a part takes; beside it is kept what finding out what it has looked at takes."""
        if key in self._reaches:
            return self._reaches[key]
        if key in above:
            raise CircularError(key)
        if chain > _LONGEST_CHAIN:
            raise ChainError(key)
        children = Counter(dict(_children(self.parts, key)))
        plain = _Reach(self._own_steps(key), children)
        again = _Reach(1, _named(children, "contains"))
        for target in _in_place(self.parts, key):
            reach = self._reach(target, chain + 1, (*above, key))
            plain, again = plain + reach, again + reach + self._again[target]
        schema = self.parts[key].schema
        for word in _UNEVALUATED:
            if isinstance(schema, dict) and word in schema:
                plain += again
        rest = _Reach(0, _named(children, *_UNEVALUATED))  # a schema around asks them again, too
        self._reaches[key], self._again[key] = plain, again + rest
        return plain

    def _own_steps(self, key: Key) -> int:
        schema = self.parts[key].schema
        choices = schema.get("enum") if isinstance(schema, dict) else None
        if not isinstance(choices, list):
            return 1
        nested = sum(isinstance(choice, dict | list) for choice in choices)
        return 1 + nested + (len(choices) - nested) // _PLAIN_CHOICES


def _named(below: Counter[tuple[str, Key]], *words: str) -> Counter[tuple[str, Key]]:
    """Of what lies below, what these keywords ask."""
    return Counter({location: n for location, n in below.items() if location[1][-1] in words})


def _worst(sums: Counter[str], kind: str) -> int:
    named = [steps for location, steps in sums.items() if location[0] == kind and location != kind]
    return max(named, default=0) + sums[kind]


def _in_place(parts: Parts, key: Key) -> Iterator[Key]:
    """The parts that the same value has to be looked at with, one for each time."""
    schema = parts[key].schema
    if not isinstance(schema, dict):
        return
    for word in _LISTS:
        yield from _listed(parts, key, word)
    yield from ((*key, word) for word in _SINGLE if (*key, word) in parts)
    for word in ("dependentSchemas", "dependencies"):
        named = schema.get(word)
        yield from _known(parts, key, word, named)
    for word in REFERENCES:
        reference = schema.get(word)
        pointer = pointer_of(reference) if isinstance(reference, str) else None
        if pointer is not None and pointer in parts:
            yield pointer


def _listed(parts: Parts, key: Key, word: str) -> Iterator[Key]:
    part = parts.get((*key, word))
    items = part.schema if part else None
    for position in range(len(items) if isinstance(items, list) else 0):
        yield (*key, word, str(position))


def _known(parts: Parts, key: Key, word: str, named: Value) -> Iterator[Key]:
    for name in named if isinstance(named, dict) else ():
        if (*key, word, name) in parts:
            yield (*key, word, name)


def _children(parts: Parts, key: Key) -> Iterator[tuple[tuple[str, Key], int]]:
    """The parts that what lies below a value has to be looked at with, by its place."""
    schema = parts[key].schema
    if not isinstance(schema, dict):
        return
    for target in _known(parts, key, "properties", schema.get("properties")):
        yield (f".{target[-1]}", target), 1
    for target in _known(parts, key, "patternProperties", schema.get("patternProperties")):
        yield (".", target), 1
    for word in _ANY_NAME:
        if (*key, word) in parts:
            yield (".", (*key, word)), 1
    for target in (*_listed(parts, key, "prefixItems"), *_listed(parts, key, "items")):
        yield (f"[{target[-1]}", target), 1
    for word in _ANY_ITEM:
        if (part := parts.get((*key, word))) and not isinstance(part.schema, list):
            yield ("[", (*key, word)), 1


def measure(value: Value) -> tuple[int, int]:
    """(depth, parts) of a value; depth 0 for one that holds no others."""
    deepest = count = 0
    waiting: list[tuple[Value, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        deepest, count = max(deepest, depth), count + 1
        if isinstance(item, dict):
            waiting += [(below, depth + 1) for below in item.values()]
        elif isinstance(item, list):
            waiting += [(below, depth + 1) for below in item]
    return deepest, count
