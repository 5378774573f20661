"""`puppy-cli docs EDGE`: every field of every edge's schema, and the nearest type for a wrong one."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.manifest.edge_config import edge_schema
from registry_tool.manifest.schemas import EDGE_TYPES
from registry_tool.manifest.source import load_tree
from registry_tool.report.edge_docs import edge_docs, edge_text, types_text


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_every_field_of_the_schema_is_there_with_its_default_and_meaning(type_: str) -> None:
    docs, schema = edge_docs(type_), edge_schema(type_)
    known = schema["properties"]
    assert isinstance(known, dict)
    text = edge_text(docs)
    for one in docs.fields:
        below = known[one.name]
        assert one.has_default == ("default" in below)
        assert one.about == below.get("description", "")
        assert f"  {one.name}  (" in text
    shown = {one.name for one in docs.fields}
    left_out = {key for key, one in known.items() if key not in shown}
    assert all(known[key].get("deprecated") or "not" in known[key] for key in left_out)
    assert {one.name for one in docs.fields if one.required} == set(schema.get("required", []))


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_the_example_on_the_terminal_is_the_schema_s(type_: str) -> None:
    docs = edge_docs(type_)
    example = edge_text(docs).partition("\nExample:\n")[2]
    assert load_tree(f"{example}\n", "example") == docs.example == docs.to_value()["example"]


def test_a_type_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="there is no edge type 'brunch'") as error:
        edge_docs("brunch")
    assert error.value.hint.startswith("did you mean 'branch'?")
    with pytest.raises(UsageError) as error:
        edge_docs("zzzzzz")
    assert error.value.hint.startswith("there are llm")


def test_without_a_type_all_are_listed() -> None:
    assert [line.split()[0] for line in types_text().splitlines()] == list(EDGE_TYPES)
