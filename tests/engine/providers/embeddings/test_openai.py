"""OpenAI's form of embeddings against a server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from registry_tool.engine.providers.embeddings.openai import OpenAIEmbedder
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.chat.http import MOST_BYTES
from registry_tool.engine.providers.models.retry import BackOff
from tests.engine.providers.fault_server import FaultServer, Reply, refusal, running


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
    ("reply", "expected"),
    [
        (Reply(body={"data": []}), "sent no embeddings"),
        (Reply(body={"data": [{"index": 0, "embedding": ["x"]}]}), "sent no embeddings"),
        (Reply(body=b"<html>"), "sent no embeddings"),
        (refusal(401, "bad key"), "answered 401: bad key"),
    ],
)
def test_a_server_without_vectors_is_reported(
    server: FaultServer, reply: Reply, expected: str
) -> None:
    server.replies = [reply] * 4
    with pytest.raises(ProviderError, match=expected):
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
