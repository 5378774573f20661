"""A real HTTP server on loopback that answers as it is told: in pieces, slowly, broken off, too much.

It stands in for servers that cost money or break at their own time.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.serving import serving

GOOD: dict[str, Any] = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "m-2",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6},
}


@dataclass(frozen=True)
class Reply:
    """One answer: the body whole or in pieces, with `pause` seconds between them; `cut` closes before its end."""

    status: int = 200
    body: Any = field(default_factory=lambda: GOOD)
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    cut: bool = False

    def pieces(self) -> list[bytes]:
        if isinstance(self.body, list):
            return [p if isinstance(p, bytes) else event(p) for p in self.body]
        return [self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()]


def event(value: Any) -> bytes:
    """A server-sent event."""
    data = value if isinstance(value, str) else json.dumps(value)
    return f"data: {data}\n\n".encode()


def piece(text: str = "", **more: Any) -> dict[str, Any]:
    """A chunk of a streamed completion."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None, **more}
    return {"object": "chat.completion.chunk", "model": "m-2", "choices": [choice]}


def refusal(status: int, message: str, **headers: str) -> Reply:
    """An error in OpenAI's form."""
    return Reply(status, {"error": {"message": message}}, headers)


class FaultServer(ThreadingHTTPServer):
    """Gives the next of `replies`; keeps what it was asked, and how many requests are open.

    `models` are those that it lists (None: it has no list), `listed` who asked for the list.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = []
        self.asked: list[tuple[dict[str, Any], str]] = []
        self.gone = threading.Event()
        self.models: list[str] | None = None
        self.list_status = 200
        self.listed: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((json.loads(body), self.headers["authorization"]))
        reply = self.server.replies.pop(0)
        try:
            self._send(reply)
        except OSError:
            self.server.gone.set()  # the client went away
            self.close_connection = True

    def do_GET(self) -> None:
        """The list of models, or 404 where the server has none."""
        self.server.listed.append(f"{self.path} {self.headers['authorization']}")
        known = self.server.models
        data = json.dumps({"data": [{"id": name} for name in known or ()]}).encode()
        self.send_response(404 if known is None else self.server.list_status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _send(self, reply: Reply) -> None:
        pieces = reply.pieces()
        kind = "text/event-stream" if isinstance(reply.body, list) else "application/json"
        self.send_response(reply.status)
        for name, value in {"content-type": kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(sum(map(len, pieces)) + 100 * reply.cut))
        self.end_headers()
        for part in pieces:
            time.sleep(reply.pause)
            self.wfile.write(part)
            self.wfile.flush()
        self.close_connection = reply.cut

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[FaultServer]:
    """A server in a thread."""
    with serving(FaultServer()) as server:
        yield server
