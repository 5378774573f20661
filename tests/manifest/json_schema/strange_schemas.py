"""Schemas that lead outside themselves, harmless ones, costly ones, and a manifest that holds them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from registry_tool.core.values import Object

OUTSIDE = (
    "file:///etc/passwd",
    "file:///dev/zero",
    "http://127.0.0.1:9/schema.json",
    "https://example.com/schema.json#/properties/a",
    "other.json",
    "../../secrets.json#/token",
    "//evil.example/x",
    "#anchor",
    "urn:uuid:1",
)


GAMES: tuple[Object, ...] = (
    *({"$ref": text} for text in OUTSIDE),
    *({"$dynamicRef": text} for text in OUTSIDE),
    {"$schema": "file:///etc/passwd"},
    {"$schema": "http://127.0.0.1:9/meta"},
    {"$id": "file:///etc/", "type": "string"},
    {"properties": {"a": {"$schema": "http://json-schema.org/draft-04/schema#", "const": "a"}}},
    {"$defs": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}, "$ref": "#/$defs/a"},
    {"properties": {"a": {"$id": "http://127.0.0.1:9/", "$ref": "#/x"}}},
    {"items": {"anyOf": [{"$ref": "other.json"}]}},
    {"$ref": "#/$defs/missing"},
)


BENIGN: tuple[Object, ...] = (
    {"items": {"$schema": "https://json-schema.org/draft/2020-12/schema#", "const": "a"}},
    {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"},
    {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/text.json"},
    {"properties": {"$ref": {"type": "string"}}, "enum": [{"$ref": "file:///etc/passwd"}]},
    {"const": {"$ref": "other.json"}, "default": {"$ref": "other.json"}},
    {"$ref": "#/$defs/a~1b%20c", "$defs": {"a/b c": {"type": "string"}}},
    {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}},
)


def manifest(**locations: Any) -> dict[str, Any]:
    """A manifest with parts at the places where schemas may stand."""
    assertions = locations.get("assertions", [])
    return {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "hello", "version": "1.0.0"},
        "spec": {
            "blocks": [
                {"id": "who", "type": "text", **locations.get("block", {})},
                {"id": "greeting", "type": "text"},
            ],
            "edges": [
                {
                    "id": "greet",
                    "source": "who",
                    "target": "greeting",
                    "type": "llm",
                    "config": {"model": "m", **locations.get("config", {})},
                }
            ],
            "interface": {
                "inputs": [{"name": "who", "type": "string", **locations.get("input", {})}],
                "outputs": [{"name": "greeting", "type": "string", **locations.get("output", {})}],
            },
            "tests": [{"name": "t", "inputs": {"who": "you"}, "assert": assertions}],
        },
    }


def doubled(depth: int, word: str = "anyOf") -> dict[str, Any]:
    """Every definition names the next one twice."""
    names = [f"d{number}" for number in range(depth + 1)]
    defs: dict[str, Any] = {
        name: {word: [{"$ref": f"#/$defs/{below}"}] * 2} for name, below in pairwise(names)
    }
    return {"$ref": "#/$defs/d0", "$defs": {**defs, names[-1]: {"type": "integer"}}}
