"""Another attempt after a transient failure: exponential back-off with full jitter, or the server's own wish."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from registry_tool.engine.providers.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
    ProviderError,
)


class Retrying:
    """Wraps a provider. Waits are in seconds: at most `first * 2**n` and `longest` before attempt n + 2."""

    def __init__(  # noqa: PLR0913 - all named, all with a default
        self,
        inner: ModelProvider,
        *,
        attempts: int = 4,
        first: float = 0.5,
        longest: float = 30.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.name = inner.name
        self._inner, self._attempts = inner, attempts
        self._first, self._longest = first, longest
        self._sleep, self._jitter = sleep, jitter

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The first answer; the last failure, with the number of attempts, where there is none."""
        for attempt in range(1, self._attempts + 1):
            try:
                return await self._inner.complete(request, on_text)
            except ProviderError as error:
                if not error.transient or attempt == self._attempts:
                    raise _told(error, attempt) from None
                await self._sleep(self._wait(error, attempt))
        raise AssertionError("unreachable")

    async def aclose(self) -> None:
        """Close the provider."""
        await self._inner.aclose()

    def _wait(self, error: ProviderError, attempt: int) -> float:
        if error.retry_after is not None:
            return min(error.retry_after, self._longest)
        return self._jitter(0.0, min(self._first * 2 ** (attempt - 1), self._longest))


def _told(error: ProviderError, attempt: int) -> ProviderError:
    if attempt == 1:
        return error
    return ProviderError(
        f"{error.reason} (attempt {attempt})",
        transient=error.transient,
        retry_after=error.retry_after,
        throttled=error.throttled,
        place=error.place,
        way_out=error.way_out,
    )
