from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import httpx2
import pytest

from registry_tool.security.offline import OfflineError, no_network


@pytest.fixture
def port() -> Iterator[int]:
    """A loopback port that takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_nothing_is_reached_inside_and_everything_again_outside(port: int) -> None:
    connect(port)
    with no_network(), pytest.raises(OfflineError, match=r"127\.0\.0\.1"):
        connect(port)
    with no_network(), pytest.raises(OfflineError, match=r"model\.example"):
        socket.getaddrinfo("model.example", 443)
    connect(port)


def test_no_library_gets_round_it(port: int) -> None:
    async def tries() -> None:
        with pytest.raises(OfflineError):
            await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises(OfflineError):
            await asyncio.to_thread(connect, port)
        async with httpx2.AsyncClient(trust_env=False) as client:
            with pytest.raises(httpx2.ConnectError):
                await client.get(f"http://127.0.0.1:{port}/")

    with no_network():
        asyncio.run(tries())


def test_others_in_the_process_keep_theirs(port: int) -> None:
    failed: list[BaseException] = []

    def other() -> None:
        try:
            connect(port)
        except OfflineError as error:
            failed.append(error)

    with no_network():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert not failed


def test_python_ends_without_a_word_of_it() -> None:
    """The hook outlives its module's names; what is opened at the very end must not trip over it."""
    code = (
        "import builtins, sys\n"
        "from registry_tool.security import offline\n"
        "with offline.no_network(): pass\n"
        "class Late:\n"
        "    def __init__(self): self.open = builtins.open\n"
        "    def __del__(self): self.open('/dev/null').close()\n"
        "offline.late = late = Late()\n"
        "for name in list(vars(offline)):\n"
        "    if name not in ('__builtins__', '_hook'): setattr(offline, name, None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
