"""HTTP/1.1 with bounds on a request's head, which uvicorn has not: its bytes, and the seconds it may take."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_PATIENCE: Final = 10.0
"""Seconds that a client may take for a request's head."""
LARGEST_HEAD: Final = 64 * 2**10
"""Bytes of a head: addresses, tokens and cookies fit in many times over."""
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class HeadTimeoutProtocol(HttpToolsProtocol):
    """A client that doesn't finish a head in time, the first or a later one, loses its connection."""

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        super().connection_made(transport)
        self._in_head, self._head_bytes = True, 0
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Some of a request has come."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._in_head, self._head_bytes = False, 0
        self._head.cancel()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there; what comes now is the next one's head."""
        self._in_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The next head may take as long again."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._head.cancel()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if hasattr(self, "_head"):
            self._head.cancel()
        loop = asyncio.get_running_loop()
        self._head: asyncio.TimerHandle = loop.call_later(HEAD_PATIENCE, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
