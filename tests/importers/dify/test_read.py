"""Whole exports: real ones are read, valid, and told node by node."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from registry_tool.commands.author.import_workflow import import_workflow
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Finding, Severity
from registry_tool.importers.dify.read import EXPORT
from registry_tool.importers.imported import NodeStatus
from registry_tool.importers.manifest_text import manifest_text
from registry_tool.manifest.load import Manifest, load, load_file
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules.all_rules import judge
from registry_tool.rules.base import RuleContext, Subject, VersionContent
from tests.importers.dify.exports import MODEL, export, form, given, read
from tests.importers.mutations import change

DATA = Path(__file__).parents[4] / "shared/data/dify"
FILES = sorted(DATA.glob("*.yml"))
REASON = "needs the exported workflows beside the project"
_THE_AUTHORS = {"license", "publishable"}


def errors_of(manifest: Manifest, files: Mapping[str, VersionContent]) -> list[Finding]:
    """What the rules refuse, without what an author has yet to add."""
    found = judge(Subject(manifest, files, RuleContext(FixedSource())))
    return [f for f in found if f.severity is Severity.ERROR and f.rule not in _THE_AUTHORS]


@pytest.mark.skipif(not FILES, reason=REASON)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_export_becomes_a_valid_project(file: Path, tmp_path: Path) -> None:
    result = import_workflow(file, tmp_path / "out")
    manifest = load_file(tmp_path / "out/workflow-resource.yaml", "workflow-resource.yaml")
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    files = {
        path.relative_to(tmp_path / "out").as_posix(): VersionContent(path.read_bytes())
        for path in written
    }
    assert {"workflow-resource.yaml", "docs/README.md", EXPORT} <= files.keys()
    assert errors_of(manifest, files) == []
    assert all(node.why for node in result.nodes if node.status is not NodeStatus.RUNS)
    assert {node.type for node in result.nodes if node.status is NodeStatus.CARRIED} <= {
        *("note", "tool", "agent", "iteration", "knowledge-retrieval", "document-extractor"),
        *("code", "llm", "template-transform", "if-else"),  # in iterations, with packages, on files
    }


@pytest.mark.skipif(not FILES, reason=REASON)
def test_most_nodes_of_real_exports_run(tmp_path: Path) -> None:
    nodes = [
        node
        for number, file in enumerate(FILES)
        for node in import_workflow(file, tmp_path / str(number)).nodes
        if node.type != "note"
    ]
    runs = [node for node in nodes if node.status is not NodeStatus.CARRIED]
    assert len(runs) / len(nodes) > 0.85


def test_the_export_comes_along_and_its_page_is_reported() -> None:
    value = export(
        {"s": form("q"), "e": given("x=s.q")},
        "s > e",
        features={"opening_statement": "Hi", "suggested_questions": []},
    )
    found = read(value, name="x", text="app: a\u200bb\n")
    assert found.files[EXPORT] == b"app: ab\n"
    assert [loss.where for loss in found.not_carried] == ["features.opening_statement"]
    assert found.manifest["metadata"] == {
        "name": "my-flow",
        "version": "0.1.0",
        "description": "Does it",
    }


RICH: Any = {
    "s": form("q", "r"),
    "if": {
        "type": "if-else",
        "cases": [
            {
                "case_id": "true",
                "conditions": [
                    {"variable_selector": ["s", "q"], "comparison_operator": "is", "value": "a"}
                ],
            }
        ],
    },
    "m": {
        "type": "llm",
        "model": MODEL,
        "prompt_template": [{"role": "user", "text": "{{#s.q#}}"}],
        "memory": {"window": {}},
    },
    "c": {
        "type": "code",
        "code": "def main(x): return {'l': [x]}",
        "variables": [{"variable": "x", "value_selector": ["m", "text"]}],
        "outputs": {"l": {}},
    },
    "it": {
        "type": "iteration",
        "iterator_selector": ["c", "l"],
        "output_selector": ["t", "output"],
    },
    "t": {
        "type": "template-transform",
        "template": "{{ a }}",
        "variables": [{"variable": "a", "value_selector": ["it", "item"]}],
        "inside": "it",
    },
    "h": {
        "type": "http-request",
        "url": "https://a.example/{{#s.r#}}",
        "method": "get",
        "headers": "A:b",
        "body": {"type": "json", "data": "{}"},
    },
    "set": {
        "type": "assigner",
        "items": [
            {
                "variable_selector": ["conversation", "v"],
                "operation": "append",
                "value": ["h", "body"],
            }
        ],
    },
    "lo": {
        "type": "loop",
        "loop_count": 3,
        "loop_variables": [
            {"label": "n", "var_type": "number", "value_type": "constant", "value": 0}
        ],
        "break_conditions": [
            {"variable_selector": ["lo", "n"], "comparison_operator": ">", "value": "1"}
        ],
        "logical_operator": "or",
    },
    "way": {
        "type": "if-else",
        "cases": [
            {
                "case_id": "true",
                "conditions": [
                    {
                        "variable_selector": ["sys", "files"],
                        "comparison_operator": "contains",
                        "sub_variable_condition": {
                            "conditions": [
                                {"key": "type", "comparison_operator": "in", "value": ["image"]}
                            ]
                        },
                    }
                ],
            }
        ],
        "inside": "lo",
    },
    "up": {
        "type": "assigner",
        "items": [
            {
                "variable_selector": ["lo", "n"],
                "operation": "+=",
                "input_type": "constant",
                "value": 1,
            }
        ],
        "inside": "lo",
    },
    "out": {"type": "loop-end", "inside": "lo"},
    "hi": {
        "type": "human-input",
        "form_content": "{{#lo.n#}}",
        "inputs": [{"output_variable_name": "c"}],
        "user_actions": [{"id": "ok", "title": "OK"}],
    },
    "k": {
        "type": "llm",
        "model": MODEL,
        "prompt_template": {"text": "{{#hi.c#}}"},
        "error_strategy": "fail-branch",
        "retry_config": {"retry_enabled": True, "max_retries": 2},
    },
    "l": {
        "type": "list-operator",
        "variable": ["c", "l"],
        "filter_by": {
            "enabled": True,
            "conditions": [{"key": "name", "comparison_operator": "is", "value": "a"}],
        },
        "order_by": {"enabled": True, "key": "size", "value": "desc"},
        "limit": {"enabled": True, "size": 2},
    },
    "e": given("x=it.output", "y=conversation.v", "z=l.result", "w=k.text"),
}
WIRES = (
    "s > if, if:true > m, if:false > h, m > c, c > it, h > set, set > e, it > e, c > l, l > e, "
    "set > lo, way:true > up, way:false > out, lo > hi, hi:ok > k, k > e, k:fail-branch > e"
)


def test_all_of_it_together_is_valid() -> None:
    value = export(RICH, WIRES, conversation_variables=[{"name": "v", "value": []}])
    found = read(value, name="x")
    text = manifest_text(found.manifest)
    assert (
        errors_of(
            load(text, "workflow-resource.yaml"),
            {"workflow-resource.yaml": VersionContent(text.encode())},
        )
        == []
    )
    assert {n.id for n in found.nodes if n.status is NodeStatus.CARRIED} == {"hi"}


JUNK: Any = [
    None,
    True,
    -1,
    1.5,
    "",
    "{{#a.b#}}",
    "{{",
    "\\{{#sys.query#}}",
    "{% if %}",
    [],
    {},
    ["a", "b"],
    {"a": 1},
    "s",
    "x" * 300,
]


def places(value: Any, route: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [(*route, key) for key, _ in items] + [
        one for key, item in items for one in places(item, (*route, key))
    ]


PLACES = places(export(RICH, WIRES, conversation_variables=[{"name": "v", "value": []}]))


@given_by(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(JUNK) | st.just("gone")), max_size=6
    )
)
def test_whatever_an_export_holds_it_is_read_or_refused(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    value = copy.deepcopy(export(RICH, WIRES, conversation_variables=[{"name": "v", "value": []}]))
    change(value, changes)
    try:
        manifest_text(read(value, name="x", text="t").manifest)
    except RegistryError as error:
        assert str(error)
