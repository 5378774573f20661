"""A server of a test, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from typing import TypeVar

Server = TypeVar("Server", bound=BaseServer)


@contextmanager
def serving(server: Server, poll: float = 0.01) -> Iterator[Server]:
    """It answers as long as the `with` lasts; `poll` is how often it looks for the end, in seconds."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(poll,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
