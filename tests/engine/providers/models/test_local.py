"""The embedded model itself: streaming, and stopping in the middle."""

from __future__ import annotations

import asyncio

import pytest

from registry_tool.engine.providers.models.base import (
    ContextError,
    ImagesError,
    Message,
    ModelRequest,
)
from registry_tool.engine.providers.models.local import LocalProvider
from registry_tool.engine.providers.models.prompt_image import PromptImage
from registry_tool.engine.providers.models.weights import find_weights

pytestmark = pytest.mark.skipif(
    find_weights() is None, reason="the embedded model is not installed"
)

QUESTION = ModelRequest("any", (Message("user", "Say hello to Ada."),), max_tokens=12)


def test_pieces_make_the_answer_and_streaming_changes_nothing() -> None:
    async def both() -> None:
        model, pieces = LocalProvider(), list[str]()
        whole = await model.complete(QUESTION)
        streamed = await model.complete(QUESTION, pieces.append)
        assert "".join(pieces) == streamed.text == whole.text
        assert len(pieces) > 1
        assert streamed.usage == whole.usage
        assert whole.usage.output_tokens == 12

    asyncio.run(both())


def test_a_cancelled_question_stops_at_the_next_token() -> None:
    pieces: list[str] = []

    async def cancelled() -> None:
        model, begun = LocalProvider(), asyncio.Event()
        long = ModelRequest(
            "any", (Message("user", "Count from one to a thousand."),), max_tokens=512
        )

        def result(piece: str) -> None:
            pieces.append(piece)
            begun.set()

        task = asyncio.create_task(model.complete(long, result))
        await begun.wait()
        task.cancel()
        await model.complete(QUESTION)  # the model is free again

    asyncio.run(cancelled())
    assert 0 < len(pieces) < 256  # of the 512 that were asked for


def test_a_prompt_beyond_the_context_is_refused_with_both_numbers() -> None:
    long = ModelRequest("any", (Message("user", "word " * 6000),), max_tokens=12)
    with pytest.raises(
        ContextError, match=r"takes 6,0\d\d tokens, and the context of .* holds 4,096"
    ):
        asyncio.run(LocalProvider().complete(long))


def test_it_sees_no_pictures_and_says_so() -> None:
    shown = Message("user", "What is it?", (PromptImage("image/png", b"x"),))
    with pytest.raises(ImagesError, match=r"embedded model .* sees none"):
        asyncio.run(LocalProvider().complete(ModelRequest("any", (shown,))))
