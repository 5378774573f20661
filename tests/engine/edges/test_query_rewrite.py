"""`query_rewrite` edges: lists, rounds and texts."""

from __future__ import annotations

import json

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.query_rewrite import LISTS, TEXTS
from tests.engine.edges.called import call
from tests.engine.small import ScriptedModel


def rewrite(config: Object, model: ScriptedModel) -> Value:
    return call("query_rewrite", config, Services(model=model), q="why do cats purr")


def queries(*made: str) -> ScriptedModel:
    return ScriptedModel(lambda _: json.dumps({"queries": made}))


@pytest.mark.parametrize("strategy", sorted(set(LISTS) - {"iter", "multi"}))
def test_some_strategies_make_a_list(strategy: str) -> None:
    model = queries("a", "b")
    assert rewrite({"strategy_type": strategy}, model) == ["a", "b"]
    assert model.asked == ["why do cats purr"]


@pytest.mark.parametrize("strategy", sorted(TEXTS))
def test_some_make_a_text_also_for_structured_targets(strategy: str) -> None:
    assert rewrite({"strategy_type": strategy}, ScriptedModel(lambda _: " 42 ")) == "42"


def test_the_number_of_queries_is_kept() -> None:
    config: Object = {"strategy_type": "multi", "extra_configs": {"num_query": 2}}
    assert rewrite(config, queries("a", "b")) == ["a", "b"]
    with pytest.raises(EdgeError, match="no usable answer"):
        rewrite(config, queries("a", "b", "c"))
    assert rewrite({}, queries("a", "b", "c")) == ["a", "b", "c"]


def test_rounds_refine_the_last_query() -> None:
    model = ScriptedModel(lambda asked: json.dumps({"queries": [asked, f"{asked}+"]}))
    config: Object = {"strategy_type": "iter", "extra_configs": {"iterations": 2}}
    assert rewrite({**config, "query": "{{q}}"}, model) == [
        ["why do cats purr", "why do cats purr+"],
        ["why do cats purr+", "why do cats purr++"],
    ]


def test_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(EdgeError, match=r"config\.strategy_type: must be one of multi, ") as error:
        rewrite({"strategy_type": "guess"}, queries())
    assert "step_back" in error.value.reason
