"""Metered embeddings: they count towards a run's caps as model answers do, and are reported with a price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.metered import Budget, Price, guessed_tokens
from registry_tool.engine.providers.models.plausible import bounded_embedding

UsageListener = Callable[[Usage, str], None]
"""Takes what a question took, and what a server reported beyond what is possible, in words."""


class CountedEmbedder(Protocol):
    """An embedder that reports its usage. `name` names the model."""

    name: str

    async def embed_counted(self, texts: Sequence[str]) -> tuple[list[list[float]], Usage]:
        """One unit vector a text, in order, and the tokens; `ProviderError` where there is none."""


class MeteredEmbedder:
    """Wraps an embedder of a server; `price` is asked for dollars, `budget` keeps the caps."""

    def __init__(
        self,
        inner: CountedEmbedder,
        price: Price,
        budget: Budget,
        on_usage: UsageListener = lambda _usage, _doubt: None,
    ) -> None:
        self.name = inner.name
        self._inner, self._price, self._budget, self._on_usage = inner, price, budget, on_usage

    def with_listener(self, on_usage: UsageListener) -> MeteredEmbedder:
        """A copy that reports usage to `on_usage`."""
        return MeteredEmbedder(self._inner, self._price, self._budget, on_usage)

    def within(self, budget: Budget) -> MeteredEmbedder:
        """A copy with other caps."""
        return MeteredEmbedder(self._inner, self._price, budget, self._on_usage)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector a text, in order; `CapError` where they might cost too much."""
        if not texts:
            return []
        guess = sum(map(guessed_tokens, texts))
        aside = self._price(self.name, "", guess, 0)
        self._budget.set_aside(guess, aside)
        usage, doubt = Usage(), ""
        try:
            vectors, reported = await self._inner.embed_counted(texts)
            reported, doubt = bounded_embedding(texts, reported, self.name)
            cost = self._price(self.name, "", reported.tokens, 0) if reported.tokens else None
            usage = replace(reported, cost_usd=cost)
        finally:
            self._budget.settle(guess, aside, usage)
        self._on_usage(usage, doubt)
        return vectors
