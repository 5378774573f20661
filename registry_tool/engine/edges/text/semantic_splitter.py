"""Cutting where the meaning changes: sentences stay together while one is near those before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.spellings import listed
from registry_tool.engine.edges.text.splitters import by_sentence
from registry_tool.engine.providers.embeddings.base import Embedder


@dataclass(frozen=True, kw_only=True)
class SemanticConfig:
    """How near is near; `docs` with their `embeddings` instead of the text's sentences."""

    threshold: float = 0.75
    top_k: int = 0
    docs: tuple[str, ...] = field(default=(), metadata=spelled(form=listed))
    embeddings: tuple[tuple[float, ...], ...] = ()


async def semantic_chunks(
    text: str, config: SemanticConfig, embedder: Embedder | None
) -> list[Value]:
    """Chunks of sentences, or of `docs` whose `embeddings` the configuration gives."""
    parts = config.docs or [part for part in by_sentence(text) if part.strip()]
    vectors = _vectors(config, len(parts)) or await _embedded(parts, embedder)
    groups: list[tuple[list[str], list[Sequence[float]]]] = []
    for part, vector in zip(parts, vectors, strict=True):
        if groups and _nearness(vector, groups[-1][1], config.top_k) >= config.threshold:
            groups[-1][0].append(part)
            groups[-1][1].append(vector)
        else:
            groups.append(([part], [vector]))
    return ["".join(members).strip() for members, _ in groups]


async def _embedded(parts: Sequence[str], embedder: Embedder | None) -> Sequence[Sequence[float]]:
    if embedder is None:
        raise EdgeError(
            "semantic chunking needs embeddings, and this run makes none",
            location="config.sub_chunking_mode",
            hint="use recursive",
        )
    return await embedder.embed([*parts]) if parts else []


def _vectors(config: SemanticConfig, count: int) -> Sequence[Sequence[float]]:
    """The given embeddings, none where none are given."""
    vectors = config.embeddings
    if vectors and (len(vectors) != count or len({len(vector) for vector in vectors}) > 1):
        raise EdgeError(
            "embeddings must hold one vector for each of docs", location="config.embeddings"
        )
    return vectors


def _nearness(vector: Sequence[float], others: list[Sequence[float]], top: int) -> float:
    """The greatest cosine with one of the others, or the mean of the `top` greatest."""
    cosines = sorted((_cosine(vector, other) for other in others), reverse=True)
    chosen = cosines[:top] if top else cosines[:1]
    return math.fsum(chosen) / len(chosen)


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    lengths = math.hypot(*one) * math.hypot(*other)
    return math.fsum(a * b for a, b in zip(one, other, strict=True)) / lengths if lengths else 0.0
