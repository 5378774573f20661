"""One exchange: bounded, and the token stays at home. Two servers on loopback are two hosts."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.http import Ask, LostError, exchange
from tests.forge.fault_server import FaultServer, Reply, running


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as there:
        yield there


TOKEN = {"authorization": "Bearer secret"}


def test_an_answer(server: FaultServer) -> None:
    server.replies = [Reply(201, {"a": 1}, {"X-Thing": "b"})]
    answer = exchange(Ask("POST", f"{server.address}/x", TOKEN, b'{"c": 2}'))
    assert (answer.status, answer.body, answer.headers["x-thing"]) == (201, b'{"a": 1}', "b")
    assert (server.asked[0].method, server.asked[0].body) == ("POST", {"c": 2})


@pytest.mark.parametrize("status", [304, 404, 500])
def test_a_refusal_is_an_answer(server: FaultServer, status: int) -> None:
    server.replies = [Reply(status, {"message": "no"})]
    assert exchange(Ask("GET", server.address)).status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_follows_to_no_other_host(server: FaultServer, status: int) -> None:
    with running() as other:
        other.replies = [Reply(200, b"stolen")]
        server.replies = [Reply(status, b"", {"location": f"{other.address}/x"})]
        with pytest.raises(RegistryError, match="sends the request on to"):
            exchange(Ask("GET", server.address, TOKEN))
        assert other.asked == []


def test_a_download_goes_on_without_the_token(server: FaultServer) -> None:
    with running() as other:
        other.replies = [Reply(200, b"archive")]
        server.replies = [Reply(302, b"", {"location": f"{other.address}/x"})]
        answer = exchange(Ask("GET", server.address, TOKEN, anywhere=True))
        assert answer.body == b"archive"
        assert "authorization" not in other.asked[0].headers


def test_the_token_does_not_come_back(server: FaultServer) -> None:
    """There and back again: what another host sent is not asked with the token."""
    with running() as other:
        other.replies = [Reply(302, b"", {"location": f"{server.address}/back"})]
        server.replies = [Reply(302, b"", {"location": other.address}), Reply(200, b"x")]
        exchange(Ask("GET", server.address, TOKEN, anywhere=True))
        assert "authorization" not in server.asked[1].headers


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)", "data:,x"]
)
def test_a_download_leads_to_the_web_only(server: FaultServer, target: str) -> None:
    server.replies = [Reply(302, b"", {"location": target})]
    with pytest.raises(RegistryError, match="sends the request on to"):
        exchange(Ask("GET", server.address, TOKEN, anywhere=True))


def test_the_same_host_may_send_on(server: FaultServer) -> None:
    """A renamed repository."""
    server.replies = [Reply(301, b"", {"location": "/repositories/1"}), Reply(200, b"{}")]
    assert exchange(Ask("GET", f"{server.address}/repos/a/b", TOKEN)).status == 200
    assert server.asked[1].path == "/repositories/1"
    assert server.asked[1].headers["authorization"] == "Bearer secret"


def test_what_is_written_is_not_turned_into_a_look(server: FaultServer) -> None:
    server.replies = [Reply(301, b"", {"location": "/repositories/1"})]
    with pytest.raises(RegistryError, match="has moved"):
        exchange(Ask("POST", server.address, TOKEN, b"{}"))


def test_redirects_end(server: FaultServer) -> None:
    server.replies = [Reply(302, b"", {"location": "/again"})]
    with pytest.raises(RegistryError, match="redirects"):
        exchange(Ask("GET", server.address))
    assert len(server.asked) == 5


@pytest.mark.parametrize("status", [200, 500])
def test_a_huge_answer_is_cut_short(server: FaultServer, status: int) -> None:
    server.replies = [Reply(status, b"x" * 200_000)]
    with pytest.raises(RegistryError, match="larger than 100000 bytes"):
        exchange(Ask("GET", server.address, limit=100_000))


@pytest.mark.parametrize("status", [200, 502])
def test_a_cut_answer_is_lost(server: FaultServer, status: int) -> None:
    server.replies = [Reply(status, b"x" * 1000, cut=10)]
    with pytest.raises(LostError, match="broke"):
        exchange(Ask("GET", server.address))


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and never listening
        with pytest.raises(LostError, match="can't be reached"):
            exchange(Ask("GET", f"http://127.0.0.1:{taken.getsockname()[1]}/x"))


@contextmanager
def babbler(*pieces: bytes) -> Iterator[str]:
    """Says its pieces, a twentieth of a second apart, to the first who connects, then waits until he is gone."""

    def babble() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.recv(1000)
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.05)
            connection.recv(1000)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=babble)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def test_not_http_at_all() -> None:
    with babbler(b"\x1b[31mhello\n\n") as address, pytest.raises(LostError):
        exchange(Ask("GET", address))


@pytest.mark.parametrize("status", [b"200 OK", b"503 Busy"])
def test_an_answer_that_takes_too_long(status: bytes) -> None:
    head = b"HTTP/1.1 " + status + b"\r\ncontent-length: 10000\r\n\r\n"
    with (
        babbler(head, *[b"x"] * 200) as address,
        pytest.raises(LostError, match="took more than"),
    ):
        exchange(Ask("GET", address, longest=0.2))


def test_silence() -> None:
    with babbler() as address, pytest.raises(LostError, match="timed out"):
        exchange(Ask("GET", address, silence=0.2))


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(Ask("GET", "https://x", TOKEN))
