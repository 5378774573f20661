"""What a node does where it fails: another way, a value instead, another attempt."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.engine.providers.errors import ProviderError
from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, form, given, imported, outputs


def asking(**more: Any) -> Any:
    prompt = [{"role": "user", "text": "{{#s.q#}}"}]
    return {"type": "llm", "model": MODEL, "prompt_template": prompt, **more}


def refusing(question: str) -> str:
    if question == "bad":
        raise ProviderError("no")
    return question.upper()


@pytest.mark.parametrize("handle", ["source", "success-branch"])
def test_another_way(handle: str) -> None:
    nodes: Any = {
        "s": form("q"),
        "m": asking(error_strategy="fail-branch"),
        "well": given("x=m.text"),
        "ill": {
            "type": "template-transform",
            "template": "sorry: {{ e }}",
            "variables": [{"variable": "e", "value_selector": ["m", "error_message"]}],
        },
        "e": given("y=ill.output"),
    }
    what = imported(nodes, f"s > m, m:{handle} > well, m:fail-branch > ill, ill > e")
    assert outputs(what, {"q": "a"}, ScriptedModel(refusing)) == {"x": "A"}
    assert outputs(what, {"q": "bad"}, ScriptedModel(refusing)) == {"y": "sorry: it failed"}


def test_a_value_instead() -> None:
    node = asking(
        error_strategy="default-value",
        default_value=[{"key": "text", "type": "string", "value": "nothing"}],
    )
    what = imported({"s": form("q"), "m": node, "e": given("x=m.text")}, "s > m, m > e")
    assert outputs(what, {"q": "bad"}, ScriptedModel(refusing)) == {"x": "nothing"}


def test_values_instead_of_several_fields() -> None:
    code: Any = {
        "type": "code",
        "code": "def main(q):\n    return {'n': int(q), 'l': []}\n",
        "variables": [{"variable": "q", "value_selector": ["s", "q"]}],
        "outputs": {"n": {}, "l": {}},
        "error_strategy": "default-value",
        "default_value": [
            {"key": "n", "type": "number", "value": "-1"},
            {"key": "l", "type": "array[string]", "value": '["a"]'},
        ],
    }
    what = imported({"s": form("q"), "c": code, "e": given("n=c.n", "l=c.l")}, "s > c, c > e")
    (edge,) = (one for one in what.manifest["spec"]["edges"] if one["type"] == "code")  # type: ignore[index, union-attr, call-overload]
    assert edge["on_error"] == {"value": {"n": -1, "l": ["a"]}}  # type: ignore[index, call-overload]


def test_more_attempts() -> None:
    node = asking(retry_config={"retry_enabled": True, "max_retries": 30})
    what = imported({"s": form("q"), "m": node, "e": given("x=m.text")}, "s > m, m > e")
    (edge,) = (one for one in what.manifest["spec"]["edges"] if one["type"] == "llm")  # type: ignore[index, union-attr, call-overload]
    assert edge["config"]["retries"] == 10  # type: ignore[index, call-overload]
