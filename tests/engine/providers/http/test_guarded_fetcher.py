"""The fetcher against real servers on loopback, which the operator lets it reach, and what nobody may reach."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from registry_tool.core.addresses import is_public
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchAnswer, FetchRequest, RequestRefusedError
from registry_tool.engine.providers.http.guarded_fetcher import GuardedFetcher


class Server(ThreadingHTTPServer):
    """Redirects /to?WHERE, and answers everything else with what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        status, data, more = 200, b"fine", {}
        if self.path.startswith("/to"):
            status = int(self.path[3:6])
            more["location"] = self.path.split("?", 1)[1]
        elif self.path == "/large":
            data = b"x" * 300_000
        elif self.path == "/bomb":
            data, more = gzip.compress(b"\0" * 5_000_000), {"content-encoding": "gzip"}
        elif self.path.startswith("/slow"):
            time.sleep(1)
        elif self.path == "/missing":
            status = 404
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(data)

    do_GET = do_POST = _answer  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def servers() -> Iterator[Callable[[], Server]]:
    started: list[tuple[Server, threading.Thread]] = []

    def start() -> Server:
        server = Server()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server(servers: Callable[[], Server]) -> Server:
    return servers()


def fetch(hosts: list[str], private: list[str], request: FetchRequest) -> FetchAnswer:
    async def once() -> FetchAnswer:
        fetcher = GuardedFetcher(hosts, private)
        try:
            return await fetcher.fetch(request)
        finally:
            await fetcher.aclose()

    return asyncio.run(once())


def at(server: Server, path: str = "/", **more: object) -> FetchRequest:
    return FetchRequest(f"http://{server.host}{path}", **more)  # type: ignore[arg-type]


def test_a_declared_host_is_asked(server: Server) -> None:
    request = at(server, "/a%20b?c=d", method="POST", body=b"hello", headers={"x-a": "1"})
    answer = fetch([server.host], [server.host], request)
    assert (answer.status, answer.body) == (200, b"fine")
    method, path, headers, body = server.asked[0]
    assert (method, path, headers["x-a"], body) == ("POST", "/a%20b?c=d", "1", b"hello")


def test_any_status_is_an_answer(server: Server) -> None:
    assert fetch([server.host], [server.host], at(server, "/missing")).status == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://metadata.test./",
    ],
)
def test_no_private_address_is_asked_even_where_it_is_declared(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def lying(host: str, *args: object, **more: object) -> object:
        return real(
            "169.254.169.254" if host.rstrip(".") == "metadata.test" else host, *args, **more
        )  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lying)
    hosts = [url.split("/")[2].strip("[]").rstrip(".")]
    with pytest.raises(RequestRefusedError, match=r"not a public address|not an address"):
        fetch(hosts, [], FetchRequest(url))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("gopher://x/", "only http and https"),
        ("http:///nothing", "only http and https"),
        ("http://[bad/", "not an address"),
        ("http://user:pass@api.example.com/", "no user and password"),
        ("http://other.example.com/", "not declared"),
        ("http://api.example.com:8080/", "api.example.com:8080 is not declared"),
        ("http://example.com.evil.test/", "not declared"),
    ],
)
def test_what_is_not_declared_is_refused(url: str, expected: str) -> None:
    with pytest.raises(RequestRefusedError, match=expected):
        fetch(["api.example.com", "*.example.org"], [], FetchRequest(url))


@pytest.mark.parametrize(
    "where",
    [
        "http://169.254.169.254/",
        "http://localhost/",
        "file:///etc/passwd",
        "//other.test/x",
        "http://[::1",
    ],
)
def test_a_redirect_is_checked_like_the_first_address(server: Server, where: str) -> None:
    hosts = [server.host, "169.254.169.254", "localhost"]
    with pytest.raises(RequestRefusedError):
        fetch(hosts, [server.host], at(server, f"/to302?{where}"))
    assert len(server.asked) == 1


def test_redirects_are_followed_but_not_for_ever(server: Server) -> None:
    assert fetch([server.host], [server.host], at(server, "/to301?/end")).url.endswith("/end")
    with pytest.raises(RequestRefusedError, match="more than 5 times"):
        fetch([server.host], [server.host], at(server, "/to302?/to302?" * 7 + "/x"))


def test_credentials_stay_with_their_host(servers: Callable[[], Server]) -> None:
    one, other = servers(), servers()
    secret = {"authorization": "Bearer s", "x-api-key": "s", "cookie": "s", "accept": "text/plain"}
    request = at(one, f"/to307?http://{other.host}/", method="POST", body=b"b", headers=secret)
    hosts = [one.host, other.host]
    fetch(hosts, hosts, request)
    _, _, headers, _ = other.asked[0]
    assert headers["accept"] == "text/plain"
    assert not {"authorization", "x-api-key", "cookie"} & headers.keys()
    fetch(hosts, hosts, at(one, "/to303?/end", method="POST", body=b"b", headers=secret))
    method, _, headers, body = one.asked[-1]
    assert (method, body, headers["authorization"]) == ("GET", b"", "Bearer s")


@pytest.mark.parametrize("path", ["/large", "/bomb"])
def test_a_large_answer_is_not_read_to_its_end(server: Server, path: str) -> None:
    with pytest.raises(RequestRefusedError, match="more than 100000 bytes"):
        fetch([server.host], [server.host], at(server, path, largest=100_000))


def test_time_is_bounded(server: Server) -> None:
    with pytest.raises(ProviderError, match=r"within 0\.2 s") as caught:
        fetch([server.host], [server.host], at(server, "/slow?key=secret", timeout=0.2))
    assert "secret" not in str(caught.value)


def test_nobody_there_is_worth_another_attempt() -> None:
    with pytest.raises(ProviderError, match="can't be reached") as caught:
        fetch(["127.0.0.1:9"], ["127.0.0.1:9"], FetchRequest("http://127.0.0.1:9/"))
    assert caught.value.transient


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("2002:7f00:1::", False),
        ("2002:808:808::", True),
        ("::", False),
        ("192.0.0.192", False),
        ("::ffff:192.0.0.192", False),
        ("168.63.129.16", False),
        ("fec0::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("::127.0.0.1", False),
        ("64:ff9b:1::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public
