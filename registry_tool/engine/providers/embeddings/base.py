"""What an embedding provider is: texts in, vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """Turns texts into vectors whose cosine tells how near their meanings are. `name` names the model."""

    name: str

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector a text, in order; `ProviderError` where there is none."""
