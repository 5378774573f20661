"""A server's answer, whole or in pieces, whatever the server makes of the format."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import ToolCall
from registry_tool.engine.providers.models.chat.response import (
    DONE,
    StreamedAnswer,
    answer_of,
    usage_of,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "content", "text", "delta", "tool_calls", "function", "name"]
            ),
            inner,
            max_size=3,
        )
    ),
)


def reply(message: Any, **more: Any) -> Any:
    return {"choices": [{"message": message, **more}], "model": "m-1"}


def gathered(*pieces: Any) -> tuple[StreamedAnswer, list[str]]:
    messages: list[str] = []
    made = StreamedAnswer(messages.append)
    for piece in pieces:
        made.add(piece if isinstance(piece, str) else json.dumps(piece))
    return made, messages


def piece(content: Any = None, **delta: Any) -> Any:
    return {"choices": [{"delta": {"content": content, **delta}}]}


@pytest.mark.parametrize(
    ("content", "text"),
    [("Hi", "Hi"), (None, ""), ([{"type": "text", "text": "a"}, {"text": "b"}, 5], "ab"), (5, "")],
)
def test_the_text_of_a_whole_reply(content: Any, text: str) -> None:
    assert answer_of(reply({"content": content})).text == text


def test_tool_calls_and_why_it_ended() -> None:
    calls = [{"id": "1", "function": {"name": "f", "arguments": '{"a":1}'}}, {"function": None}]
    found = answer_of(reply({"tool_calls": calls}, finish_reason="tool_calls"))
    assert found.tool_calls == (ToolCall("f", '{"a":1}', "1"),)
    assert (found.finish_reason, found.model) == ("tool_calls", "m-1")


@pytest.mark.parametrize("value", [None, [], {}, {"choices": []}, {"choices": [{}]}, "text"])
def test_what_is_no_chat_completion_may_pass(value: Any) -> None:
    with pytest.raises(ProviderError) as caught:
        answer_of(value)
    assert caught.value.transient


@pytest.mark.parametrize(
    ("expected", "tokens"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 2}, (3, 2)),
        ({"prompt_tokens": -5, "completion_tokens": True}, (0, 0)),  # no run gets more by that
        (None, (0, 0)),
        ([1], (0, 0)),
    ],
)
def test_tokens_are_counted_and_never_negative(expected: Any, tokens: tuple[int, int]) -> None:
    usage = usage_of(expected)
    assert (usage.input_tokens, usage.output_tokens, usage.calls) == (*tokens, 1)


@given(st.lists(st.text(max_size=4), min_size=1, max_size=5))
def test_pieces_make_the_whole_and_are_reported_on_the_way(parts: list[str]) -> None:
    made, output = gathered(*map(piece, parts), DONE)
    assert made.answer().text == "".join(output) == "".join(parts)
    assert made.answer().finish_reason == "stop"


def test_tool_calls_come_in_pieces_too() -> None:
    def call(index: int, **function: str) -> Any:
        return piece(tool_calls=[{"index": index, "function": function}])

    made, _ = gathered(
        call(1, name="g"), call(0, name="f", arguments='{"a"'), call(0, arguments=":1}"), DONE
    )
    assert made.answer().tool_calls == (ToolCall("f", '{"a":1}', ""), ToolCall("g", "{}", ""))


def test_the_last_piece_with_usage_alone() -> None:
    usage = {"prompt_tokens": 4, "completion_tokens": 1}
    made, _ = gathered(piece("a"), {"choices": [], "usage": usage, "error": None}, DONE)
    assert made.answer().usage.input_tokens == 4


def test_a_stream_that_breaks_off_is_no_answer() -> None:
    with pytest.raises(ProviderError, match="broke its answer off") as caught:
        gathered()[0].answer()
    assert caught.value.transient
    with pytest.raises(ProviderError, match="after its beginning was passed on") as caught:
        gathered(piece("a"))[0].answer()
    assert not caught.value.transient  # somebody has read it


@pytest.mark.parametrize(
    ("broken", "expected"),
    [("{", "no JSON"), ("[" * 99_999, "no JSON"), ('{"error": {"message": "full"}}', "full")],
)
def test_an_error_in_the_stream_is_reported(broken: str, expected: str) -> None:
    with pytest.raises(ProviderError, match=expected):
        gathered(broken)


@given(JSON)
def test_no_reply_breaks_the_reader(value: Any) -> None:
    for read in (answer_of, StreamedAnswer(lambda _: None).take):
        try:
            read(value)
        except ProviderError as error:
            assert error.reason
