from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import httpx2
import pytest

from registry_tool.security.offline import OfflineError, no_network


@pytest.fixture
def port() -> Iterator[int]:
    """A loopback port that takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_nothing_is_reached_inside_and_everything_again_outside(port: int) -> None:
    connect(port)
    with no_network(), pytest.raises(OfflineError, match=r"127\.0\.0\.1"):
        connect(port)
    with no_network(), pytest.raises(OfflineError, match=r"model\.example"):
        socket.getaddrinfo("model.example", 443)
    connect(port)


def test_no_library_gets_round_it(port: int) -> None:
    async def tries() -> None:
        with pytest.raises(OfflineError):
            await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises(OfflineError):
            await asyncio.to_thread(connect, port)
        async with httpx2.AsyncClient(trust_env=False) as client:
            with pytest.raises(httpx2.ConnectError):
                await client.get(f"http://127.0.0.1:{port}/")

    with no_network():
        asyncio.run(tries())


def test_others_in_the_process_keep_theirs(port: int) -> None:
    failed: list[BaseException] = []

    def other() -> None:
        try:
            connect(port)
        except OfflineError as error:
            failed.append(error)

    with no_network():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert not failed
