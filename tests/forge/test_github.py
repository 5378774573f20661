"""Against a server on loopback that a hand wrote: it answers one request as GitHub's documentation says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.forge.github import GitHub, repository_of
from registry_tool.forge.protocol import PullRequest

WISH = PullRequest("Publish a 1.0.0", "What it does", "publish/a-1.0.0", "main")


class _Server(ThreadingHTTPServer):
    reply: tuple[int, object]
    asked: list[tuple[str, dict[str, str], Any]]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers, body))
        status, reply = self.server.reply
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as running:
        running.asked = []
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def github(server: _Server) -> GitHub:
    return GitHub("ada/registry", "secret-token", f"http://127.0.0.1:{server.server_port}")


def test_a_pull_request_is_opened(server: _Server) -> None:
    server.reply = (201, {"html_url": "https://github.com/ada/registry/pull/1"})
    assert github(server).pulls.open_pull_request(WISH) == "https://github.com/ada/registry/pull/1"
    path, headers, body = server.asked[0]
    assert path == "/repos/ada/registry/pulls"
    assert headers["authorization"] == "Bearer secret-token"
    assert body == {
        "title": "Publish a 1.0.0",
        "body": "What it does",
        "head": "publish/a-1.0.0",
        "base": "main",
    }


def test_a_refusal_is_told(server: _Server) -> None:
    server.reply = (
        422,
        {"message": "Validation Failed", "errors": [{"message": "exists already"}]},
    )
    with pytest.raises(RegistryError, match="422: exists already"):
        github(server).pulls.open_pull_request(WISH)
    server.reply = (401, {"message": "Bad credentials"})
    with pytest.raises(RegistryError, match="Bad credentials") as caught:
        github(server).pulls.open_pull_request(WISH)
    assert "GITHUB_TOKEN" in caught.value.way_out


def test_the_token_is_never_shown() -> None:
    assert "secret" not in repr(GitHub("a/b", "secret-token"))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/ada/registry.git", "ada/registry"),
        ("https://github.com/ada/registry", "ada/registry"),
        ("git@github.com:ada/my.registry.git", "ada/my.registry"),
        ("ssh://git@github.com/ada/registry.git", "ada/registry"),
    ],
)
def test_a_remote_leads_to_its_repository(address: str, name: str) -> None:
    assert repository_of(address) == name


def test_a_folder_is_no_forge() -> None:
    with pytest.raises(UsageError):
        repository_of("/srv/registry.git")
