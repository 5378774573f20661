"""What validating costs at most: counted from the schema, before anything validates with it."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.manifest.json_schema.bounds import parts_of
from registry_tool.manifest.json_schema.cost import CircularError, SchemaCost
from registry_tool.manifest.json_schema.locations import schema_findings, steps_of
from registry_tool.manifest.json_schema.misfit import misfit
from tests import bounded
from tests.manifest.json_schema.strange_schemas import doubled, manifest


def rest_of_rest(depth: int, word: str = "unevaluatedProperties") -> dict[str, Any]:
    """Each level asks what the level below has looked at: eight more take a validator 400 times as long."""
    schema: dict[str, Any] = {"properties": {"a": True}}
    for number in range(depth):
        schema = {"allOf": [schema], word: False, "properties": {f"p{number}": True}}
    return schema


def contained(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(depth):
        schema = {"contains": schema, "unevaluatedItems": False}
    return schema


COSTLY: dict[str, dict[str, Any]] = {
    "rest of the rest": rest_of_rest(24),
    "rest of the items": rest_of_rest(24, "unevaluatedItems"),
    "contained in the contained": contained(30),
    "doubled": doubled(20),
    "doubled oneOf": doubled(60, "oneOf"),
    "itself": {"$ref": "#"},
    "a circle": {"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}},
    "choices": {"enum": list(range(10_000))},
    "a long pattern": {"pattern": "a" * 1_001},
    "many patterns": {"patternProperties": {f"a{n}": {} for n in range(201)}},
    "many references": {
        "prefixItems": [{"$ref": "#/$defs/a"}] * 301,
        "$defs": {"a": {"type": "string"}},
    },
    "a long chain": {
        "$ref": "#/$defs/d0",
        "$defs": {
            **{f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(250)},
            "d250": {"type": "string"},
        },
    },
    "branches at every level": {
        "anyOf": [{"properties": {"a": {"$ref": "#"}}}] * 60,
    },
}


@pytest.mark.parametrize("name", COSTLY)
def test_what_costs_too_much_is_refused_before_it_is_used(name: str) -> None:
    with bounded.ends():
        value = manifest(block={"schema": COSTLY[name]})
        problems = list(schema_findings(value))
        assert problems
        assert all(problem.help and problem.route[0] == "spec" for problem in problems)
        if name != "branches at every level":  # for a flat value there is nothing to multiply
            with pytest.raises(ValueError):
                misfit("text", COSTLY[name])


def test_steps_are_counted() -> None:
    assert steps_of(parts_of({"type": "string"})) == 1
    assert steps_of(parts_of(doubled(3))) == 1 + sum(2**n for n in range(4)) + sum(
        2**n for n in (1, 2, 3)
    )
    assert steps_of(parts_of(rest_of_rest(12))) > 100 * steps_of(parts_of(rest_of_rest(6)))
    assert steps_of(parts_of(rest_of_rest(4))) < 500
    wide = {"properties": {f"p{n}": {"type": "string"} for n in range(100)}}
    assert steps_of(parts_of(wide)) == 2
    assert SchemaCost(parts_of({"items": {"$ref": "#"}})).recursive
    with pytest.raises(CircularError):
        SchemaCost(parts_of({"$ref": "#"})).steps()


def test_a_tree_may_be_as_deep_as_values_may() -> None:
    tree: Object = {"type": "object", "properties": {n: {"$ref": "#"} for n in ("left", "right")}}
    value: Any = {}
    for _ in range(60):
        value = {"left": value, "right": {}}
    assert misfit(value, tree) is None
