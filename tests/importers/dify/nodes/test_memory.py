"""Memory: the prompt, then earlier messages, then what is asked now, as Dify sends them."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, OnText
from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, form, imported, outputs

EARLIER = [{"role": "user", "content": "1"}, {"role": "assistant", "content": "2"}]


class Told(ScriptedModel):
    """Keeps whole questions."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[ModelRequest] = []

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        self.requests.append(request)
        return await super().complete(request, on_text)


def asked(*roles: str, mode: str = "advanced-chat", **memory: Any) -> list[tuple[str, str]]:
    template = [{"role": role, "text": f"{role} {{{{#s.q#}}}}"} for role in roles]
    node = {"type": "llm", "model": MODEL, "prompt_template": template, "memory": memory}
    nodes: Any = {"s": form("q"), "m": node, "a": {"type": "answer", "answer": "{{#m.text#}}"}}
    model = Told()
    inputs: Any = {"q": "x", **({} if mode == "workflow" else {"history": EARLIER})}
    inputs |= (
        {"query": "now"} if mode != "workflow" and not memory.get("query_prompt_template") else {}
    )
    outputs(imported(nodes, "s > m, m > a", mode=mode), inputs, model)
    return [(message.role, message.content) for message in model.requests[0].messages]


WINDOW = {"window": {"enabled": False}}
BETWEEN = [("user", "1"), ("assistant", "2")]


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        (["system"], [("system", "system x")]),
        (["system", "user"], [("system", "system x"), ("user", "user x")]),
        (["user", "assistant"], [("user", "user x"), ("assistant", "assistant x")]),
    ],
)
def test_the_order_is_difys(roles: list[str], first: Any) -> None:
    assert asked(*roles, **WINDOW) == [*first, *BETWEEN, ("user", "now")]


def test_what_is_asked_may_be_a_template_of_its_own() -> None:
    found = asked("system", query_prompt_template="On {{#s.q#}}", **WINDOW)
    assert found == [("system", "system x"), *BETWEEN, ("user", "On x")]


def test_a_workflow_remembers_nothing() -> None:
    assert asked("system", "user", mode="workflow", **WINDOW) == [
        ("system", "system x"),
        ("user", "user x"),
    ]


def test_a_window_is_told() -> None:
    node = {"type": "llm", "model": MODEL, "memory": {"window": {"enabled": True, "size": 10}}}
    node["prompt_template"] = [{"role": "user", "text": "x"}]
    what = imported({"s": form("q"), "m": node}, "s > m", mode="advanced-chat")  # type: ignore[dict-item]
    assert [loss.what for loss in what.not_carried] == ["the memory's window of 10 messages"]
