"""`workflow` edges call a dependency, which runs in its own environment."""

from __future__ import annotations

from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, OnText
from registry_tool.engine.run import Callee
from registry_tool.engine.settings import RunEnvironment
from registry_tool.manifest.model import Environment
from tests.engine.small import ASK, ScriptedModel, go, workflow

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


def test_what_the_operator_sets_holds_in_a_callee_and_in_what_that_calls() -> None:
    middle = CALLER.replace("name: callee", "name: inner").replace("who", "text")
    callees = {"callee": Callee(workflow(middle)), "inner": Callee(workflow(CALLEE))}
    operators = Environment("production", overlay_variables={"tone": "Hello"})
    result = go(
        workflow(CALLER),
        {"who": "Ada"},
        callees=callees,
        environment="production",
        run=RunEnvironment(operators),
    )
    assert result.outputs == {"out": "Hello Ada"}, result.error


ASKING = ASK.replace("CONFIG", ", max_tokens: 9000, model: dear") + (
    "  runtime: { environments: { production: { llm_model: dear, temperature: 1 } } }\n"
)


class Asked(ScriptedModel):
    """Keeps whole requests."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[ModelRequest] = []

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        self.requests.append(request)
        return await super().complete(request, on_text)


def test_a_callee_asks_the_operators_model_at_the_operators_address() -> None:
    flow, address = workflow(ASKING), "http://10.0.0.1/v1"
    settings = {"llm_model": "approved", "base_url": address, "max_tokens": 50}
    operators = Environment("production", settings, operator_address=address, overlay=settings)
    model = Asked()
    services = Services(model=model, overrides=settings, operator_address=address)
    caller = CALLER.replace("inputs: { text:", "inputs: { question:")
    result = go(
        workflow(caller),
        {"who": "Ada"},
        services=services,
        callees={"callee": Callee(flow)},
        environment="production",
        run=RunEnvironment(operators),
    )
    assert result.outputs == {"out": "ADA"}, result.error
    asked = model.requests[0]
    assert (asked.model, asked.base_url, asked.max_tokens) == ("approved", address, 50)
    assert asked.trusted
    assert asked.temperature == 1  # its own, where the operator says nothing
