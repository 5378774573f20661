"""Messages as inputs, outputs as text."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.manifest.binding import bind
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow
from registry_tool.server.openai.conversation import (
    inputs_of,
    streaming_edge,
    text_of,
    usage_of,
)

USER = {"role": "user", "content": "first"}


def workflow(
    inputs: str,
    outputs: str = "[{ name: reply, type: string }]",
    type: str = "llm",
    config: str = "{ messages: [{ role: user, content: '{{ask}}' }], model: local }",
    looped: str = "false",
) -> Workflow:
    text = f"""\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: {{ name: hello, version: "1.0.0" }}
spec:
  blocks: [{{ id: ask, type: text, looped: {looped} }}, {{ id: reply, type: text }}]
  edges: [{{ id: answer, source: ask, target: reply, type: {type}, config: {config} }}]
  interface: {{ inputs: {inputs}, outputs: {outputs} }}
"""
    return load(text.encode(), "manifest.yaml").workflow


ONE = "[{ name: ask, type: string, required: true }, { name: tone, type: string, default: kind }]"
TWO = "[{ name: ask, type: string, required: true }, { name: count, type: number, required: true }]"


def test_the_users_last_words_are_the_one_text() -> None:
    last = {
        "role": "user",
        "content": [{"type": "text", "text": "la"}, {"type": "text", "text": "st"}],
    }
    said = [{"role": "system", "content": "be kind"}, USER, {"role": "assistant"}, last]
    assert inputs_of(workflow(ONE), said) == {"ask": "last"}
    assert inputs_of(workflow("[{ name: ask, type: string }]"), [USER]) == {"ask": "first"}


def test_others_take_an_object() -> None:
    said = [{"role": "user", "content": '{"ask": "x", "count": 1}'}]
    assert inputs_of(workflow(TWO), said) == {"ask": "x", "count": 1}
    for wrong in ("x", "[1]", '{"a": 1, "a": 2}'):
        with pytest.raises(UsageError, match="JSON object") as caught:
            inputs_of(workflow(TWO), [{"role": "user", "content": wrong}])
        assert "ask (string), count (number)" in caught.value.hint


def test_an_input_called_messages_gets_them_all() -> None:
    found = inputs_of(
        workflow("[{ name: messages, type: array }]"),
        [USER, {"role": "assistant", "content": "yes"}],
    )
    assert found == {"messages": [USER, {"role": "assistant", "content": "yes"}]}


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "role user"),
        ([{"role": "assistant", "content": "x"}], "role user"),
        ([1], r"messages\[0\]: it has no role"),
        ([{"role": "boss", "content": "x"}], "no role"),
        ([{"role": "user", "content": [{"type": "image_url"}]}], "only text"),
        ([{"role": "user", "content": 1}], "only text"),
    ],
)  # fmt: skip
def test_what_is_no_conversation_is_reported(messages: list[object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        inputs_of(workflow(ONE), messages)  # type: ignore[arg-type]


def test_one_text_is_said_as_it_is_and_all_else_as_json() -> None:
    assert text_of(workflow(ONE), {"reply": "yes"}) == "yes"
    two = "[{ name: reply, type: string }, { name: ask, type: string }]"
    assert text_of(workflow(ONE, two), {"reply": "y", "ask": "x"}) == '{"ask": "x", "reply": "y"}'
    assert text_of(workflow(ONE), {}) == "{}"


def test_words_stream_where_one_edge_writes_the_output() -> None:
    json_config = "{ messages: [{ role: user, content: x }], structured_output: { schema: {} } }"
    for found, edge in (
        (workflow(ONE), "answer"),
        (workflow(ONE, "[{ name: reply, type: object }]"), ""),
        (workflow(ONE, type="modify", config="{ modify_type: copy }"), ""),
        (workflow(ONE, config=json_config), ""),
        (workflow(ONE, looped="true"), ""),
    ):
        assert streaming_edge(found, bind(found).outputs) == edge


def test_usage_of_a_run_that_asked_nobody_is_nothing() -> None:
    assert usage_of({}) == (0, 0)
    assert usage_of({"usage": {"input_tokens": 3, "output_tokens": 4}}) == (3, 4)
