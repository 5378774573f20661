"""The builder makes manifests that the strict loader takes, and YAML that reads back as the same workflow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puppyai.workflows import FindingsError, InvalidRequestError, WorkflowBuilder
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load, load_file, workflow_from
from registry_tool.manifest.model import Fallback

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200) | st.sampled_from(
    [
        "yes",
        "1.0",
        "a: b",
        "# no comment",
        "- x",
        "two\nlines\n",
        " blank ",
        "{{who}}",
        "中文",
        "null",
    ]
)
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(IDS, below, max_size=3),
    max_leaves=6,
)


def whole() -> WorkflowBuilder:
    """With one of everything."""
    return (
        WorkflowBuilder(
            "whole",
            "1.2.0",
            {
                "author": "ada@example.com",
                "description": "All of it",
                "license": "MIT",
                "tags": ("a",),
            },
        )
        .add_block("text", label="The text", schema={"maxLength": 100})
        .add_block("lines", "structured", value=[1, None, {"a": "b"}], looped=True)
        .add_block("verdict", "llm", config={"model": "gpt-4", "temperature": 0.3})
        .add_edge(
            "text",
            "verdict",
            config={"prompt": "Judge {{text}}"},
            when="lines",
            on_error={"value": None},
        )
        .add_input("text", required=True, description="What to judge", pii=True)
        .add_input("language", default="auto", enum=["auto", "en"])
        .add_output("verdict", schema={"maxLength": 10})
        .add_test("good", {"text": "x"}, {"verdict": "fine"}, runs=3, pass_rate=0.5, tolerance=0.1)
        .add_test("says", {"text": "y"}, asserts=[{"type": "contains", "value": "y"}])
        .add_test("alone", {"text": "z"}, {"verdict": "so"}, answers={"text-verdict": "so"})
        .add_environment("production", {"llm_model": "gpt-4"}, variables={"tone": "dry"})
        .add_dependency("text-preprocessor", "^1.5.0")
        .add_external_api("openai", "^1.0", hosts=["api.openai.com"], secrets=["OPENAI_API_KEY"])
        .set_requirements(memory="2Gi", timeout="5m")
        .set_security({"data_privacy": {"pii_handling": "strip", "data_retention": "30d"}})
    )


def test_the_design_documents_example() -> None:
    builder = WorkflowBuilder()
    builder.add_block("input", type="text")
    builder.add_block("llm", type="llm", config={"model": "gpt-4"})
    builder.add_edge("input", "llm")
    workflow = workflow_from(builder.build().manifest, "built")
    assert workflow.edges[0].type == "llm"
    assert workflow.edges[0].config["prompt"] == "{{input}}"


def test_all_that_was_given_is_in_the_workflow(tmp_path: Path) -> None:
    built = whole().build()
    workflow = load_file(built.save(tmp_path)).workflow
    assert compile_bytes(workflow) == built.compiled()
    assert (built.name, built.version) == ("whole", "1.2.0")
    assert workflow.block_by_id["lines"].value == [1, None, {"a": "b"}]
    assert workflow.interface.inputs[1].default == "auto"
    assert workflow.interface.inputs[0].pii
    assert workflow.requires[0].range == "^1.5.0"
    assert workflow.environment_by_name["production"].variables == {"tone": "dry"}
    assert (workflow.tests[0].runs, workflow.tests[1].assertions[0]["value"]) == (3, "y")
    assert workflow.tests[2].answers == {"text-verdict": "so"}
    assert workflow.edges[0].when == ("lines",)
    assert workflow.edges[0].on_error == Fallback(None, has_value=True)
    assert workflow.security.pii_handling == "strip"
    assert workflow.requirements.timeout == "5m"
    assert workflow.external_apis[0].hosts == ("api.openai.com",)


@given(TEXTS, st.lists(st.tuples(IDS, VALUES), unique_by=lambda pair: pair[0], max_size=4))
def test_yaml_reads_back_as_the_same_workflow(text: str, constants: list[tuple[str, Any]]) -> None:
    builder = WorkflowBuilder("built", metadata={"description": text}).add_block("start-")
    for id, value in constants:
        builder.add_block(id, "structured", value=value, label=text, metadata={"x-note": value})
    builder.add_test("one", {"start-": text}, {"start-": text})
    built = builder.build()
    again = load(built.to_yaml(), "manifest.yaml").workflow
    assert (
        compile_bytes(again) == built.compiled() == compile_bytes(workflow_from(built.manifest, ""))
    )


def test_what_is_built_does_not_change_afterwards() -> None:
    builder = WorkflowBuilder().add_block("a", config={"model": "x"})
    built = builder.build()
    before = json.dumps(built.manifest)
    builder.add_block("b").add_input("a").add_environment("production")
    assert json.dumps(built.manifest) == before
    given_config: dict[str, str] = {"model": "y"}
    other = WorkflowBuilder().add_block("a", config=given_config)
    given_config["model"] = "z"
    assert '"y"' in other.to_yaml()


def test_wrong_ends_are_refused() -> None:
    builder = WorkflowBuilder().add_block("a")
    with pytest.raises(ValueError, match="no block 'b'"):
        builder.add_edge("a", "b")
    with pytest.raises(InvalidRequestError, match="'a' is taken"):
        builder.add_block("a")
    with pytest.raises(InvalidRequestError, match="at least one block"):
        WorkflowBuilder().build()
    with pytest.raises(InvalidRequestError, match=r"block c\.value: a set"):
        builder.add_block("c", value={1})  # type: ignore[arg-type]


@pytest.mark.parametrize("on_error", ["null", "", {}, {"value": 1, "more": 2}])
def test_what_a_failure_gives_is_one_value(on_error: Any) -> None:
    builder = WorkflowBuilder().add_block("a").add_block("b")
    with pytest.raises(InvalidRequestError, match="no block 'c'"):
        builder.add_edge("a", "b", when=["a", "c"])
    with pytest.raises(FindingsError, match=r"on_error|'more' is not known"):
        builder.add_edge("a", "b", on_error=on_error).build()


def test_what_the_format_refuses_is_reported_with_its_place() -> None:
    with pytest.raises(FindingsError) as caught:
        WorkflowBuilder().add_block("not an id").build()
    assert caught.value.findings[0].path == "workflow-resource.yaml"
    with pytest.raises(InvalidRequestError, match="'Not A Name' must be lower-case"):
        WorkflowBuilder("Not A Name").add_block("a").build()
    with pytest.raises(InvalidRequestError, match=r"'1\.0' is not a SemVer"):
        WorkflowBuilder(version="1.0").add_block("a").build()
