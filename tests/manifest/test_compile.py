"""Compiling: the normal form is a manifest, and reading it back gives the same workflow."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.files import MAX_INTEGER, parse_json
from registry_tool.manifest.compile import compile_bytes, compile_value
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.parse import normal_schema

_ids = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    ids = draw(st.lists(_ids, min_size=2, max_size=5, unique=True))
    blocks = [
        {"id": name, "type": draw(st.sampled_from(["text", "structured"])), "value": draw(_json)}
        for name in ids
    ]
    edge = {"id": "e", "type": "modify", "source": ids[0], "target": ids[1:]}
    return {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "x", "version": "1.0.0", "x-note": draw(_json)},
        "spec": {"blocks": blocks, "edges": [edge], "x-more": draw(_json)},
    }


@given(manifests())
def test_compiled_is_a_fixed_point(manifest: dict[str, Any]) -> None:
    workflow = workflow_from(manifest, "m")
    again = workflow_from(parse_json(compile_bytes(workflow), location="w"), "w")
    assert again == workflow
    assert compile_bytes(again) == compile_bytes(workflow)


def test_min_and_max_become_standard() -> None:
    schema = {"properties": {"min": {"type": "number", "min": -1, "max": 1}}}
    wanted = {"properties": {"min": {"type": "number", "minimum": -1, "maximum": 1}}}
    assert normal_schema(schema) == wanted  # a property may be called `min`


def test_empty_parts_are_left_out() -> None:
    workflow = workflow_from(
        {
            "apiVersion": "puppyai.com/v1",
            "kind": "Workflow",
            "metadata": {"name": "x", "version": "1.0.0"},
            "spec": {"blocks": []},
        },
        "m",
    )
    assert compile_value(workflow)["spec"] == {"blocks": []}
