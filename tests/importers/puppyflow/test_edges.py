"""Edges' types and configurations, old spellings included."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.documents import config_of, edge, losses_of, spec_of, text


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (edge("ifelse", ["a"], ["b"]), "branch"),
        (edge("choose", ["a"], ["b"]), "branch"),
        (edge("generator", ["a"], ["b"]), "generate"),
        (edge("search", ["a"], ["b"], search_type="vector"), "retrieve"),
        (edge("search", ["a"], ["b"], search_type="qa"), "search"),
        (edge("rerank", ["a"], ["b"]), "rerank"),
    ],
)
def test_edge_types(foreign: dict[str, Any], ours: str) -> None:
    assert spec_of({"a": text(), "b": text("")}, {"e": foreign})["edges"][0]["type"] == ours


@pytest.mark.parametrize(
    ("foreign", "config"),
    [
        (
            edge("chunk", ["a"], ["b"], extra_config={"chunk_size": 5}),
            {"extra_configs": {"chunk_size": 5}},
        ),
        (edge("modify", ["a"], ["b"], modify_type="copy", extra_config={"slice": [0, 1]}),
         {"modify_type": "copy"}),
        (edge("code", ["a"], ["b"], code_string="def f(arg_a): ..."),
         {"code": "def f(arg_a): ..."}),
        (edge("llm", ["a"], ["b"], model={"m": {}}, looped=False), {"model": "m"}),
        (
            edge("llm", ["a"], ["b"], messages=[{"content": "{{A}} {{a}} {{b}}"}]),
            {"messages": [{"role": "user", "content": "{{A}} \\{{a}} \\{{b}}"}]},
        ),
        (
            edge("ifelse", ["a"], ["b"], cases={"c": {"conditions": [], "then": []}}),
            {"cases": {"c": {"conditions": [], "thens": []}}},
        ),
        (
            edge("search", ["a"], ["b"], search_type="qa", extra_configs={"model": {"sonar": {}}}),
            {"search_type": "qa", "extra_configs": {"model": "sonar"}},
        ),
    ],
)  # fmt: skip
def test_configurations(foreign: dict[str, Any], config: dict[str, Any]) -> None:
    assert config_of(foreign) == config


def test_what_the_editor_ignores_is_reported() -> None:
    foreign = edge("modify", ["a"], ["b"], modify_type="copy", extra_config={"slice": [0, 1]})
    assert losses_of({"a": text(), "b": text("")}, {"e": foreign}) == [("edges.e", "extra_config")]
