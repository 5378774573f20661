from __future__ import annotations

import re
from typing import Any

import pytest

from registry_tool.importers.usable_schema import schema_fault


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"$ref": "https://a.example/x"}, "leads outside"),
        ({"type": "objekt"}, "objekt"),
        ({"properties": 5}, "5"),
        ({"properties": {"a": {"pattern": "("}}}, "pattern|regex"),
        ({"schema": {"$ref": "file:///etc/passwd"}}, "leads outside"),
    ],
)
def test_why_a_manifest_may_not_hold_it(schema: Any, why: str) -> None:
    assert re.search(why, schema_fault(schema))


def test_a_plain_one_has_no_fault() -> None:
    assert schema_fault({"type": "object", "properties": {"a": {"type": "string"}}}) == ""
    assert schema_fault({}) == ""
