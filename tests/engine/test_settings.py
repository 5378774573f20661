"""A run's result as JSON."""

from __future__ import annotations

from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult


def test_a_result_says_only_what_there_is_to_say() -> None:
    plain = RunResult("exec-1", "success", {"a": 1}, {"b": 2}, Usage(1, 2, 3, None), 1.23456)
    assert plain.to_value() == {
        "execution_id": "exec-1",
        "status": "success",
        "outputs": {"a": 1},
        "blocks": {"b": 2},
        "usage": {"input_tokens": 1, "output_tokens": 2, "calls": 3, "cost_usd": None},
        "seconds": 1.235,
    }
    full = RunResult(
        *("exec-1", "error", {}, {}, Usage(), 0.0),
        error="it broke",
        notices=("left out",),
        answered_by="local",
        instead_of="gpt",
    )
    result = full.to_value()
    assert (result["error"], result["notices"]) == ("it broke", ["left out"])
    assert (result["answered_by"], result["instead_of"]) == ("local", "gpt")
