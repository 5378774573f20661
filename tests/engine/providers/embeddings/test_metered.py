"""Embeddings count towards a run's caps, and are told with their price."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from registry_tool.engine.providers.embeddings.metered import MeteredEmbedder
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.metered import Budget, CapError


class Counted:
    """An embedder that takes ten tokens a text, or fails."""

    name = "counted"

    def __init__(self, *, fails: bool = False) -> None:
        self.asked, self._fails = 0, fails

    async def embed_counted(self, texts: Sequence[str]) -> tuple[list[list[float]], Usage]:
        """The same vector for every text."""
        self.asked += 1
        if self._fails:
            raise ProviderError("no")
        return [[1.0] for _ in texts], Usage(10 * len(texts), 0, 1, None)


def cents(_model: str, _address: str, tokens_in: int, _out: int) -> float | None:
    return tokens_in / 100


def test_what_it_took_is_reported_with_its_price_and_counts() -> None:
    budget, output = Budget(max_tokens=100, max_cost=1.0), list[tuple[Usage, str]]()
    embedder = MeteredEmbedder(Counted(), cents, budget).with_listener(
        lambda *both: output.append(both)
    )
    assert asyncio.run(embedder.embed(["a", "b"])) == [[1.0], [1.0]]
    assert output == [(Usage(20, 0, 1, 0.2), "")]
    assert (budget.tokens, budget.cost) == (20, 0.2)
    assert (budget.tokens_aside, budget.cost_aside) == (0, 0)


@pytest.mark.parametrize("budget", [Budget(max_tokens=5), Budget(max_cost=0.01)])
def test_beyond_a_cap_the_server_is_not_asked(budget: Budget) -> None:
    inner = Counted()
    with pytest.raises(CapError, match="would be passed"):
        asyncio.run(MeteredEmbedder(inner, cents, budget).embed(["a"]))
    assert inner.asked == 0


def test_without_a_price_a_cap_on_dollars_is_not_kept_silently() -> None:
    embedder = MeteredEmbedder(Counted(), lambda *_: None, Budget(max_cost=1.0))
    with pytest.raises(CapError, match="no price is known"):
        asyncio.run(embedder.embed(["a"]))


def test_a_failure_frees_what_was_set_aside() -> None:
    budget = Budget(max_tokens=100)
    with pytest.raises(ProviderError):
        asyncio.run(MeteredEmbedder(Counted(fails=True), cents, budget).embed(["a"]))
    assert (budget.tokens, budget.tokens_aside) == (0, 0)


def test_other_caps_for_another_run_and_nothing_for_nothing() -> None:
    embedder = MeteredEmbedder(Counted(), cents, Budget(max_tokens=1))
    assert asyncio.run(embedder.embed([])) == []
    assert asyncio.run(embedder.within(Budget()).embed(["a"])) == [[1.0]]
