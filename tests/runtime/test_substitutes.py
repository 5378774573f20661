"""Another model than the manifest's answers only where somebody allowed it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.engine.providers.models.weights import EMBEDDING, MODEL
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.runtime.substitutes import SubstituteError, demand_own_model, substituted
from tests.engine.small import asking, workflow

RETRIEVING = """
  blocks: [{ id: q, type: text }, { id: d, type: structured }, { id: out, type: structured }]
  edges: [{ id: e, source: [d, q], target: out, type: retrieve, config: { query: q, model: MODEL } }]
"""


def named(model: str) -> Workflow:
    return asking(f"model: {model}")


@pytest.mark.parametrize(
    ("flow", "environment", "provider", "others"),
    [
        (named("gpt-4o"), Environment("e"), "local", ["gpt-4o"]),
        (named("gpt-4o"), Environment("e"), "openai", []),
        (named(MODEL), Environment("e"), "local", []),
        (asking(), Environment("e"), "local", []),
        (named("gpt-4o"), Environment("e", {"llm_model": "small"}), "local", ["small"]),
        (named("gpt-4o"), Environment("e", {"llm_model": MODEL}), "local", []),
        (workflow(RETRIEVING.replace("MODEL", "ada")), Environment("e"), "local", []),
        (
            workflow(RETRIEVING.replace("MODEL", "ada")),
            Environment("e", governed=True),
            "openai",
            ["ada"],
        ),
        (
            workflow(RETRIEVING.replace("MODEL", EMBEDDING.model)),
            Environment("e", governed=True),
            "openai",
            [],
        ),
        (
            workflow(RETRIEVING.replace("MODEL", "ada")),
            Environment("e", {"embedding_model": "own"}, governed=True),
            "openai",
            [],
        ),
    ],
)
def test_whom_the_embedded_models_answer_for(
    flow: Workflow, environment: Environment, provider: str, others: list[str]
) -> None:
    assert substituted([flow], environment, provider) == others


def test_a_called_workflow_has_its_own_environment_of_that_name() -> None:
    flows = [named("gpt-4o"), named("gpt-4o")]
    assert substituted(flows, Environment("e", {"llm_model": MODEL}), "local") == []
    assert substituted([*flows, named("other")], Environment("e"), "local") == ["gpt-4o", "other"]


def test_the_operators_model_is_a_called_workflows_too() -> None:
    own = replace(named("gpt-4o"), environments=(Environment("e", {"llm_model": "dear"}),))
    flows = [named("gpt-4o"), own]
    assert substituted(flows, Environment("e"), "local") == ["gpt-4o", "dear"]
    settings = {"llm_model": "approved"}
    operators = Environment("e", settings, overlay=settings)
    assert substituted(flows, operators, "local") == ["approved"]


@pytest.mark.parametrize(
    ("environment", "explicit", "refused"),
    [
        (Environment(""), True, False),
        (Environment(""), False, True),
        (Environment("p", {"substitute": "local"}), False, True),  # the manifest can't allow it
        (Environment("p", governed=True), True, True),
        (Environment("p", {"substitute": "local"}, governed=True), False, False),
    ],
)
def test_in_a_registry_s_environment_its_settings_decide_elsewhere_who_runs_it(
    environment: Environment, explicit: bool, refused: bool
) -> None:
    flows = [named("gpt-4o")]
    if not refused:
        demand_own_model(flows, environment, "local", explicit=explicit)
        return
    with pytest.raises(SubstituteError, match=f"names gpt-4o, and {MODEL} would answer") as error:
        demand_own_model(flows, environment, "local", explicit=explicit)
    assert "OPENAI_API_KEY" in error.value.hint
    assert ("substitute: local" in error.value.hint) is environment.governed
