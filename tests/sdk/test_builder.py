"""The builder makes manifests that pass the door."""

from __future__ import annotations

import pytest

from puppyai.workflows import WorkflowBuilder
from registry_tool.manifest.load import workflow_from


def test_the_design_documents_example() -> None:
    builder = WorkflowBuilder()
    builder.add_block("input", type="text")
    builder.add_block("llm", type="llm", config={"model": "gpt-4"})
    builder.add_edge("input", "llm")
    workflow = workflow_from(builder.build().manifest, "built")
    assert workflow.edges[0].type == "llm"
    assert workflow.edges[0].config["prompt"] == "{{input}}"


def test_wrong_ends_are_refused() -> None:
    builder = WorkflowBuilder().add_block("a")
    with pytest.raises(ValueError, match="no block 'b'"):
        builder.add_edge("a", "b")
