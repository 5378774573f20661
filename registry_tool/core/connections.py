"""HTTP connections that another thread can cut: one that is given up must not read on in the background."""

from __future__ import annotations

import socket
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from threading import Lock
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, Request


class Connections:
    """What the openers that have its `handlers` connect to."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._is_cut = False

    def handlers(self) -> tuple[BaseHandler, ...]:
        """For `build_opener`: they connect to `http://` and `https://` addresses, and keep what they connect."""
        return _Http(self), _Https(self)

    def keep(self, connected: socket.socket) -> None:
        """Remember a socket; `TimeoutError` where all were cut before."""
        with self._lock:
            if self._is_cut:
                raise TimeoutError("given up")
            self._open.append(connected)

    def cut(self) -> None:
        """End all of them, whoever reads there, and let no other begin."""
        with self._lock:
            self._is_cut = True
            for connected in self._open:
                with suppress(OSError):  # it has ended by itself
                    # Not `SSLSocket.shutdown`, which goes on in plain text where it stands.
                    socket.socket.shutdown(connected, socket.SHUT_RDWR)


class _Http(HTTPHandler):
    def __init__(self, kept_in: Connections) -> None:
        super().__init__()
        self._kept_in = kept_in

    def http_open(self, req: Request) -> HTTPResponse:
        kept_in = self._kept_in

        class TrackedHttpConnection(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                kept_in.keep(self.sock)

        return self.do_open(TrackedHttpConnection, req)


class _Https(HTTPSHandler):
    def __init__(self, kept_in: Connections) -> None:
        super().__init__()
        self._kept_in = kept_in

    def https_open(self, req: Request) -> HTTPResponse:
        kept_in = self._kept_in

        class TrackedHttpsConnection(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                kept_in.keep(self.sock)

        return self.do_open(TrackedHttpsConnection, req)
