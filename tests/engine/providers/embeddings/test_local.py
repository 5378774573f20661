"""The embedded embedder itself, where its model is installed."""

from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.providers.embeddings.local import LocalEmbedder, windows
from registry_tool.engine.providers.models.weights import EMBEDDING
from registry_tool.manifest.destinations import EMBEDDED

local = pytest.mark.skipif(EMBEDDING.find() is None, reason="the embedding model is not installed")


def cosine(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


@local
def test_the_published_similarities_of_the_model() -> None:
    # https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, the example of its page
    happy, dog, very, sunny = asyncio.run(
        LocalEmbedder().embed(
            [
                "That is a happy person",
                "That is a happy dog",
                "That is a very happy person",
                "Today is a sunny day",
            ]
        )
    )
    found = [cosine(happy, other) for other in (dog, very, sunny)]
    assert found == pytest.approx([0.695, 0.943, 0.257], abs=0.002)
    assert math.hypot(*happy) == pytest.approx(1, abs=1e-5)


@local
def test_any_text_has_a_vector_and_order_stays() -> None:
    texts = ["", "x" * 5000, "北京", "a\nb", "�\u0301", *[f"number {n}" for n in range(70)]]
    vectors = asyncio.run(LocalEmbedder().embed(texts))
    assert [len(vector) for vector in vectors] == [384] * len(texts)
    (again,) = asyncio.run(LocalEmbedder().embed(["number 69"]))
    assert cosine(again, vectors[-1]) == pytest.approx(1, abs=1e-3)
    assert asyncio.run(LocalEmbedder().embed([])) == []


def test_the_embedded_model_is_the_one_that_egress_leaves_out() -> None:
    assert LocalEmbedder.name == EMBEDDED


@given(st.text(alphabet="ab \n", max_size=400), st.integers(1, 60))
def test_windows_hold_all_of_a_text(text: str, most: int) -> None:
    parts = windows(text, most)
    assert "".join(parts) == (text or " ")
    assert all(0 < len(part) <= most for part in parts) or not text
