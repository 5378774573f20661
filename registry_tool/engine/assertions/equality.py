"""Assertions on whole values: equals, approx."""

from __future__ import annotations

import json

from registry_tool.core.files import same
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions.base import number, plain, short, wanted
from registry_tool.engine.assertions.expected import Tolerance, differences


def _equals(value: Value, form: Frozen) -> str | None:
    expected = wanted(form)
    if same(value, expected) or _reads_as(value, expected):
        return None
    return f"it is not {short(json.dumps(expected, ensure_ascii=False))}"


def _reads_as(value: Value, expected: Value) -> bool:
    """True for a text that is the JSON of an expected object or list."""
    if not isinstance(value, str) or not isinstance(expected, dict | list):
        return False
    try:
        return same(json.loads(value), expected)
    except (ValueError, RecursionError):
        return False


def _approx(value: Value, form: Frozen) -> str | None:
    near = Tolerance(number(form, "tolerance", 0.0), number(form, "relative", 1e-6))
    return next(differences(value, wanted(form), near), None)


EQUALS = plain("equals", _equals)
APPROX = plain("approx", _approx)
