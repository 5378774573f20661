"""Helpers come along where they are used, with what they use."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.n8n.helpers import with_helpers


def test_only_what_is_used_comes_along() -> None:
    code = with_helpers("def main(inputs):\n    return add(1, 2)\n")
    assert [name for name in ("add", "text", "number", "holds") if f"def {name}(" in code] == [
        *("add", "text", "number")
    ]
    assert code.startswith("import json\n")
    assert with_helpers("def main():\n    return 1\n") == "def main():\n    return 1\n"


@pytest.mark.parametrize(
    ("left", "operation", "right", "kind", "wanted"),
    [
        ("Ab", "contains", "b", "string", True),
        ("Ab", "notContains", "b", "string", False),
        ("Ab", "startsWith", "A", "string", True),
        ("Ab", "notEndsWith", "A", "string", True),
        ("Ab", "regex", "^A.$", "string", True),
        ("Ab", "notRegex", "/x/", "string", True),
        ("Ab", "regex", "/^a/i", "string", True),
        ("Ab", "regex", "/^a/", "string", False),
        ("a", "equals", "a", "string", True),
        ("a", "notEquals", "a", "string", False),
        (None, "equals", "", "string", True),
        (3, "gte", "3", "number", True),
        ("4", "lt", 3, "number", False),
        (3, "equals", "3", "number", True),
        ([1], "contains", 1, "array", True),
        ([1], "lengthGt", 0, "array", True),
        (None, "exists", None, "string", False),
        ([], "empty", None, "array", True),
        (True, "true", None, "boolean", True),
        (False, "equals", False, "boolean", True),
        ("2024-01-02", "after", "2024-01-01", "dateTime", True),
    ],
)
def test_conditions(left: Any, operation: str, right: Any, kind: str, wanted: bool) -> None:
    names: Any = {}
    exec(with_helpers("def main(*given):\n    return holds(*given, True)\n"), names)  # noqa: S102
    assert names["main"](left, operation, right, kind) is wanted
