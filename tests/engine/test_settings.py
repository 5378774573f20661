"""The class of what was wrong, without its words; and a result as JSON."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunError, RunResult, kind_of


def caused(error: Exception, *causes: Exception) -> Exception:
    """The error with its chain of causes."""
    at = error
    for cause in causes:
        at.__cause__ = cause
        at = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ProviderError("x"), "provider"),
        (MissingToolError("x"), "missing-tool"),
        (RegistryError("x"), "workflow"),
        (ValueError("x"), "value"),
        (KeyboardInterrupt(), "keyboard-interrupt"),
        (caused(RunError("x"), EdgeError("x"), ProviderError("x")), "provider"),
        (caused(RunError("x"), RegistryError("x")), "workflow"),
        (caused(RunError("x"), ValueError("x")), "run"),
    ],
)
def test_the_class_is_that_of_the_last_cause_of_ours(error: Exception, kind: str) -> None:
    assert kind_of(error) == kind


def test_a_plain_error_is_called_as_its_place_says_and_a_circle_ends() -> None:
    assert kind_of(RegistryError("x"), "inputs") == "inputs"
    one, two = RegistryError("one"), EdgeError("two")
    one.__cause__, two.__cause__ = two, one
    assert kind_of(one) in {"edge", "workflow"}


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
