"""Which model is asked, and how: the environment, else the edge, else the block at one of its ends."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Frozen, Object
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.asking.settings import (
    DEFAULT_MODEL,
    AnswerConfig,
    ModelSettings,
    model_settings,
)
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.manifest.model import Block, Edge


def settings(config: Object, overrides: Frozen | None = None, *blocks: Block) -> ModelSettings:
    edge = Edge("e", "llm", ("q",), ("out",), config)
    call = EdgeCall(edge, {}, {}, (Block("q", "text"), *blocks), (Block("out", "text"),))
    return model_settings(call, Services(overrides=overrides or {}), config_of(edge))


MODEL = Block("m", "llm", config={"temperature": 0.1, "max_tokens": 5}, metadata={"model": "block"})


@pytest.mark.parametrize(
    ("config", "overrides", "blocks", "found"),
    [
        ({}, {}, (), ModelSettings(DEFAULT_MODEL)),
        ({}, {}, (MODEL,), ModelSettings("block", 0.1, 5)),
        ({"model": "edge"}, {}, (MODEL,), ModelSettings("edge", 0.1, 5)),
        ({"model": "edge", "temperature": 0}, {}, (MODEL,), ModelSettings("edge", 0, 5)),
        ({"model": "edge"}, {"model": "environment"}, (), ModelSettings("environment")),
        ({"model": "edge"}, {"model": "old", "llm_model": "new"}, (), ModelSettings("new")),
        (
            {"base_url": "https://edge", "max_tokens": 9},
            {"base_url": "https://own", "temperature": 1, "unrelated": "x"},
            (),
            ModelSettings(DEFAULT_MODEL, 1, 9, "https://own"),
        ),
        ({}, {"temperature": True, "max_tokens": "9"}, (), ModelSettings(DEFAULT_MODEL)),
    ],
)
def test_whoever_stands_nearer_to_the_operator_wins(
    config: Object, overrides: Object, blocks: tuple[Block, ...], found: ModelSettings
) -> None:
    assert settings(config, overrides, *blocks) == found


def test_only_what_is_set_is_shown() -> None:
    assert ModelSettings("m", 0.0).to_value() == {"model": "m", "temperature": 0.0}
    assert ModelSettings("m", None, 3, "https://x").to_value() == {
        "model": "m",
        "max_tokens": 3,
        "base_url": "https://x",
    }


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {}),
        ({"stop": "."}, {"stop": "."}),
        ({"stop": [".", "!"], "top_p": 0}, {"stop": [".", "!"], "top_p": 0}),
        ({"stop": [], "frequency_penalty": -1}, {"frequency_penalty": -1}),
    ],
)
def test_other_parameters_are_reported_where_they_are_set(config: Object, expected: Object) -> None:
    found = config_of(Edge("e", "llm", ("q",), ("out",), config))
    assert isinstance(found, AnswerConfig)
    assert found.parameters() == expected


def test_functions_lose_the_frame_that_openai_puts_around_them() -> None:
    plain: Any = {"name": "weather", "parameters": {}}
    framed: Any = {"type": "function", "function": plain}
    found = config_of(Edge("e", "llm", ("q",), ("out",), {"tools": [framed, plain]}))
    assert isinstance(found, AnswerConfig)
    assert found.tools == (plain, plain)
