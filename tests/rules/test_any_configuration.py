"""No configuration, however wrong, makes a rule fall over."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry_tool.core.values import Object, Value
from registry_tool.manifest.load import Manifest
from registry_tool.manifest.parse import to_workflow
from registry_tool.manifest.positions import Document
from registry_tool.manifest.schemas import EDGE_TYPES
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules.all_rules import judge
from registry_tool.rules.base import RuleContext, Subject

WORDS = st.sampled_from(
    [
        "a",
        "b",
        "{{a}}",
        "{{a.x.0}",
        "$.x",
        "x",
        "is",
        "greater_than_n",
        "/",
        "def main(a): pass",
        "",
    ]
)
KEYS = st.sampled_from(
    [
        "cases",
        "else",
        "conditions",
        "thens",
        "from",
        "to",
        "block",
        "condition",
        "path",
        "parameters",
        "value",
        "operation",
        "while",
        "until",
        "over",
        "edge",
        "type",
        "config",
        "code",
        "inputs",
        "name",
        "output",
        "query",
        "docs",
        "operations",
        "params",
        "structured_output",
        "schema",
        "properties",
        "required",
        "extra_configs",
        "content",
        "prompt",
        "data_source",
        "id",
    ]
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(-2, 9)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@example("branch", {"else": {"from": []}}, {})
@given(
    st.sampled_from(sorted(EDGE_TYPES)),
    st.dictionaries(KEYS, VALUES, max_size=5),
    st.dictionaries(st.sampled_from(["type", "properties", "items", "enum", "required"]), VALUES),
)
def test_rules_look_at_anything(type_: str, config: Object, schema: Object) -> None:
    value: Object = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "t", "version": "1.0.0"},
        "spec": {
            "blocks": [
                {"id": "a", "type": "text", "metadata": {"label": "A"}},
                {"id": "b", "type": "structured", "schema": schema, "value": 1},
            ],
            "edges": [{"id": "e", "source": "a", "target": "b", "type": type_, "config": config}],
            "interface": {"inputs": [{"name": "a"}], "outputs": [{"name": "b"}]},
        },
    }
    document = Document("t.yaml", json.dumps(value), value, {}, {})
    found = judge(Subject(Manifest(to_workflow(value), document), {}, RuleContext(FixedSource())))
    assert all(finding.message for finding in found)
