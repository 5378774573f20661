from __future__ import annotations

import asyncio
from dataclasses import replace

from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.models.base import (
    Message,
    ModelAnswer,
    ModelRequest,
    OnText,
    Usage,
)

ONE = ModelRequest("m", (Message("user", "one"),))
OTHER = replace(ONE, messages=(Message("user", "other"),))


class Repeats:
    """Keeps the numbers of the repeats that it is asked for."""

    name = "repeats"

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        self.seen.append((request.messages[0].content, request.repeat))
        return ModelAnswer("", "m", Usage())

    async def aclose(self) -> None:
        self.seen.clear()


def test_equal_questions_are_numbered_each_by_itself() -> None:
    inner = Repeats()
    counting = RepeatCounter(inner)

    async def ask() -> None:
        for request in (ONE, OTHER, replace(ONE, repeat=7), replace(ONE, temperature=1.0), ONE):
            await counting.complete(request)

    asyncio.run(ask())
    assert inner.seen == [("one", 0), ("other", 0), ("one", 1), ("one", 0), ("one", 2)]
    asyncio.run(counting.aclose())
    assert inner.seen == []
