"""Configurations of edges against the schemas of their types."""

from __future__ import annotations

import pytest

from registry_tool.core.finding import Severity
from registry_tool.core.values import Object, Route
from registry_tool.manifest.edge_config import (
    edge_config_problems,
    settings,
)
from registry_tool.manifest.model import Block, Environment, Metadata, Workflow
from tests.manifest.configurations import MOVE, branch, condition, problems_of


@pytest.mark.parametrize(
    ("type_", "config"),
    [
        ("llm", {}),
        ("llm", {"prompt": "x", "x-own": {"any": "thing"}}),
        ("llm", {"messages": "{{history}}", "prompt": "x", "sys_prompt": ""}),
        ("llm", {"prompt": "x", "structured_output": {"type": "object"}}),
        ("branch", {**branch(), "else": MOVE}),
        ("branch", condition(condition="less_than_n_chars", parameters={"value": "300"})),
        ("chunk", {"chunking_mode": "length", "extra_configs": {"overlap": 3}}),
        ("map", {"edge": {"type": "llm", "config": {"prompt": "{{item}}"}}, "on_error": "null"}),
        ("retrieve", {"query_id": {"a": "a"}, "extra_configs": {"db_type": "pgvector"}}),
        ("save", {"file_name": "x", "file_type": "txt"}),
        ("nonsense", {"a": 1}),  # the manifest's schema says so
    ],
)
def test_what_is_right_is_reported_nothing_of(type_: str, config: Object) -> None:
    assert problems_of(type_, config) == []


def test_fields_of_extra_configs_go_before_direct_ones() -> None:
    assert settings({"a": 1, "b": 2, "extra_configs": {"b": 3}}) == {"a": 1, "b": 3}
    assert settings({"a": 1, "extra_configs": "x"}) == {"a": 1, "extra_configs": "x"}


def test_the_configuration_of_a_model_block_is_checked() -> None:
    def about(block: Block) -> list[tuple[Route, str, str]]:
        found = edge_config_problems(
            Workflow(Metadata("a", "1.0.0"), (Block("t", "text"), block), ())
        )
        return [(p.route, p.message, p.help) for p in found]

    assert about(Block("m", "llm", config={"temperature": 0.3, "max_tokens": 100})) == []
    assert about(Block("m", "text", config={"temprature": 1})) == []
    ((route, message, help_),) = about(Block("m", "llm", config={"temprature": 1}))
    assert route == ("spec", "blocks", 1, "config", "temprature")
    assert message == "the key 'temprature' is not known in a block of type llm"
    assert help_.startswith("did you mean 'temperature'?")


@pytest.mark.parametrize(
    ("key", "severity", "help_"),
    [
        ("temprature", Severity.ERROR, "did you mean 'temperature'? known: llm_model"),
        ("colour", Severity.WARNING, "known: llm_model"),
    ],
)
def test_what_an_environment_does_not_know_is_reported(
    key: str, severity: Severity, help_: str
) -> None:
    known = {"llm_model": "m", "debug": True, "model": "m", "x-own": 1}
    environments = (Environment("a", known), Environment("b", {key: 1}))
    flow = Workflow(Metadata("a", "1.0.0"), (), (), environments=environments)
    (problem,) = edge_config_problems(flow)
    assert problem.route == ("spec", "runtime", "environments", "b", key)
    assert problem.severity is severity
    assert problem.message == f"the key {key!r} has no effect in an environment"
    assert problem.help.startswith(help_)
