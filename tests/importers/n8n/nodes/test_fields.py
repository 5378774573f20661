"""Fields that are set, in each version's form."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.n8n.flows import imported, items, node, outputs, statuses


def setting(version: float, **parameters: Any) -> Any:
    nodes = {"i": items({"a": "x", "n": 2}), "s": node("set", version, **parameters)}
    return imported(nodes, "t > i, i > s")


def listed(*assignments: tuple[str, str, Any]) -> Any:
    return {"assignments": [{"name": n, "type": t, "value": v} for n, t, v in assignments]}


@pytest.mark.parametrize(
    ("version", "parameters", "wanted"),
    [
        (1, {"values": {"string": [{"name": "b", "value": "y"}]}}, {"a": "x", "n": 2, "b": "y"}),
        (
            2,
            {"keepOnlySet": True, "values": {"number": [{"name": "b", "value": "={{ $json.n }}"}]}},
            {"b": 2},
        ),
        (
            3,
            {"include": "none", "fields": {"values": [{"name": "b", "stringValue": "y"}]}},
            {"b": "y"},
        ),
        (3.4, {"assignments": listed(("b.c", "number", "3"))}, {"b": {"c": 3}}),
        (
            3.4,
            {"assignments": listed(("b", "boolean", "={{ true }}")), "includeOtherFields": True},
            {"a": "x", "n": 2, "b": True},
        ),
        (3.4, {"assignments": listed(("b", "array", "[1, 2]"))}, {"b": [1, 2]}),
        (
            3.4,
            {"assignments": listed(("b", "string", "=<{{ $json.a }}|{{ $json.n + 1 }}>"))},
            {"b": "<x|3>"},
        ),
        (3.4, {"mode": "raw", "jsonOutput": '{"b": 1}'}, {"b": 1}),
        (3.4, {"mode": "raw", "jsonOutput": '={"b": {{ $json.n }}}'}, {"b": 2}),
    ],
)
def test_each_form(version: float, parameters: Any, wanted: Any) -> None:
    assert outputs(setting(version, **parameters))["s"] == [wanted]


@pytest.mark.parametrize("written", ["{", "[1]", "={{ $now }}"])
def test_what_is_not_read_is_declared(written: str) -> None:
    assert statuses(setting(3.4, mode="raw", jsonOutput=written))["s"] == "carried"
