"""A version of a commit as a program, with what it calls from the same commit."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.commit_program import program_from_tree


def test_a_program_brings_what_it_calls_from_the_same_commit(source: TreeSource) -> None:
    program = program_from_tree(source, "user", "1.0.0")
    assert program.workflow.reference == "user:1.0.0"
    assert {name: one.workflow.reference for name, one in program.callees.items()} == {
        "base": "base:1.0.0"
    }
    assert set(program.files) == {"manifest.yaml", "workflow.json", "docs/README.md"}
    with pytest.raises(RegistryError):
        program_from_tree(source, "none", "1.0.0")
