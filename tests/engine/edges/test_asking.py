"""What an edge asks a model for, and how."""

from __future__ import annotations

import asyncio

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.providers.base import ModelAnswer, ModelRequest, OnText
from tests.engine.edges.test_classic import call
from tests.engine.small import ToldModel


class Remembering(ToldModel):
    """Keeps the last question as a whole."""

    last: ModelRequest

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer of the told model."""
        self.last = request
        await asyncio.sleep(0)
        return await super().complete(request, on_text)


def test_structured_output_is_an_object() -> None:
    config: Object = {"prompt": "{{q}}", "structured_output": True}
    assert call("llm", config, Services(model=ToldModel(lambda _: '{"a": 1}')), q="x") == {"a": 1}
    with pytest.raises(EdgeError, match="does not fit"):
        call("llm", config, Services(model=ToldModel(lambda _: "[1]")), q="x")


def test_a_chat_completion_s_other_settings_are_passed_on() -> None:
    model = Remembering()
    config: Object = {"prompt": "x", "top_p": 0.5, "stop": ["."], "presence_penalty": None}
    call("llm", config, Services(model=model), q="x")
    assert model.last.parameters == {"top_p": 0.5, "stop": ["."]}
    call("llm", {"prompt": "x"}, Services(model=model), q="x")
    assert model.last.parameters == {}
