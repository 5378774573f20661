"""Limits of one provider: requests and tokens a minute, and how many questions are in flight.

Requests and tokens are taken from buckets that fill evenly and hold ten seconds' worth. What is in flight adapts
as TCP does: one more after a round of answers, half as many where the provider says that it has too much to do,
and nobody starts before its `Retry-After` is over.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from registry_tool.core.records import Record
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
)
from registry_tool.engine.providers.models.prompt_image import USUAL_TOKENS

_BURST = 10.0  # seconds
_PAUSE = 1.0  # seconds without a start after a refusal that names none
_LONGEST_PAUSE = 300.0
_CHARS_A_TOKEN = 4


class RateLimits(Record, frozen=True):
    """None: no limit. `concurrency` is the most that is ever in flight."""

    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    concurrency: int = 256


class Bucket:
    """What may be taken of something that comes evenly, `rate` a second. More than a bucket may be owed."""

    def __init__(self, rate: float, now: Callable[[], float]) -> None:
        self._rate, self._now = rate, now
        self._most = max(rate * _BURST, 1.0)
        self._level, self._seen = self._most, now()

    def take(self, amount: float) -> float:
        """Take it; the seconds to wait until it is really there."""
        now = self._now()
        self._level = min(self._level + (now - self._seen) * self._rate, self._most) - amount
        self._seen = now
        return max(-self._level / self._rate, 0.0)

    def give_back(self, amount: float) -> None:
        """Of what was taken, this was not used (or, negative, so much more was)."""
        self._level = min(self._level + amount, self._most)


class Gate:
    """Bounds what is in flight; `allowed` adapts between 1 and `most`."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self.allowed = float(most)
        self._most, self._now = most, now
        self._flying = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed_until = self._cut = 0.0

    async def enter(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Wait for a place, and for the end of a pause."""
        if self._flying < self.allowed and not self._waiting:
            self._flying += 1
        else:
            await self._queue()
        try:
            while (pause := self._closed_until - self._now()) > 0:
                await sleep(pause)
        except BaseException:
            self.leave()
            raise

    async def _queue(self) -> None:
        location = asyncio.get_running_loop().create_future()
        self._waiting.append(location)
        try:
            await location  # whoever wakes us has counted us
        except asyncio.CancelledError:
            if location.done() and not location.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a place to the next one who waits."""
        self._flying -= 1
        while self._waiting and self._flying < self.allowed:
            location = self._waiting.popleft()
            if not location.done():
                self._flying += 1
                location.set_result(None)

    def went_well(self) -> None:
        """An answer came: one more place after a round of them."""
        if self.allowed < self._most:
            self.allowed = min(self.allowed + 1 / self.allowed, self._most)

    def too_much(self, wait: float | None) -> None:
        """The provider has too much to do; one cut for all that was in flight then."""
        now = self._now()
        pause = min(wait if wait is not None else _PAUSE, _LONGEST_PAUSE)
        self._closed_until = max(self._closed_until, now + pause)
        if now >= self._cut:
            self.allowed = max(self.allowed / 2, 1.0)
            self._cut = now + _PAUSE


class Limited:
    """Wraps a provider; each attempt at a question passes through."""

    def __init__(
        self,
        inner: ModelProvider,
        limits: RateLimits,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = inner.name
        self._inner, self._sleep = inner, sleep
        self.gate = Gate(limits.concurrency, now)
        self._requests = _bucket(limits.requests_per_minute, now)
        self._tokens = _bucket(limits.tokens_per_minute, now)

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer, once its turn has come."""
        await self.gate.enter(self._sleep)
        try:
            guess = await self._wait(request)
            answer = await self._inner.complete(request, on_text)
        except ProviderError as error:
            if error.throttled:
                self.gate.too_much(error.retry_after)
            raise
        finally:
            self.gate.leave()
        self.gate.went_well()
        if self._tokens:
            self._tokens.give_back(guess - answer.usage.tokens)
        return answer

    async def aclose(self) -> None:
        """Close the provider."""
        await self._inner.aclose()

    async def _wait(self, request: ModelRequest) -> float:
        """Wait until the buckets have enough; the tokens that were taken."""
        guess = float(guessed_tokens(request)) if self._tokens else 0.0
        wait = self._requests.take(1) if self._requests else 0.0
        if self._tokens:
            wait = max(wait, self._tokens.take(guess))
        if wait > 0:
            await self._sleep(wait)
        return guess


def guessed_tokens(request: ModelRequest) -> int:
    """Tokens of a question and its longest answer, guessed from its characters and pictures."""
    characters = sum(len(message.content) for message in request.messages)
    characters += request.images * USUAL_TOKENS * _CHARS_A_TOKEN
    return characters // _CHARS_A_TOKEN + 4 * len(request.messages) + (request.max_tokens or 500)


def _bucket(per_minute: float | None, now: Callable[[], float]) -> Bucket | None:
    return Bucket(per_minute / 60, now) if per_minute else None
