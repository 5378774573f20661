"""The reference of edge types is complete and in step with the schemas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pytest

from registry_tool.engine.edges.conditions import CONDITIONS
from registry_tool.manifest.edge_config import config_problems, edge_schema
from registry_tool.manifest.schemas import EDGE_TYPES
from registry_tool.manifest.source import load_document
from registry_tool.report.edge_reference import edge_part, edges_page, form

PAGE = Path(__file__).parents[2] / "docs/edges.md"


def test_the_page_is_in_step_with_the_schemas() -> None:
    """`python scripts/edge_schemas.py` writes it."""
    assert PAGE.read_text("utf-8") == edges_page()


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_every_key_stands_in_its_type_s_part(type_: str) -> None:
    part = edge_part(type_)
    schema = cast(Any, edge_schema(type_))
    assert part.startswith(f"## {type_}\n\n**{schema['title']}.**")
    for key in schema["properties"]:
        shared = key in {"timeout", "retries", "cache"}
        assert f"`{key}`" in part or shared, key
    for key in schema.get("required", []):
        assert f"| **`{key}`** |" in part


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_every_type_has_an_example_that_is_right(type_: str) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", edge_part(type_), re.DOTALL)
    edge = load_document(shown, "example").value
    (example,) = cast(Any, edge_schema(type_))["examples"]
    assert edge == {"type": type_, "config": example}
    assert list(config_problems(type_, example)) == []


def test_conditions_and_what_follows_are_explained() -> None:
    part = edge_part("branch")
    for condition in CONDITIONS:
        assert f"• `{condition}`: " in part
    for word in ("`thens`", "`else`", "`from`", "`to`", "`operation`", "`parameters`", "`value`"):
        assert f"| {word} |" in part or f"| **{word}** |" in part, word
    assert "`arg_<id>`" in edge_part("code")
    assert "By default the first source." in edge_part("map")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 10}, "integer from 0 to 10"),
        ({"type": "integer", "minimum": 1}, "integer from 1 on"),
        ({"enum": ["a", "b", ""]}, "one of `a`, `b`"),
        ({"type": ["string", "array"], "items": {"type": "string"}}, "text or list of text"),
        ({}, "any value"),
        ({"type": "boolean"}, "true or false"),
    ],
)
def test_forms_in_words(schema: dict[str, Any], words: str) -> None:
    assert form(schema) == words
