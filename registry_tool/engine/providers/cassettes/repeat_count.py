"""Counts equal questions, so that the second one can have another recorded answer than the first."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.engine.providers.cassettes.cassette import key_of
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
)


class RepeatCounter:
    """Wraps a provider for one run (or the repeated runs of one test case); sets `repeat`, from `first` on."""

    def __init__(self, inner: ModelProvider, first: int = 0) -> None:
        self.name = inner.name
        self._inner, self._first = inner, first
        self._seen: dict[str, int] = {}

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer to this repeat of the question."""
        key = key_of(replace(request, repeat=0))
        repeat = self._seen.get(key, self._first)
        self._seen[key] = repeat + 1
        return await self._inner.complete(replace(request, repeat=repeat), on_text)

    async def aclose(self) -> None:
        """Close the provider."""
        await self._inner.aclose()
