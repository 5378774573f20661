"""Cutting where the meaning changes: sentences stay together while one is near those before it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.config import texts, whole_number
from registry_tool.engine.edges.text.splitters import by_sentence
from registry_tool.engine.providers.embeddings.base import Embedder


async def semantic_chunks(text: str, config: Object, embedder: Embedder | None) -> list[Value]:
    """Chunks of sentences, or of `docs` whose `embeddings` the configuration gives."""
    given = config.get("embeddings")
    parts = texts(config, "docs", []) or [part for part in by_sentence(text) if part.strip()]
    vectors = _vectors(given, len(parts)) if given else await _embedded(parts, embedder)
    threshold, top = config.get("threshold", 0.75), whole_number(config, "top_k", 0)
    if not isinstance(threshold, int | float):
        raise EdgeError("threshold must be a number", place="config.threshold")
    groups: list[tuple[list[str], list[Sequence[float]]]] = []
    for part, vector in zip(parts, vectors, strict=True):
        if groups and _nearness(vector, groups[-1][1], top) >= threshold:
            groups[-1][0].append(part)
            groups[-1][1].append(vector)
        else:
            groups.append(([part], [vector]))
    return ["".join(members).strip() for members, _ in groups]


async def _embedded(parts: list[str], embedder: Embedder | None) -> list[list[float]]:
    if embedder is None:
        raise EdgeError(
            "semantic chunking needs embeddings, and this run makes none",
            place="config.sub_chunking_mode",
            way_out="use recursive",
        )
    return await embedder.embed(parts) if parts else []


def _vectors(given: Value, count: int) -> list[list[float]]:
    rows = given if isinstance(given, list) else []
    vectors = [
        [float(x) for x in row if isinstance(x, int | float)]
        for row in rows
        if isinstance(row, list)
    ]
    if len(vectors) != count or len({len(vector) for vector in vectors}) > 1:
        raise EdgeError(
            "embeddings must hold one vector for each of docs", place="config.embeddings"
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
