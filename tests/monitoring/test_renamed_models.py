"""Other models in a manifest: where they are named, and not in its data."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.load import load
from registry_tool.monitoring.models_asked import models_named
from registry_tool.monitoring.renamed_models import with_models

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: t, version: "1.0.0", description: Asks old. }
spec:
  blocks:
    - { id: q, type: structured, value: { model: old } } # data
    - { id: a, type: text }
    - { id: b, type: text }
  edges:
    - { id: one, source: q, target: a, type: llm, config: { prompt: "{{q}}", model: old } }
    - { id: two, source: a, target: b, type: llm, config: { prompt: "{{a}}", model: maker/old } }
  interface: { outputs: [{ name: b }] }
  runtime: { environments: { big: { llm_model: old } } }
  tests:
    - name: t
      expected: { b: old }
      assert: [{ type: llm-rubric, value: good, provider: x, model: old }]
"""


def test_every_place_that_names_a_model_changes() -> None:
    names = {"old": "new", "maker/old": "maker/new"}
    changed = with_models(MANIFEST.encode(), names, {("metadata", "version"): "1.1.0"}, "t.yaml")
    text = changed.decode()
    assert {model for model, _ in models_named(load(changed, "t.yaml").workflow)} == {
        "new",
        "maker/new",
    }
    assert 'version: "1.1.0", description: Asks old.' in text
    assert "value: { model: old } } # data" in text
    assert "expected: { b: old }" in text


def test_a_model_that_is_not_named_as_a_text_is_an_error() -> None:
    older = MANIFEST.replace("model: maker/old", 'model: { "maker/old": {} }')
    with pytest.raises(RegistryError, match=r"edges\.two asks maker/old in a form"):
        with_models(older.encode(), {"maker/old": "maker/new"}, {}, "t.yaml")
