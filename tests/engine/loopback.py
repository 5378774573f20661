"""A server on this machine that plays every host, and a fetcher that asks it instead of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchAnswer, FetchRequest


@dataclass(frozen=True)
class Asked:
    """A request as the server got it; `query` and `json` are read."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    json: Any


@dataclass
class Answer:
    """What the server shall say: text as it is, everything else as JSON."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Loopback:
    """A fetcher. `asked` holds the requests; a host of `refused` is refused before anything is sent."""

    def __init__(self, port: int, asked: list[Asked], refused: frozenset[str]) -> None:
        self._port, self.asked, self._refused = port, asked, refused

    @property
    def address(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self._port}"

    async def fetch(self, request: FetchRequest) -> FetchAnswer:
        """The server's answer, whatever host the address names."""
        if urlsplit(request.url).hostname in self._refused:
            raise ProviderError("the host is not declared", location=request.url)
        return await asyncio.to_thread(self._ask, request)

    def _ask(self, request: FetchRequest) -> FetchAnswer:
        parts = urlsplit(request.url)
        connection = HTTPConnection("127.0.0.1", self._port, timeout=request.timeout)
        try:
            connection.request(
                request.method,
                f"{parts.path}?{parts.query}",
                request.body,
                {**request.headers, "host": parts.netloc},
            )
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return FetchAnswer(answer.status, headers, answer.read(), request.url)
        finally:
            connection.close()


@contextmanager
def loopback(
    answer: Callable[[Asked], Answer], refused: frozenset[str] = frozenset()
) -> Iterator[Loopback]:
    """A running server that answers as the function says."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked.append(
                Asked(
                    self.command,
                    self.headers["host"],
                    parts.path,
                    {key: value[0] for key, value in parse_qs(parts.query).items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    json.loads(body) if body else None,
                )
            )
            said = answer(asked[-1])
            data = said.body if isinstance(said.body, str) else json.dumps(said.body)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data.encode())

        do_GET = do_POST = _reply  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Loopback(server.server_port, asked, refused)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
