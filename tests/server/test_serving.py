"""The server as a process: it answers, it lets nobody hold it up, and it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.server import serving
from registry_tool.server.options import ServeOptions
from tests.bounded import PATIENCE
from tests.conftest import RegistryFolder

BIN = Path(sys.executable).parent / "registry-tool"


@pytest.fixture
def served(registry: RegistryFolder) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own and its address."""
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    words: list[str] = [
        str(BIN),
        "serve",
        "--registry",
        str(registry.root),
        "--port",
        "0",
        "--site",
    ]
    process = subprocess.Popen(
        [*words, str(registry.root.parent / "site")], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=registry.root.parent,
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    with process:
        address = process.stdout.readline().split()[4]
        yield process, address.rstrip("/")
        process.kill()


def got(address: str) -> bytes:
    with urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
        body: bytes = answer.read()
        return body


@pytest.mark.e2e
def test_it_answers_builds_its_pages_and_ends_on_ctrl_c(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = served
    assert json.loads(got(f"{address}/api/v1/workflows/hello"))["metadata"]["version"] == "1.0.0"
    assert process.stderr
    built = next(line for line in process.stderr if '"pages: ' in line)
    assert "error" not in built
    assert b"<html" in got(f"{address}/workflows/hello/")
    half = socket.create_connection(address.removeprefix("http://").split(":"))  # type: ignore[arg-type]
    half.sendall(b"GET / HTTP/1.1\r\nHost:")  # and nothing more
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert "Traceback" not in process.stderr.read()
    half.close()


def test_without_a_registry_or_a_port_it_is_said_before_anything_runs(
    registry: RegistryFolder,
) -> None:
    with pytest.raises(NotFoundError, match="no branch nope"):
        serving.serve(ServeOptions(str(registry.root), branch="nope"), print)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RegistryError, match=f"{port} can't be used"):
            serving.serve(ServeOptions(str(registry.root), port=port), print)


def test_what_is_written_is_sent_at_once(registry: RegistryFolder) -> None:
    """asyncio does that for sockets that name their protocol; else each answer's body waits for its head's ACK."""
    with serving._bound(ServeOptions(str(registry.root), port=0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_a_worker_that_is_busy_for_a_while_is_not_replaced(registry: RegistryFolder) -> None:
    config = serving._config(ServeOptions(str(registry.root), workers=2))
    assert config.timeout_worker_healthcheck >= 60
    assert config.timeout_graceful_shutdown
