"""A live registry at an address of this machine, for clients that are not part of this process's tests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from registry_tool.server.app import create_app
from registry_tool.server.context import Context
from tests.bounded import PATIENCE


@contextmanager
def at_address(shared: Context) -> Iterator[str]:
    """Its address; it ends with the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `serving.py` has it
    config = uvicorn.Config(
        create_app(shared), log_config=None, lifespan="on", timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()  # who comes early waits in the socket's queue
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()
