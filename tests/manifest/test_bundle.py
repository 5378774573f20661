"""One document for editors and validators: it holds the schemas of all edge types, in step."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from registry_tool.manifest.bundle import bundled
from registry_tool.manifest.schemas import (
    MANIFEST_SCHEMA,
    schema_text,
)


def test_the_manifests_schema_holds_them_all_in_step() -> None:
    """A validator without files or network follows its references; `scripts/edge_schemas.py` writes it."""
    text = schema_text(MANIFEST_SCHEMA)
    assert bundled(text) == text
    whole = Draft202012Validator(json.loads(text))
    edge = {"id": "e", "source": "a", "target": "a", "type": "llm", "config": {"promt": "x"}}
    each = {**edge, "type": "map", "config": {"edge": {"type": "llm", "config": {"promt": "x"}}}}
    manifest = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "a", "version": "1.0.0"},
        "spec": {"blocks": [{"id": "a", "type": "text"}], "edges": [edge, each]},
    }
    errors = sorted(whole.iter_errors(manifest), key=lambda error: len(error.absolute_path))
    assert [error.validator for error in errors] == ["additionalProperties"] * 2
    manifest["spec"]["blocks"] = [{"id": "a", "type": "llm", "config": {"temprature": 1}}]  # type: ignore[index]
    assert len(list(whole.iter_errors(manifest))) == 3
    manifest["spec"]["blocks"] = [{"id": "a", "type": "llm", "config": {"temperature": 1}}]  # type: ignore[index]
    manifest["spec"]["edges"] = [{**edge, "config": {"prompt": "x"}}]  # type: ignore[index]
    assert whole.is_valid(manifest)
