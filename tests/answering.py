"""A server on this machine that sends raw answers, also endless ones."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager

from tests.serving import serving


class _Answers(socketserver.StreamRequestHandler):
    """Sends the raw `answer`; then, where it is `endless`, the piece again until nobody listens."""

    answer = b""
    endless = b""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        try:
            self.wfile.write(self.answer)
            while self.endless:
                self.wfile.write(self.endless)
        except OSError:
            pass  # who asked has gone


@contextmanager
def answering(answer: bytes, endless: bytes = b"") -> Iterator[str]:
    handler = type("Handler", (_Answers,), {"answer": answer, "endless": endless})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads, server.block_on_close = True, False
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


def ok(headers: str, body: bytes = b"document") -> bytes:
    return f"HTTP/1.1 200 OK\r\n{headers}connection: close\r\n\r\n".encode("latin-1") + body
