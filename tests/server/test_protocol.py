"""A client can't hold a connection by a head that never ends."""

from __future__ import annotations

import asyncio

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from registry_tool.server import protocol as under_test
from registry_tool.server.forwarded import network
from registry_tool.server.protocol import LARGEST_HEAD, TRUSTED, HeadTimeoutProtocol

WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Transport(asyncio.Transport):
    """A connection that only tells whether it was closed."""

    def __init__(self, peer: str) -> None:
        super().__init__({"peername": (peer, 1), "sockname": ("127.0.0.1", 2)})
        self.closed = asyncio.Event()
        self.written = b""

    def close(self) -> None:
        self.closed.set()

    def is_closing(self) -> bool:
        return self.closed.is_set()

    def pause_reading(self) -> None:
        """Everything has been read."""

    def resume_reading(self) -> None:
        """There is nothing more."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)


def connected(
    peer: str = "127.0.0.1", trusted: tuple[str, ...] = ()
) -> tuple[HeadTimeoutProtocol, Transport]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(app, log_config=None)
    config.load()
    state = {TRUSTED: tuple(map(network, trusted))}
    protocol, transport = HeadTimeoutProtocol(config, ServerState(), state), Transport(peer)
    protocol.connection_made(transport)
    return protocol, transport


@pytest.mark.parametrize("sent", [[], [b"GET / HTTP/1.1\r\nHost:"], [b"GET / HT", b"TP/1.1\r\n"]])
def test_a_client_that_does_not_finish_a_head_is_let_go(
    monkeypatch: pytest.MonkeyPatch, sent: list[bytes]
) -> None:
    monkeypatch.setattr(under_test, "HEAD_PATIENCE", 0.0)

    async def slow() -> None:
        protocol, transport = connected()
        for part in sent:
            protocol.data_received(part)
        await transport.closed.wait()
        protocol.connection_lost(None)

    asyncio.run(slow())


def test_one_that_does_is_answered_and_may_ask_again() -> None:
    async def quick() -> None:
        protocol, transport = connected()
        for count in (1, 2):
            protocol.data_received(WHOLE)
            while transport.written.count(b"204 No Content") < count:
                await asyncio.sleep(0)
        assert not transport.closed.is_set()
        protocol.connection_lost(None)

    asyncio.run(quick())


@pytest.mark.parametrize("body", [b"", b"0123456789"])
def test_a_later_head_may_take_no_longer(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    first = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    async def slow() -> None:
        protocol, transport = connected()
        monkeypatch.setattr(under_test, "HEAD_PATIENCE", 0.0)
        protocol.data_received(first)
        protocol.data_received(b"GET / HTTP/1.1\r\nHost:")
        await transport.closed.wait()
        assert b"204 No Content" in transport.written
        protocol.connection_lost(None)

    asyncio.run(slow())


def test_a_head_has_an_end() -> None:
    async def endless() -> None:
        protocol, transport = connected()
        protocol.data_received(b"GET / HTTP/1.1\r\n")
        for _ in range(100):
            if not transport.is_closing():
                protocol.data_received(b"A: " + b"a" * 1021 + b"\r\n")
        assert transport.written.startswith(b"HTTP/1.1 431 ")
        protocol.connection_lost(None)

    asyncio.run(endless())


def test_requests_in_a_row_are_answered_in_turn() -> None:
    async def quick() -> None:
        protocol, transport = connected()
        protocol.data_received(WHOLE * 3)
        while transport.written.count(b"204 No Content") < 3:
            await asyncio.sleep(0)
        assert not transport.closed.is_set()
        protocol.connection_lost(None)

    asyncio.run(quick())


@pytest.mark.parametrize(
    ("peer", "trusted", "last_is_open"),
    [
        ("203.0.113.9", (), False),
        ("2001:db8::1", (), False),
        ("127.0.0.1", (), True),
        ("::1", (), True),
        ("10.0.0.1", (), False),
        ("10.0.0.1", ("10.0.0.0/8",), True),
        ("203.0.113.9", ("10.0.0.0/8",), False),
    ],
)
def test_one_address_has_so_many_connections(
    monkeypatch: pytest.MonkeyPatch, peer: str, trusted: tuple[str, ...], last_is_open: bool
) -> None:
    monkeypatch.setattr(under_test, "MOST_OF_ONE", 2)

    async def many() -> None:
        made = [connected(peer, trusted) for _ in range(3)]
        other = connected("198.51.100.1")
        assert [not transport.is_closing() for _, transport in (*made, other)] == [
            *(True, True, last_is_open, True)
        ]
        for protocol, _ in (*made, other):
            protocol.connection_lost(None)
        protocol, transport = connected(peer, trusted)
        assert not transport.is_closing()
        protocol.connection_lost(None)
        assert not HeadTimeoutProtocol._open

    asyncio.run(many())


CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (CHUNKED + b"0\r\n", b"A: " + b"a" * 1021 + b"\r\n"),
        (CHUNKED + b"0\r\nA: ", b"a" * 1024),
        (CHUNKED + b"1;", b"a" * 1024),
    ],
)
def test_what_trails_a_body_has_an_end(start: bytes, part: bytes) -> None:
    async def endless() -> None:
        protocol, transport = connected()
        protocol.data_received(start)
        for _ in range(100):
            if not transport.is_closing():
                protocol.data_received(part)
        assert b"HTTP/1.1 431 " in transport.written
        protocol.connection_lost(None)

    asyncio.run(endless())


def test_what_trails_a_body_adds_nothing_to_the_head() -> None:
    async def answered() -> None:
        protocol, transport = connected()
        protocol.data_received(CHUNKED)
        head = protocol.scope["headers"]
        protocol.data_received(b"0\r\nAuthorization: Bearer x\r\n\r\n")
        assert [name for name, _ in head] == [b"host", b"transfer-encoding"]
        while b"204 No Content" not in transport.written:
            await asyncio.sleep(0)
        protocol.connection_lost(None)

    asyncio.run(answered())


def test_a_body_of_many_bytes_is_no_head() -> None:
    async def whole() -> None:
        protocol, transport = connected()
        half = b"a" * 2 * LARGEST_HEAD
        protocol.data_received(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (2 * len(half)) + half
        )
        protocol.data_received(half)  # with which the request ends
        while b"204 No Content" not in transport.written:
            await asyncio.sleep(0)
        assert not transport.closed.is_set()
        assert b" 431 " not in transport.written
        protocol.connection_lost(None)

    asyncio.run(whole())
