"""The index itself: documents are embedded once, kept apart by model and collection, and found nearest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.errors import MissingToolError
from registry_tool.engine.edges.ranking import vector_index
from registry_tool.engine.edges.ranking.vector_index import Hit, VectorIndex, text_of


class Angles:
    """An embedder of words that are numbers: the angle of a unit vector, in degrees."""

    def __init__(self, name: str = "angles") -> None:
        self.name = name
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text."""
        from math import cos, radians, sin

        self.asked += texts
        return [[cos(radians(float(text))), sin(radians(float(text)))] for text in texts]


def test_the_nearest_come_first_with_their_cosine() -> None:
    async def found() -> list[Hit]:
        with VectorIndex(Angles()) as index:
            assert await index.add("", ["90", "0", "60", "60"]) == 3
            return await index.search("", "0", 2)

    first, second = asyncio.run(found())
    assert (first.document, second.document) == ("0", "60")
    assert (first.score, second.score) == (pytest.approx(1), pytest.approx(0.5, abs=1e-5))


def test_collections_and_models_are_kept_apart_in_a_file_and_embedded_once(tmp_path: Path) -> None:
    path = tmp_path / "deep/er/base.sqlite"

    async def documents(embedder: Angles, collection: str, *new: Any) -> list[Any]:
        with VectorIndex(embedder, path) as index:
            await index.add(collection, new)
            return [hit.document for hit in await index.search(collection, "0", 9)]

    one = Angles()
    assert asyncio.run(documents(one, "a", "5", {"text": "7", "n": 1})) == [
        "5",
        {"text": "7", "n": 1},
    ]
    assert asyncio.run(documents(one, "a", "5")) == ["5", {"text": "7", "n": 1}]
    assert one.asked == ["5", "7", "0", "0"]
    assert asyncio.run(documents(one, "b")) == []
    assert asyncio.run(documents(Angles("other"), "a")) == []


def test_what_may_not_be_taken_is_not_kept(tmp_path: Path) -> None:
    def refuse(size: int) -> None:
        raise RuntimeError(f"no room for {size}")

    async def added() -> list[Hit]:
        with VectorIndex(Angles(), tmp_path / "base.sqlite") as index:
            await index.search("a", "0", 1)  # the tables are there
            with pytest.raises(RuntimeError, match="no room for"):
                await index.add("a", [{"text": "5", "rest": "x" * 2**16}], refuse)
            return await index.search("a", "0", 9)

    assert asyncio.run(added()) == []


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("plain", "plain"),
        ({"content": "c", "text": "t"}, "c"),
        ({"text": "t"}, "t"),
        ({"metadata": {"retrieval_content": "r"}, "content": "c"}, "r"),
        ({"metadata": {"retrieval_content": ""}, "content": "", "n": 1},
         '{"metadata": {"retrieval_content": ""}, "content": "", "n": 1}'),
        ({"metadata": 5, "text": "t"}, "t"),
        (5, "5"),
    ],
)  # fmt: skip
def test_of_an_object_the_part_that_holds_its_text_is_compared(document: Any, text: str) -> None:
    assert text_of(document) == text


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "find_spec", lambda name: None if name == "apsw" else name)
    with pytest.raises(MissingToolError, match="vector search is not installed") as error:
        VectorIndex(Angles())
    assert "[search]" in error.value.hint
