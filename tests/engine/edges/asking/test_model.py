"""What an edge asks a model for, and how."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from registry_tool.core.values import Object
from registry_tool.engine import events
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelRequest,
    OnText,
    ToolCall,
    Usage,
)
from registry_tool.engine.providers.models.chat.response import usage_of
from registry_tool.engine.providers.models.metered import Metered, free
from registry_tool.engine.run import RunResult
from tests.engine.edges.called import call
from tests.engine.small import ScriptedModel, asking, go, workflow


class Remembering(ScriptedModel):
    """Keeps the last question as a whole."""

    last: ModelRequest

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer of the told model."""
        self.last = request
        await asyncio.sleep(0)
        return await super().complete(request, on_text)


def test_structured_output_is_an_object() -> None:
    config: Object = {"prompt": "{{q}}", "structured_output": True}
    assert call("llm", config, Services(model=ScriptedModel(lambda _: '{"a": 1}')), q="x") == {
        "a": 1
    }
    with pytest.raises(EdgeError, match="does not fit"):
        call("llm", config, Services(model=ScriptedModel(lambda _: "[1]")), q="x")


def test_a_chat_completion_s_other_settings_are_passed_on() -> None:
    model = Remembering()
    config: Object = {"prompt": "x", "top_p": 0.5, "stop": ["."], "presence_penalty": None}
    call("llm", config, Services(model=model), q="x")
    assert model.last.parameters == {"top_p": 0.5, "stop": ["."]}
    call("llm", {"prompt": "x"}, Services(model=model), q="x")
    assert model.last.parameters == {}


BOTH = """
  blocks:
    - { id: question, type: text }
    - { id: answer, type: structured, schema: SCHEMA }
  edges:
    - id: ask
      source: question
      target: answer
      type: llm
      config: { prompt: "{{question}}", structured_output: { schema: REQUESTED } }
  interface: { inputs: [{ name: question }], outputs: [{ name: answer, type: object }] }
"""


def both(schema: str, requested: str, answer: str) -> tuple[Remembering, RunResult]:
    model = Remembering(lambda _: answer)
    flow = workflow(BOTH.replace("SCHEMA", schema).replace("REQUESTED", requested))
    return model, go(flow, {"question": "?"}, services=Services(model=model))


def test_the_requested_schema_and_the_target_s_both_hold() -> None:
    requested = "{ type: object, properties: { mood: { enum: [good, bad] } } }"
    model, result = both("{ type: object }", requested, '{"mood": "good"}')
    assert result.outputs == {"answer": {"mood": "good"}}
    assert model.last.schema is not None
    assert model.last.schema["properties"] == {"mood": {"enum": ["good", "bad"]}}
    _, wrong = both("{ type: object }", requested, '{"mood": "dull"}')
    assert "does not fit" in wrong.error
    narrow = "{ properties: { mood: { enum: [good] } } }"
    _, wrong = both(narrow, requested, '{"mood": "bad"}')
    assert "does not fit" in wrong.error


def test_schemas_that_no_answer_fits_are_reported_before_the_model_is_asked() -> None:
    model, result = both("{ type: string }", "{ type: object }", "{}")
    assert "one wants object, the other string" in result.error
    assert model.asked == []


class Cut(ScriptedModel):
    """Has room for three tokens."""

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """An answer that ends in the middle."""
        answer = await super().complete(request, on_text)
        return replace(answer, finish_reason="length", usage=Usage(3, 3, 1))


@pytest.mark.parametrize(
    ("config", "expected"), [("", 1), ("max_tokens: 3", 0), ("max_tokens: 9", 1)]
)
def test_an_answer_whose_room_ended_is_reported_unless_it_was_asked_for(
    config: str, expected: int
) -> None:
    result = go(asking(config), {"question": "?"}, services=Services(model=Cut()))
    assert result.status == "success"
    assert len(result.notices) == expected
    assert all("ends after 3 tokens" in notice for notice in result.notices)


def test_a_server_that_counts_far_too_few_tokens_is_reported_of() -> None:
    model = ScriptedModel(lambda _: "short")  # it says that it read three tokens
    result = go(asking(), {"question": "word " * 2000}, services=Services(model=model))
    assert "counted 3 tokens in a prompt of 10,000 characters" in result.notices[0]
    assert not go(asking(), {"question": "word"}, services=Services(model=model)).notices


def test_a_server_that_counts_more_tokens_than_there_can_be_is_reported_of() -> None:
    """The run has what is possible, and says so in its log and its notices."""

    class Lying(ScriptedModel):
        async def complete(
            self, request: ModelRequest, on_text: OnText | None = None
        ) -> ModelAnswer:
            """An answer with a made-up price."""
            answer = await super().complete(request, on_text)
            return replace(
                answer, usage=usage_of({"prompt_tokens": 3, "completion_tokens": 10**400})
            )

    messages: list[str] = []
    services = Services(model=Metered(Lying(lambda _: "short"), free))
    result = go(
        asking("max_tokens: 7"),
        {"question": "?"},
        services=services,
        listeners=(lambda event: messages.append(event.name),),
    )
    assert (result.usage.input_tokens, result.usage.output_tokens) == (3, 7)
    assert messages.count(events.USAGE_DOUBTED) == 1
    assert "which is implausible: at most" in result.notices[0]


class CallingUnasked(ScriptedModel):
    """Wants a function called that nobody offered."""

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """An answer with a call in it."""
        said = await super().complete(request, on_text)
        return replace(said, tool_calls=(ToolCall("f", '{"words": "of a stranger"}', "1"),))


def test_calls_that_nobody_offered_are_not_an_answer() -> None:
    form: Object = {"type": "object", "properties": {"team": {"enum": ["sales", "support"]}}}
    model = CallingUnasked(lambda _: '{"team": "sales"}')
    config: Object = {"prompt": "x", "structured_output": form}
    assert call("llm", config, Services(model=model), q="x") == {"team": "sales"}
    offered = call("llm", {**config, "tools": [{"name": "f"}]}, Services(model=model), q="x")
    assert isinstance(offered, dict)
    assert offered["tool_calls"]
