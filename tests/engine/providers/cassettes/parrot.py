"""A question, its answer, and a model that costs nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage

QUESTION = ModelRequest("m", (Message("user", "Why?"),), temperature=0.2)
ANSWER = ModelAnswer("Because.", "m-1", Usage(3, 2, 1))


class Parrot:
    """A model that counts its questions; it stands in for one that costs money."""

    name = "parrot"

    def __init__(self) -> None:
        self.asked = 0

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        self.asked += 1
        return replace(ANSWER, text=f"answer {self.asked}")

    async def aclose(self) -> None:
        pass


def ask(provider: object, request: ModelRequest = QUESTION) -> str:
    return asyncio.run(provider.complete(request)).text  # type: ignore[attr-defined]
