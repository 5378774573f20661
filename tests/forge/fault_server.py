"""A hand-written HTTP server on loopback that answers as it is told; it stands in for a forge that misbehaves.

Nothing real can be made to be slow, broken off or over its rate at will.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.serving import serving


@dataclass(frozen=True)
class Reply:
    """One answer: bytes as they are, everything else as JSON; `cut` closes before its end."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0

    def data(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """A request as it came; the headers' names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class FaultServer(ThreadingHTTPServer):
    """Gives the next of `replies`, and the last one for ever; keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = []
        self.asked: list[Asked] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FaultServer

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        document = json.loads(body) if body else None
        self.server.asked.append(Asked(self.command, self.path, headers, document))
        replies = self.server.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        data = reply.data()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status not in {204, 304}:
            self.send_header("content-length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data[: len(data) - reply.cut])
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[FaultServer]:
    """A server in a thread."""
    with serving(FaultServer()) as server:
        yield server


class Naps:
    """A clock that only sleeping advances, and the sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
