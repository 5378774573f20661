"""Another attempt after a transient failure, as `core/retry.py` says when."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from registry_tool.core.records import Record
from registry_tool.core.retry import Backoff, Jitter
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
)

_Answer = TypeVar("_Answer")


class BackOff(Record, frozen=True):
    """How often is asked, and how long is waited between."""

    attempts: int = 4
    policy: Backoff = Backoff()
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Jitter = random.uniform

    async def through(self, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """The first answer; the last failure, with the number of attempts, where there is none."""
        for attempt in range(1, self.attempts + 1):
            try:
                return await ask()
            except ProviderError as error:
                if not error.transient or attempt == self.attempts:
                    raise _numbered(error, attempt) from None
                await self.sleep(self.policy.wait(attempt, self.jitter, error.retry_after))
        raise AssertionError("unreachable")


class Retrying:
    """Wraps a provider."""

    def __init__(self, inner: ModelProvider, back_off: BackOff | None = None) -> None:
        self.name = inner.name
        self._inner, self._back_off = inner, back_off or BackOff()

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The first answer; the last failure, with the number of attempts, where there is none."""
        return await self._back_off.through(partial(self._inner.complete, request, on_text))

    async def aclose(self) -> None:
        """Close the provider."""
        await self._inner.aclose()


def _numbered(error: ProviderError, attempt: int) -> ProviderError:
    if attempt == 1:
        return error
    return ProviderError(
        f"{error.reason} (attempt {attempt})",
        transient=error.transient,
        retry_after=error.retry_after,
        throttled=error.throttled,
        location=error.location,
        hint=error.hint,
    )
