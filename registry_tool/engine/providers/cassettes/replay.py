"""Answers from a cassette, and the provider that fills one."""

from __future__ import annotations

from registry_tool.engine.providers.cassettes.cassette import Cassette, key_of
from registry_tool.engine.providers.cassettes.describe import nearest, unlike
from registry_tool.engine.providers.errors import NotRecordedError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
)

NOT_RECORDED = "no answer is recorded"


class ReplayProvider:
    """Gives recorded answers; a question that was never recorded is an error."""

    name = "replay"

    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette
        self.used: set[str] = set()

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The recorded answer."""
        key = key_of(request)
        if key not in self._cassette.recordings:
            near = nearest(self._cassette, request)
            difference = (
                f"; the nearest recorded question differs: {unlike(request, near)}" if near else ""
            )
            raise NotRecordedError(
                f"{NOT_RECORDED} for this question to {request.model} (key {key}){difference}",
                hint="record it with `puppy-cli test --record`",
            )
        self.used.add(key)
        answer = self._cassette.recordings[key].answer
        if on_text is not None and answer.text:
            on_text(answer.text)
        return answer

    async def aclose(self) -> None:
        """Nothing is open."""


class RecordingProvider:
    """Asks `inner` what the cassette doesn't know (or, with `refresh`, everything) and keeps the answers."""

    def __init__(self, inner: ModelProvider, cassette: Cassette, *, refresh: bool = False) -> None:
        self.name = inner.name
        self._inner, self._cassette, self._refresh = inner, cassette, refresh
        self.used: set[str] = set()

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The known answer, or a new one that is kept."""
        key = key_of(request)
        known = self._cassette.recordings.get(key)
        if known is not None and (not self._refresh or key in self.used):
            self.used.add(key)
            return known.answer
        answer = await self._inner.complete(request, on_text)
        self._cassette.add(request, answer)
        self.used.add(key)
        return answer

    async def aclose(self) -> None:
        """Close the provider that is asked."""
        await self._inner.aclose()
