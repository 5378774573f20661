"""`expected` of a test case: a partial match, numbers within a tolerance (SPEC.md §1)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass

from registry_tool.core.values import Value

FROM_MODEL = 0.2  # absolute
COMPUTED = 1e-6  # relative


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far numbers may be apart: `absolute`, or `relative` to the larger one."""

    absolute: float = 0.0
    relative: float = COMPUTED

    def admits(self, actual: float, expected: float) -> bool:
        """True where the two count as equal."""
        # 0.7 and 0.9 are 0.2 apart on paper and a little more in binary.
        absolute = self.absolute * (1 + 1e-9)
        try:
            return math.isclose(actual, expected, rel_tol=self.relative, abs_tol=absolute)
        except OverflowError:  # an integer of hundreds of digits
            return actual == expected


def tolerance(*, from_model: bool, chosen: float | None) -> Tolerance:
    """The tolerance of an output: a test's own, else by whether a model had a hand in it."""
    if chosen is not None:
        return Tolerance(chosen, 0.0) if from_model else Tolerance(0.0, chosen)
    return Tolerance(FROM_MODEL, 0.0) if from_model else Tolerance()


def differences(actual: Value, expected: Value, near: Tolerance, path: str = "") -> Iterator[str]:
    """Where `actual` is not what `expected` says; keys that `expected` leaves out are not looked at."""
    here = path or "the value"
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            yield f"{here} is {_short(actual)}, not an object"
            return
        for key, item in expected.items():
            below = f"{path}.{key}" if path else key
            if key in actual:
                yield from differences(actual[key], item, near, below)
            else:
                yield f"{below} is missing"
    elif isinstance(expected, list):
        yield from _list_differences(actual, expected, near, path, here)
    elif _number(expected) and _number(actual):
        if not near.admits(actual, expected):  # type: ignore[arg-type]
            yield f"{here} is {_short(actual)}, not {_short(expected)}{_within(near)}"
    elif actual != expected or type(actual) is not type(expected):
        yield f"{here} is {_short(actual)}, not {_short(expected)}"


def _list_differences(
    actual: Value, expected: list[Value], near: Tolerance, path: str, here: str
) -> Iterator[str]:
    if not isinstance(actual, list):
        yield f"{here} is {_short(actual)}, not a list"
    elif len(actual) != len(expected):
        yield f"{here} has {len(actual)} items, not {len(expected)}"
    else:
        for position, (one, other) in enumerate(zip(actual, expected, strict=True)):
            yield from differences(one, other, near, f"{path}[{position}]")


def _number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _within(near: Tolerance) -> str:
    return f" ± {near.absolute:g}" if near.absolute else ""


def _short(value: Value) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "…"
