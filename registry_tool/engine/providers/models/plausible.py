"""What a call can have taken at most: a server's count of tokens is its own word, and plans are measured by it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.models.prompt_image import MOST_TOKENS

LARGEST_ANSWER = 2**17
"""Tokens that a model may think and write where nobody asked for fewer: the largest window for answers today."""

_TEMPLATE = 1024  # tokens that a server's own words and its chat template may add to a question
_A_MESSAGE = 64  # tokens around each message or text


def bounded_usage(request: ModelRequest, answer: ModelAnswer) -> tuple[Usage, str]:
    """A question's usage as far as it is possible, and what was not, in words; empty where all of it was.

    No token has less than a byte, so the question's bytes bound its input, and `MOST_TOKENS` each picture's.
    Thinking isn't shown, so what was asked for bounds the output, and `LARGEST_ANSWER` or the answer's bytes where
    nothing was.
    """
    longest = max(LARGEST_ANSWER, _size(_written(answer)))
    most = min(longest, request.max_tokens or longest)
    return _bounded(answer.usage, _most_asked(request), most, request.model)


def bounded_embedding(texts: Sequence[str], usage: Usage, model: str) -> tuple[Usage, str]:
    """The usage of texts that were embedded, as far as it is possible; what was not, in words."""
    return _bounded(usage, _TEMPLATE + _A_MESSAGE * len(texts) + _size(texts), 0, model)


def _bounded(usage: Usage, most_asked: int, most_answered: int, model: str) -> tuple[Usage, str]:
    kept = replace(
        usage,
        input_tokens=min(usage.input_tokens, most_asked),
        output_tokens=min(usage.output_tokens, most_answered),
    )
    if kept == usage:
        return usage, ""
    reported = f"{usage.input_tokens} + {usage.output_tokens}"
    return kept, (
        f"the server of {model} reported {reported} tokens, which is implausible: "
        f"at most {most_asked} + {most_answered} are possible, and no more are counted"
    )


def _most_asked(request: ModelRequest) -> int:
    rest = [request.schema, *request.tools, request.parameters]
    texts = [message.content for message in request.messages]
    return (
        _TEMPLATE
        + _A_MESSAGE * len(texts)
        + MOST_TOKENS * request.images
        + _size([*texts, json.dumps([dict(part or {}) for part in rest])])
    )


def _written(answer: ModelAnswer) -> Iterable[str]:
    yield answer.text
    for call in answer.tool_calls:
        yield call.name
        yield call.arguments


def _size(texts: Iterable[str]) -> int:
    """Bytes of UTF-8; half a character of JSON counts as three."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
