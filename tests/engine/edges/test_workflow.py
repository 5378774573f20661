"""`workflow` edges call a dependency, which runs in its own environment."""

from __future__ import annotations

from registry_tool.engine.run import Callee
from tests.engine.small import go, workflow

CALLER = """
  blocks: [{ id: who, type: text }, { id: out, type: text }]
  edges:
    - { id: call, source: who, target: out, type: workflow, config: { name: callee, inputs: { text: "{{who}}" } } }
  interface: { inputs: [{ name: who, required: true }], outputs: [{ name: out }] }
"""


CALLEE = """
  blocks: [{ id: text, type: text }, { id: said, type: text }]
  edges:
    - id: say
      source: text
      target: said
      type: modify
      config: { modify_type: edit_text, content: "{{tone}} {{text}}" }
  runtime: { environments: { production: { variables: { tone: Dear } } } }
  interface: { inputs: [{ name: text, required: true }], outputs: [{ name: said }] }
"""


def test_a_callee_has_its_own_environment() -> None:
    callees = {"callee": Callee(workflow(CALLEE))}
    result = go(workflow(CALLER), {"who": "Ada"}, callees=callees, environment="production")
    assert result.outputs == {"out": "Dear Ada"}, result.error
    unset = go(workflow(CALLER), {"who": "Ada"}, callees=callees, environment="development")
    assert "variable tone is not set" in unset.error or "tone" in unset.error
    alone = go(workflow(CALLER), {"who": "Ada"})
    assert "can't call callee" in alone.error
