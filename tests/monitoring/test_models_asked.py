from __future__ import annotations

from registry_tool.manifest.load import load
from registry_tool.monitoring.models_asked import models_asked, models_named

MANIFEST = """
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: t, version: "1.0.0" }
spec:
  blocks:
    - { id: q, type: text }
    - { id: chosen, type: llm, config: { model: gpt-4 } }
    - { id: a, type: text }
    - { id: b, type: text }
    - { id: c, type: text }
  edges:
    - { id: one, source: q, target: a, type: llm, config: { prompt: "{{q}}", model: maker/gpt-3.5-turbo } }
    - { id: two, source: q, target: b, type: llm, config: { prompt: "{{q}}" } }
    - { id: three, source: [q, chosen], target: c, type: llm, config: { prompt: "{{q}}" } }
  interface:
    inputs: [{ name: q, required: true }]
    outputs: [{ name: a }]
  runtime:
    environments:
      production: { llm_model: gpt-4o, embedding_model: text-embedding-3-small }
  tests:
    - { name: fine, inputs: { q: x }, assert: [{ type: llm-rubric, value: polite, model: o3 }] }
"""


def test_every_place_that_names_a_model_is_found() -> None:
    assert set(models_named(load(MANIFEST, "t.yaml").workflow)) == {
        ("gpt-4", "blocks.chosen"),
        ("maker/gpt-3.5-turbo", "edges.one"),
        ("gpt-4o-mini", "edges.two (it names none)"),
        ("gpt-4o", "environments.production.llm_model"),
        ("text-embedding-3-small", "environments.production.embedding_model"),
        ("o3", "tests.fine"),
    }


def test_an_environment_asks_its_own_model_and_the_embedded_one_answers_for_all() -> None:
    workflow = load(MANIFEST, "t.yaml").workflow
    assert {model for model, _ in models_asked(workflow, {})} == {
        "gpt-4",
        "maker/gpt-3.5-turbo",
        "gpt-4o-mini",
    }
    assert list(models_asked(workflow, {"llm_model": "m"})) == [("m", "the environment.llm_model")]
    assert list(models_asked(workflow, {"llm_model": "m", "provider": "local"})) == []
