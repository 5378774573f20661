"""The published JSON Schemas: one for every edge type, every key described, and mistakes against them told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from registry_tool.engine.edges.all_edges import ALL_EDGES
from registry_tool.engine.edges.conditions import CONDITIONS
from registry_tool.engine.edges.text.list_operations import OPERATIONS
from registry_tool.manifest import schemas
from registry_tool.manifest.edge_config import (
    edge_schema,
)
from registry_tool.manifest.schemas import (
    EDGE_TYPES,
    MANIFEST_SCHEMA,
    edge_schema_file,
    schema_object,
    schema_text,
)


def test_no_schema_is_false() -> None:
    """Of a value that `false` refuses, the validator tells neither the place nor why: `{"not": {}}` has both."""
    files = [*Path(schemas.__file__).parent.glob("schema/**/*.json")]
    assert len(files) > 10
    for file in files:
        assert not list(_false(json.loads(file.read_text()))), file.name


def _false(schema: object) -> Iterator[object]:
    if not isinstance(schema, dict):
        return
    for name in ("properties", "patternProperties", "$defs"):
        for below in schema.get(name, {}).values():
            yield from [below] if below is False else _false(below)
    for name in ("if", "then", "else", "items", "not"):
        yield from _false(schema.get(name))
    for name in ("allOf", "anyOf", "oneOf"):
        for below in schema.get(name, ()):
            yield from _false(below)


def test_every_edge_type_has_a_schema_and_nothing_else_has_one() -> None:
    folder = Path(__file__).parents[2] / "registry_tool/manifest/schema/edges"
    assert set(ALL_EDGES) == set(EDGE_TYPES)
    assert {path.name for path in folder.iterdir()} == {f"{t}.schema.json" for t in EDGE_TYPES}
    manifest = cast(Any, schema_object(MANIFEST_SCHEMA))
    assert set(manifest["$defs"]["edge"]["properties"]["type"]["enum"]) == set(EDGE_TYPES)
    inner = cast(Any, edge_schema("map"))["properties"]["edge"]["properties"]["type"]["enum"]
    assert set(inner) == set(EDGE_TYPES) - {"map", "loop"}


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_every_key_is_described_and_every_object_of_known_keys_is_closed(type_: str) -> None:
    text = json.loads(schema_text(edge_schema_file(type_)))
    Draft202012Validator.check_schema(text)
    assert text["additionalProperties"] is False
    assert text["patternProperties"] == {"^x-": True}
    assert '"$ref": "#' in json.dumps(text) or '"$ref"' not in json.dumps(text)
    for key, below in _described(text):
        assert below.get("description"), (type_, key)


def _described(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every property that an author may write, at any depth; conditions (`if`, `allOf` …) left out."""
    found = list(schema.get("properties", {}).items())
    holders = [below for _, below in found] + list(schema.get("$defs", {}).values())
    holders += [schema[k] for k in ("items", "additionalProperties") if schema.get(k)]
    for holder in holders:
        found += _described(holder)
    return found


def test_what_all_types_share_means_the_same_in_all() -> None:
    for key in ("retries", "temperature", "top_p", "base_url"):
        forms = {
            json.dumps(one)
            for t in EDGE_TYPES
            if (one := cast(Any, edge_schema(t))["properties"].get(key))
        }
        assert len(forms) == 1, key


def test_words_are_those_that_the_engine_knows() -> None:
    forms = cast(Any, edge_schema("branch"))["$defs"]["condition"]["properties"]
    assert forms["condition"]["enum"] == list(CONDITIONS)
    assert forms == cast(Any, edge_schema("loop"))["$defs"]["condition"]["properties"]
    modify = cast(Any, edge_schema("modify"))["properties"]
    assert modify["operations"]["items"]["properties"]["type"]["enum"] == list(OPERATIONS)
