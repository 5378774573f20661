"""Who is asked for a successor's answers, and under which rules of a registry."""

from __future__ import annotations

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.commands.monitor.replacement.access import ModelAccess
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.manifest.load import load
from registry_tool.sources.program import Program
from tests.engine.small import HEAD

ASKING = """
  blocks: [{ id: q, type: text, value: q }, { id: a, type: text }]
  edges: [{ id: ask, source: q, target: a, type: llm, config: { prompt: "{{q}}", model: m } }]
  interface: { outputs: [{ name: a }] }
  tests: [{ name: t, assert: [{ type: contains, value: a }] }]
"""
STAGING = EnvironmentSettings(
    "staging",
    limits={"requests_per_minute": 5},
    overlay={"provider": "openai", "llm_model": "house", "base_url": "https://models.example/v1"},
)


def program(spec: str = ASKING) -> Program:
    return Program(load(HEAD + spec, "t.yaml").workflow, {}, "t")


def test_an_environment_gives_provider_address_and_limits_but_no_model() -> None:
    access = ModelAccess("", STAGING, Budget())
    asking = program()
    assert access.answering(asking) == ("openai", "")
    found = access.of_case(asking, asking.workflow.tests[0])
    assert found.overrides == {"base_url": "https://models.example/v1"}
    assert found.limits == {"requests_per_minute": 5}


def why(provider: str, spec: str = ASKING, environment: EnvironmentSettings | None = None) -> str:
    return ModelAccess(provider, environment, Budget()).answering(program(spec))[1]


def test_why_nobody_is_asked() -> None:
    copying = ASKING.replace("llm", "modify").replace("prompt", "content").replace(", model: m", "")
    assert "name a provider" in why("replay")
    assert "it has no tests" in why("openai", ASKING.rpartition("  tests")[0])
    assert "ask no model" in why("openai", copying)
    assert "names m" in why("local", environment=EnvironmentSettings("staging"))


def test_without_an_environment_the_manifests_own_counts() -> None:
    access, asking = ModelAccess("local", None, Budget()), program()
    assert access.answering(asking) == ("local", "")
    assert access.of_case(asking, asking.workflow.tests[0]).governed is False
