"""A static file server that answers with ETags and tells what it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.serving import serving


@dataclass
class EtagServer:
    """What is served below `folder`, to whom, and each request's path and status."""

    folder: Path
    address: str = ""
    authorization: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str, given: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, ETag and body."""
        file = self.folder / path.lstrip("/")
        if self.authorization and given.get("authorization") != self.authorization:
            return 401, "", b""
        if not file.is_file():
            return 404, "", b""
        body = file.read_bytes()
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        return (304, etag, b"") if given.get("if-none-match") == etag else (200, etag, body)


@contextmanager
def etag_server(folder: Path) -> Iterator[EtagServer]:
    """Serves a folder on this machine."""
    state = EtagServer(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = {name.lower(): value for name, value in self.headers.items()}
            status, etag, body = state.answer(self.path, given)
            state.asked.append((self.path, status))
            state.sent.append(given)
            self.send_response(status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            if etag:
                self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with serving(server):
        state.address = f"http://127.0.0.1:{server.server_address[1]}"
        yield state
