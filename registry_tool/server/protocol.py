"""HTTP/1.1 with bounds that uvicorn has not: on heads, on what trails bodies, on connections of one address."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from registry_tool.server.forwarded import address_of, counted_as

HEAD_PATIENCE: Final = 10.0
"""Seconds that a client may take for a request's head."""
LARGEST_HEAD: Final = 64 * 2**10
"""Bytes of a head, or after a body: addresses, tokens and cookies fit in many times over."""
MOST_OF_ONE: Final = 250
"""Connections of one address to a worker; this machine's own and trusted proxies have as many as there may be."""
TRUSTED: Final = "trusted_proxies"
"""The member of the lifespan's state that holds the networks of trusted proxies."""
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class HeadTimeoutProtocol(HttpToolsProtocol):
    """A client that doesn't finish a head in time, the first or a later one, loses its connection."""

    _open: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: Any) -> None:
        """A client has come; one that holds too many connections gets no more."""
        super().connection_made(transport)
        self._in_head, self._progress, self._idle_bytes = True, 0, 0
        self._wait_for_head()
        self._address = self.client[0] if self.client else ""
        self._holder = counted_as(self._address)
        self._open[self._holder] += 1
        if self._open[self._holder] > MOST_OF_ONE and not self._is_near():
            transport.close()

    def _is_near(self) -> bool:
        """Whether the address is this machine's own, or that of a proxy that may come for many."""
        found = address_of(self._address)
        if found is None or found.is_loopback:
            return True
        return any(found in network for network in self.app_state.get(TRUSTED, ()))

    def data_received(self, data: bytes) -> None:
        """Some of a request has come. What ends no head and is no body is bounded: a head, what trails a body."""
        before = self._progress
        super().data_received(data)
        self._idle_bytes = self._idle_bytes + len(data) if self._progress == before else 0
        if self._idle_bytes > LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the head; one that trails a body is left out, as it may be (RFC 9110, 6.5.1)."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._in_head = False
        self._progress += 1
        self._head.cancel()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body is there."""
        self._progress += 1
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there; what comes now is the next one's head."""
        self._in_head = True
        self._progress += 1
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The next head may take as long again."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._head.cancel()
        self._open[self._holder] -= 1
        if not self._open[self._holder]:
            del self._open[self._holder]
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if hasattr(self, "_head"):
            self._head.cancel()
        loop = asyncio.get_running_loop()
        self._head: asyncio.TimerHandle = loop.call_later(HEAD_PATIENCE, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
