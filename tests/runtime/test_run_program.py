"""A run's environment, caps and limits, out of the manifest, a deployment's configuration and the command."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.engine.providers.all_providers import NO_LIMITS
from registry_tool.engine.providers.models.rate_limit import RateLimits
from registry_tool.engine.result_cache import FolderCache
from registry_tool.manifest.model import Environment, Security, Workflow
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.run_program import (
    asks_model,
    budget_for,
    cache_for,
    limits_of,
    new_execution_id,
    provider_name,
)
from registry_tool.sources.program import Program
from tests.engine.small import ASK, asking, workflow

ENVIRONMENTS = """
  runtime:
    environments:
      production:
        llm_model: gpt-4o
        base_url: https://own.example
        variables: { tone: Dear, sign: A }
        limits: { tokens_per_run: 100 }
        substitute: local
"""


@pytest.fixture(scope="module")
def flow() -> Workflow:
    return workflow(
        ASK.replace("CONFIG", "") + ENVIRONMENTS.replace("        substitute: local\n", "")
    )


def test_the_overlay_goes_before_the_manifest(flow: Workflow) -> None:
    overlay: Any = {
        "llm_model": "small",
        "variables": {"tone": "Hi"},
        "limits": {"cost_per_run": 1},
    }
    found = environment_of(flow, "production", overlay)
    assert found.overrides == {"llm_model": "small", "base_url": "https://own.example"}
    assert found.variables == {"tone": "Hi", "sign": "A"}
    assert found.limits == {"tokens_per_run": 100, "cost_per_run": 1}
    assert found.governed
    assert not environment_of(flow, "production").governed


@pytest.mark.parametrize(
    ("overlay", "address"),
    [
        ({"base_url": "https://operator.example"}, "https://operator.example"),
        ({"base_url": "https://own.example"}, ""),  # the manifest's, as a deployment carries it
        ({}, ""),
        (None, ""),
    ],
)
def test_only_an_address_of_the_operator_s_own_is_the_operator_s(
    flow: Workflow, overlay: Any, address: str
) -> None:
    assert environment_of(flow, "production", overlay).operator_address == address


def test_a_name_that_the_manifest_lacks_is_refused_where_it_has_any(flow: Workflow) -> None:
    with pytest.raises(UsageError, match="has no environment 'staging'") as error:
        environment_of(flow, "staging")
    assert error.value.hint == "it has production"
    assert environment_of(flow, "staging", {}).name == "staging"
    assert environment_of(flow, "").name == ""
    assert environment_of(asking(), "staging").name == "staging"


def test_a_manifest_allows_no_other_model() -> None:
    allowing = Environment("production", {"substitute": "local", "llm_model": "m"})
    one = Workflow(asking().metadata, (), (), environments=(allowing,))
    assert environment_of(one, "production").overrides == {"llm_model": "m"}
    assert environment_of(one, "production", {"substitute": "local"}).overrides["substitute"] == (
        "local"
    )


@pytest.mark.parametrize(
    ("limits", "tokens", "cost", "caps"),
    [
        ({}, None, None, (None, None)),
        ({"tokens_per_run": 100, "cost_per_run": 0.5}, None, None, (100, 0.5)),
        ({"tokens_per_run": 100}, 50, 2.0, (50, 2.0)),
        ({"tokens_per_run": 100, "cost_per_run": 0.5}, 500, 2.0, (100, 0.5)),
        ({}, 0, 0.0, (0, 0.0)),
    ],
)
def test_of_two_caps_the_smaller_holds(
    limits: Any, tokens: int | None, cost: float | None, caps: tuple[int | None, float | None]
) -> None:
    budget = budget_for(Environment("", limits=limits), tokens, cost)
    assert (budget.max_tokens, budget.max_cost) == caps


def test_how_fast_a_provider_may_be_asked() -> None:
    limits: Any = {"requests_per_minute": 6, "tokens_per_minute": 1000, "concurrency": 2}
    assert limits_of(Environment("", limits=limits)) == RateLimits(6, 1000, 2)
    assert limits_of(Environment("")) == NO_LIMITS


SEARCH = """
  blocks: [{ id: q, type: text }, { id: out, type: structured }]
  edges: [{ id: e, source: q, target: out, type: TYPE, config: CONFIG }]
"""


@pytest.mark.parametrize(
    ("type_", "config", "asks"),
    [
        ("modify", "{ modify_type: copy }", False),
        ("search", "{ search_type: web }", False),
        ("search", "{ search_type: llm }", True),
        ("llm", "{ prompt: x }", True),
        ("rerank", "{ reranker_type: rrf }", True),
    ],
)
def test_a_model_is_asked_by_edges_that_want_words(type_: str, config: str, asks: bool) -> None:
    made = Program(workflow(SEARCH.replace("TYPE", type_).replace("CONFIG", config)), {}, "")
    assert asks_model(made) is asks
    caller = Program(workflow(SEARCH.replace("TYPE", "code").replace("CONFIG", '{ code: "def f(): 0" }')),
                     {}, "", {"made": made})  # fmt: skip
    assert asks_model(caller) is asks
    if not asks:
        assert provider_name(made, "", Environment("")) == "replay"
        assert provider_name(made, "", Environment("", {"provider": "openai"})) == "openai"
        assert provider_name(made, "local", Environment("", {"provider": "openai"})) == "local"


def test_results_are_remembered_only_where_data_may_stay() -> None:
    plain = Program(asking(), {}, "")
    assert cache_for(plain) is not None
    for security in (Security(encryption="required"), Security(pii_handling="mask")):
        held = Program(replace(asking(), security=security), {}, "")
        assert cache_for(held) is None
        assert cache_for(replace(plain, callees={"t": held})) is None  # nor for who calls it


def test_results_are_kept_for_the_shortest_time_that_a_workflow_of_the_run_promises() -> None:
    def kept(own: str, callees: str) -> str:
        one, other = (
            Program(replace(asking(), security=Security(data_retention=text)), {}, "")
            for text in (own, callees)
        )
        made = cache_for(replace(one, callees={"t": other}))
        assert isinstance(made, FolderCache)
        return made._folder.name

    assert kept("", "1d") == "results-86400"
    assert kept("2h", "1d") == "results-7200"
    assert kept("", "") == "results-2592000"


def test_execution_ids_differ() -> None:
    ids = {new_execution_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch(r"exec-[0-9a-f]{12}", one) for one in ids)
