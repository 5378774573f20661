"""What a server tells is counted as far as it is possible."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.engine.providers.models.base import (
    Message,
    ModelAnswer,
    ModelRequest,
    ToolCall,
    Usage,
)
from registry_tool.engine.providers.models.plausible import (
    LARGEST_ANSWER,
    bounded_embedding,
    bounded_usage,
)
from registry_tool.engine.providers.models.prompt_image import PromptImage

HUGE = 2**53 - 1


def asked(text: str = "Why?", most: int | None = None, **more: object) -> ModelRequest:
    return ModelRequest("m", (Message("user", text),), max_tokens=most, **more)  # type: ignore[arg-type]


SHOWN = Message("user", "What?", (PromptImage("image/png", b"x"),))


def answered(value: int, output: int, text: str = "So.") -> ModelAnswer:
    return ModelAnswer(text, "m-1", Usage(value, output, 1))


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (asked(), answered(9, 3)),
        (replace(asked(), messages=(SHOWN,)), answered(40_000, 1)),
        (asked(), answered(900, 30_000)),  # a template's own words; a model that thinks
        (asked("水" * 100_000), answered(300_000, 1)),
        (asked("\ud800" * 1000), answered(3000, 1)),  # JSON may hold half a character
        (asked(), answered(1, 200_000, "x" * 200_000)),
        (asked(most=50), answered(1, 50, "x" * 10)),
        (asked(tools=({"name": "x" * 9_000},)), answered(9_000, 1)),
        (asked(schema={"title": "x" * 9_000}), answered(9_000, 1)),
    ],
)
def test_what_is_possible_counts_as_it_was_reported(
    request_: ModelRequest, answer: ModelAnswer
) -> None:
    assert bounded_usage(request_, answer) == (answer.usage, "")


def test_what_is_not_counts_as_far_as_it_is_and_is_doubted() -> None:
    usage, doubt = bounded_usage(asked(), answered(HUGE, HUGE))
    assert usage.input_tokens < 2_000
    assert usage.output_tokens == LARGEST_ANSWER
    assert f"the server of m reported {HUGE} + {HUGE} tokens" in doubt
    usage, _ = bounded_usage(asked(most=50), answered(1, HUGE, "x" * 10**6))
    assert usage.output_tokens == 50
    usage, _ = bounded_usage(asked(most=HUGE), answered(1, HUGE))
    assert usage.output_tokens == LARGEST_ANSWER


def test_functions_that_a_model_calls_are_a_part_of_its_answer() -> None:
    call = ToolCall("f", "x" * 2 * LARGEST_ANSWER)
    answer = ModelAnswer("", "m", Usage(1, 2 * LARGEST_ANSWER, 1), tool_calls=(call,))
    assert bounded_usage(asked(), answer)[1] == ""


def test_texts_bound_what_their_vectors_take() -> None:
    assert bounded_embedding(["a"] * 9, Usage(90, 0, 1), "ada") == (Usage(90, 0, 1), "")
    usage, doubt = bounded_embedding(["a" * 100, "b"], Usage(HUGE, HUGE, 1), "ada")
    assert (usage.input_tokens, usage.output_tokens) == (1024 + 2 * 64 + 101, 0)
    assert "the server of ada reported" in doubt
