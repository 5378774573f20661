"""The schema that an edge asks a model for, in each of its spellings."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Value
from registry_tool.manifest.requested import requested_schema, schema_asked_for

SCHEMA: dict[str, Value] = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    ("asked", "schema"),
    [
        (None, None),
        (False, None),
        ("object", None),
        (True, {}),
        (SCHEMA, SCHEMA),
        ({"schema": SCHEMA}, SCHEMA),
        ({"json_schema": SCHEMA}, SCHEMA),
        ({"json_schema": {"name": "x", "schema": SCHEMA}}, SCHEMA),
        (
            {"json_schema": {"type": "object", "schema": SCHEMA}},
            {"type": "object", "schema": SCHEMA},
        ),
        ({"schema": True}, {}),
    ],
)
def test_the_schema_is_found(asked: Value, schema: Value) -> None:
    assert schema_asked_for(asked) == schema
    assert requested_schema({"structured_output": asked}) == schema


def test_where_nothing_is_asked_for() -> None:
    assert requested_schema({}) is None
