"""Limits against a clock that only sleeping moves."""

from __future__ import annotations

import asyncio
import heapq
from contextlib import suppress

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.models.rate_limit import Limited, RateLimits

QUESTION = ModelRequest("m", (Message("user", "x" * 40),), max_tokens=86)  # guessed: 100 tokens


class Clock:
    """Time that moves to the next sleeper when nobody else has anything to do."""

    def __init__(self) -> None:
        self.time, self._slept = 0.0, 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._slept += 1
        heapq.heappush(self._sleepers, (self.time + seconds, self._slept, future))
        await future

    async def until(self, *tasks: asyncio.Task[object]) -> None:
        while not all(task.done() for task in tasks):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers and not all(task.done() for task in tasks):
                self.time, _, future = heapq.heappop(self._sleepers)
                if not future.done():
                    future.set_result(None)


class Model:
    """Takes a second for an answer of 50 tokens; refuses the questions whose numbers it is told."""

    name = "model"

    def __init__(self, clock: Clock, refuse: dict[int, float | None] | None = None) -> None:
        self._clock, self._refuse = clock, refuse or {}
        self.starts: list[float] = []
        self.flying = self.most = 0

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        number = len(self.starts)
        self.starts.append(self._clock.time)
        self.flying += 1
        self.most = max(self.most, self.flying)
        try:
            await self._clock.sleep(1)
            if number in self._refuse:
                raise ProviderError(
                    "busy", transient=True, throttled=True, retry_after=self._refuse[number]
                )
        finally:
            self.flying -= 1
        return ModelAnswer("x", "m", Usage(25, 25, 1))

    async def aclose(self) -> None:
        pass


def run(
    count: int, limits: RateLimits, refuse: dict[int, float | None] | None = None
) -> tuple[Model, Limited]:
    clock = Clock()
    model = Model(clock, refuse)
    limited = Limited(model, limits, now=clock.now, sleep=clock.sleep)

    async def one() -> None:
        with suppress(ProviderError):
            await limited.complete(QUESTION)

    async def main() -> None:
        tasks = [asyncio.create_task(one()) for _ in range(count)]
        await clock.until(*tasks)

    asyncio.run(main())
    return model, limited


def test_no_more_are_in_flight_than_may_be() -> None:
    model, _ = run(20, RateLimits(concurrency=3))
    assert (model.most, len(model.starts)) == (3, 20)
    assert model.starts[-1] == pytest.approx(6)


def test_requests_come_evenly_after_the_first_burst() -> None:
    model, _ = run(30, RateLimits(requests_per_minute=60))  # a burst of ten, then one a second
    assert model.starts[:10] == [0] * 10
    assert model.starts[-1] == pytest.approx(20)


def test_tokens_count_as_they_were_not_as_guessed() -> None:
    model, _ = run(
        40, RateLimits(tokens_per_minute=6000, concurrency=1)
    )  # 100 a second, 1000 at once
    assert model.starts[-1] == pytest.approx(39)  # 50 tokens a second: never held up
    slow, _ = run(40, RateLimits(tokens_per_minute=1500, concurrency=1))  # 25 a second
    assert slow.starts[-1] > 60


def test_a_refusal_halves_what_is_in_flight_and_is_waited_for() -> None:
    model, limited = run(14, RateLimits(concurrency=8), {0: 10.0, 1: 10.0})
    assert [start for start in model.starts if 1 < start < 10.9] == []
    assert 4 <= limited.gate.allowed < 8


def test_the_limit_grows_again() -> None:
    _, limited = run(200, RateLimits(concurrency=8), {0: None})
    assert limited.gate.allowed == 8


def test_who_is_cancelled_while_waiting_takes_no_place() -> None:
    clock = Clock()
    model = Model(clock)
    limited = Limited(model, RateLimits(concurrency=1), now=clock.now, sleep=clock.sleep)

    async def main() -> None:
        first, second, third = (asyncio.create_task(limited.complete(QUESTION)) for _ in range(3))
        await asyncio.sleep(0)
        second.cancel()
        await clock.until(first, second, third)
        assert second.cancelled()
        assert (await third).text == "x"

    asyncio.run(main())
    assert model.starts == [0, 1]
