"""Assertions on values: equals, approx; and on the run: latency."""

from __future__ import annotations

from registry_tool.core.values import Frozen
from registry_tool.engine.assertions.base import (
    Assertion,
    AssertionFormError,
    Outcome,
    wanted,
)
from registry_tool.engine.assertions.expected import Tolerance, differences


def _equals(outcome: Outcome, assertion: Frozen) -> str | None:
    value = wanted(assertion)
    return None if outcome.value == value else f"it is not {value!r}"


def _approx(outcome: Outcome, assertion: Frozen) -> str | None:
    near = Tolerance(_number(assertion, "tolerance", 0.0), _number(assertion, "relative", 1e-6))
    return next(differences(outcome.value, wanted(assertion), near), None)


def _latency(outcome: Outcome, assertion: Frozen) -> str | None:
    most = _number(assertion, "threshold", None)
    found = outcome.seconds * 1000
    return None if found <= most else f"the run took {found:.0f} ms, more than {most:g}"


def _number(assertion: Frozen, key: str, usual: float | None) -> float:
    value = assertion.get(key, usual)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise AssertionFormError(f"the assertion {assertion.get('type')} needs a number as {key}")
    return float(value)


EQUALS = Assertion("equals", _equals)
APPROX = Assertion("approx", _approx)
LATENCY = Assertion("latency", _latency)
