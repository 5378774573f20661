"""The one way to check a value against a JSON Schema that a stranger wrote.

Nothing is looked up outside the schema, patterns are matched in linear time (they know no look-around and no
back-references), and both the schema's cost and that for the value at hand are bounded.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any, Final, cast

import jsonschema_rs

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.json_schema.bounds import form_problems, parts_of
from registry_tool.manifest.json_schema.cost import (
    DEPTH_OF_VALUES,
    FEW_STEPS,
    MOST_STEPS,
    MOST_STEPS_AND_PARTS,
    SchemaCost,
    measure,
)

_LONGEST: Final = 240
_PATTERN_BYTES: Final = 2 * 2**20
_MOST_TO_EXPLAIN: Final = 4_000_000
"""Of steps times characters of a value: the library keeps a copy of the value for every branch that failed."""
_KEPT: Final = 256


@cache
def _no_backtracking() -> jsonschema_rs.RegexOptions:
    return jsonschema_rs.RegexOptions(size_limit=_PATTERN_BYTES, dfa_size_limit=_PATTERN_BYTES)


class _Ready(Record, frozen=True):
    """A schema that may be validated with. `cost` is there where it depends on the value's depth."""

    validator: Any  # jsonschema_rs has no stubs for its validators' base class
    steps: int
    cost: SchemaCost | None

    def steps_for(self, value: Value) -> int:
        """The steps that this value takes at most on one way down; `ValueError` where that is too much."""
        if self.cost is None and self.steps <= FEW_STEPS:
            return self.steps
        depth, parts = measure(value)
        steps = self.steps if self.cost is None else self.cost.steps(min(depth, DEPTH_OF_VALUES))
        if steps > MOST_STEPS or (steps > FEW_STEPS and steps * parts > MOST_STEPS_AND_PARTS):
            raise ValueError(
                "its branches multiply too often for a value that is so deep or so large"
            )
        return steps


def misfit(value: Value, schema: Frozen, *, keyword: bool = False) -> str | None:
    """Why a value breaks a manifest's own JSON Schema, with its place; None where it fits.

    With `keyword`, the place in the schema is given, too (`properties/score/maximum`).

    `ValueError` where the schema is invalid, refers to anything but its own parts, or costs too much.
    """
    ready = _ready(json.dumps(schema))
    steps = ready.steps_for(value)
    if ready.validator.is_valid(value):
        return None
    if steps > FEW_STEPS and steps * len(json.dumps(value)) > _MOST_TO_EXPLAIN:
        return "it fits none of the many forms that the schema allows"
    try:
        ready.validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        return _sentence(error, keyword=keyword)
    return None


@lru_cache(_KEPT)
def _ready(text: str) -> _Ready:
    """The validator of a schema that is given as JSON."""
    schema = cast(Value, json.loads(text))
    parts = parts_of(schema)
    if wrong := next(form_problems(parts), None):
        raise ValueError(wrong.message)
    cost = SchemaCost(parts)
    recursive = cost.recursive
    steps = cost.steps(0 if recursive else DEPTH_OF_VALUES)
    if steps > MOST_STEPS:
        raise ValueError(f"its branches multiply to {steps} steps a value, more than {MOST_STEPS}")
    try:
        validator = jsonschema_rs.Draft202012Validator(
            cast(Any, schema), pattern_options=_no_backtracking(), offline=True
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise ValueError(str(error).splitlines()[0][:200]) from None
    return _Ready(validator, steps, cost if recursive else None)


def _sentence(error: jsonschema_rs.ValidationError, *, keyword: bool) -> str:
    where = "".join(f"[{step!r}]" for step in error.instance_path)
    rule = f" ({'/'.join(map(str, error.schema_path))})" if keyword else ""
    return f"{where}{': ' if where else ''}{_shortened(error.message)}{rule}"


def _shortened(text: str) -> str:
    """Both ends of a long sentence: the value stands first, what is wrong with it last."""
    return text if len(text) <= _LONGEST else f"{text[:120]} … {text[-80:]}"
