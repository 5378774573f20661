"""A published version is read from its compiled workflow, and is the one that was asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.compiled import compiled_workflow
from registry_tool.sources.program import published_program
from tests.conftest import RegistryFolder


def _files(make_registry: Callable[..., RegistryFolder]) -> dict[str, bytes]:
    registry = make_registry()
    registry.add("hello", "1.0.0")
    folder = registry.root / "registry/workflows/hello/1.0.0"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_version_is_the_one_that_was_asked_for(
    make_registry: Callable[..., RegistryFolder],
) -> None:
    """A digest alone doesn't tell: an index may give an old version's to a new one."""
    files = _files(make_registry)
    assert compiled_workflow(files, Candidate("hello", "1.0.0"), "here").name == "hello"
    for other in (Candidate("hello", "2.0.0"), Candidate("other", "1.0.0")):
        with pytest.raises(RegistryError) as error:
            compiled_workflow(files, other, "here")
        assert "it holds hello:1.0.0" in error.value.reason


def test_one_without_a_compiled_workflow_says_what_to_do() -> None:
    with pytest.raises(RegistryError) as error:
        published_program({"manifest.yaml": b"x: 1"}, Candidate("hello", "1.0.0"))
    assert error.value.location == "hello/1.0.0/workflow.json"
    assert "registry-tool check --fix" in error.value.hint
