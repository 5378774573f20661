from __future__ import annotations

import asyncio

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.models.retry import BackOff, Retrying

QUESTION = ModelRequest("m", (Message("user", "?"),))


class Failing:
    """Fails as told, then answers."""

    name = "failing"

    def __init__(self, *failures: ProviderError) -> None:
        self.failures = list(failures)

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        if self.failures:
            raise self.failures.pop(0)
        return ModelAnswer("ok", "m", Usage())

    async def aclose(self) -> None:
        pass


def waits(*failures: ProviderError) -> list[float]:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    provider = Retrying(Failing(*failures), BackOff(sleep=sleep, jitter=lambda _, most: most))
    asyncio.run(provider.complete(QUESTION))
    return waited


def test_waits_grow_and_a_servers_wish_counts() -> None:
    busy = ProviderError("busy", transient=True)
    polite = ProviderError("busy", transient=True, retry_after=3)
    rude = ProviderError("busy", transient=True, retry_after=3600)
    assert waits(busy, busy, busy) == [0.5, 1.0, 2.0]
    assert waits(polite, rude) == [3, 30.0]


def test_a_lasting_failure_is_raised_at_once() -> None:
    with pytest.raises(ProviderError, match=r"^no$"):
        waits(ProviderError("no"))
