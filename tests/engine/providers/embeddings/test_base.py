"""The embedded embedder itself, and OpenAI's form of one against a server on loopback."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import MissingToolError
from registry_tool.engine.providers.embeddings.local import LocalEmbedder, windows
from registry_tool.engine.providers.embeddings.openai import OpenAIEmbedder
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models import weights
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.chat.http import MOST_BYTES
from registry_tool.engine.providers.models.retry import BackOff
from registry_tool.engine.providers.models.weights import EMBEDDING
from registry_tool.manifest.destinations import EMBEDDED
from tests.engine.providers.fault_server import FaultServer, Reply, refusal, running

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


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    with pytest.raises(MissingToolError, match="puppy-cli models install"):
        EMBEDDING.trusted()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as found:
        yield found


def asked(
    server: FaultServer, *texts: str, waits: list[float] | None = None
) -> tuple[list[list[float]], Usage]:
    known = {"OPENAI_BASE_URL": server.address, "OPENAI_API_KEY": "k"}

    async def sleep(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)

    embedder = OpenAIEmbedder("small", known, back_off=BackOff(sleep=sleep))
    return asyncio.run(embedder.embed_counted(list(texts)))


def embed(server: FaultServer, *texts: str) -> list[list[float]]:
    return asked(server, *texts)[0]


def test_a_servers_vectors_come_in_order_and_as_units(server: FaultServer) -> None:
    data = [{"index": 1, "embedding": [0.0, 2.0]}, {"index": 0, "embedding": [3.0, 4.0]}]
    server.replies = [Reply(body={"data": data})]
    assert embed(server, "a", "b") == [[0.6, 0.8], [0.0, 1.0]]
    assert server.asked[0][0] == {"model": "small", "input": ["a", "b"]}


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(body={"data": []}), "sent no embeddings"),
        (Reply(body={"data": [{"index": 0, "embedding": ["x"]}]}), "sent no embeddings"),
        (Reply(body=b"<html>"), "sent no embeddings"),
        (refusal(401, "bad key"), "answered 401: bad key"),
    ],
)
def test_a_server_without_vectors_is_told(server: FaultServer, reply: Reply, told: str) -> None:
    server.replies = [reply] * 4
    with pytest.raises(ProviderError, match=told):
        embed(server, "a")


ONE = {
    "data": [{"index": 0, "embedding": [1.0, 0.0]}],
    "usage": {"prompt_tokens": 3, "total_tokens": 3},
}


def test_a_busy_server_is_asked_again_when_it_wishes(server: FaultServer) -> None:
    server.replies = [refusal(429, "busy", **{"retry-after": "2"}), Reply(body=ONE)]
    waits: list[float] = []
    vectors, usage = asked(server, "a", waits=waits)
    assert (vectors, usage.input_tokens, usage.calls, waits) == ([[1.0, 0.0]], 3, 1, [2.0])


def test_a_huge_answer_is_not_read_to_its_end(server: FaultServer) -> None:
    server.replies = [Reply(body=b" " * (MOST_BYTES + 1))]
    with pytest.raises(ProviderError, match="sent more than 32 MiB"):
        embed(server, "a")


def test_the_embedded_model_is_the_one_that_egress_leaves_out() -> None:
    assert LocalEmbedder.name == EMBEDDED


@given(st.text(alphabet="ab \n", max_size=400), st.integers(1, 60))
def test_windows_hold_all_of_a_text(text: str, most: int) -> None:
    parts = windows(text, most)
    assert "".join(parts) == (text or " ")
    assert all(0 < len(part) <= most for part in parts) or not text
