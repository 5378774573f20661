"""A package or version is what it says; a bare manifest has nothing to verify."""

from __future__ import annotations

from pathlib import Path

from registry_tool.core.errors import UsageError
from tests.cli.invoked import invoke


def test_verify_refuses_a_manifest(project: Path) -> None:
    result = invoke("verify", "base/workflow-resource.yaml")
    assert isinstance(result.exception, UsageError)
    assert "this is a manifest" in str(result.exception)
    assert "puppy-cli validate base/workflow-resource.yaml" in result.exception.hint
