"""A hand-written GitHub on loopback that remembers: repositories, forks, pull requests, checks, people.

The service itself can't be had for tests, and Prism forgets each call. What it is asked and what it answers is
held against GitHub's own OpenAPI description (description.py); `wrong` lists what didn't fit, and a test ends with
none. Logging in by a code is not part of that description; it does here what GitHub's documentation says.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.forge.stand_in import answers, login
from tests.forge.stand_in.description import load, operation
from tests.forge.stand_in.repositories import Repository
from tests.serving import serving


@dataclass(frozen=True)
class Person:
    """Who has a token."""

    login: str
    id: int
    scopes: str = "public_repo"
    app: bool = False
    """An app's token: it may not ask whose it is, and is not told its rights."""


@dataclass(frozen=True)
class Fault:
    """Instead of an answer, or (`after`) once the request is done: this one, or a connection that is cut."""

    status: int = 0
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False


class StandIn(ThreadingHTTPServer):
    """One forge."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.people: dict[str, Person] = {}
        self.repositories: dict[str, Repository] = {}
        self.checks: dict[str, list[dict[str, Any]]] = {}
        self.statuses: dict[str, list[dict[str, Any]]] = {}
        self.late_forks = 0
        self.now = "2031-05-04T12:00:00Z"
        self.started: list[str] = []
        self.no_merge = ""
        self.annotations: dict[int, list[dict[str, Any]]] = {}
        self.codes = login.Codes()
        self.asked: list[tuple[str, str, int]] = []
        self.wrong: list[str] = []
        self.fault: Callable[[str, str], Fault | None] = lambda method, path: None
        self.seen: set[str] = set()
        """Every token that was sent here."""

    @property
    def address(self) -> str:
        """Of site and API."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def host(self) -> str:
        """As tokens name it."""
        return f"127.0.0.1:{self.server_port}"

    def environment(self) -> dict[str, str]:
        """What makes commands take this one for their forge."""
        return {"GITHUB_API_URL": self.address, "GITHUB_SERVER_URL": self.address}

    def changes(self) -> list[str]:
        """What was asked for that changes something."""
        return [f"{method} {path}" for method, path, _ in self.asked if method != "GET"]

    def pulls(self, name: str) -> list[dict[str, Any]]:
        """A repository's pull requests."""
        return self.repositories[name].pulls


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        fault = self.server.fault(self.command, parts.path)
        if fault and not fault.after:
            return self._fail(fault)
        if parts.path.startswith("/login/"):
            status, value = self.server.codes.answer(parts.path, dict(parse_qsl(raw.decode())))
        else:
            status, value = self._checked(
                parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}, raw
            )
        if fault:
            return self._fail(fault)
        return self._say(status, value, {"x-oauth-scopes": self._scopes()})

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815 - http.server's names

    def _scopes(self) -> str:
        person = self._person()
        return person.scopes if person else ""

    def _person(self) -> Person | None:
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        self.server.seen.add(token)
        return self.server.people.get(token)

    def _checked(self, path: str, query: dict[str, str], raw: bytes) -> tuple[int, Any]:
        person = self._person()
        if self.headers.get("authorization") and person is None:
            return 401, {"message": "Bad credentials", "status": "401"}
        found = operation(self.command, path)
        if found is None:
            return self._unfit(f"{self.command} {path} is not in the description")
        output, words = found
        body = json.loads(raw) if raw else None
        if wrong := output.wrong_request(query, body):
            return self._unfit(f"{self.command} {path}: {wrong}")
        status, changes = answers.answer(
            self.server, output, answers.Call(words, query, body, person)
        )
        value, wrong = output.answer(status, changes)
        return self._unfit(f"the answer to {path}: {status} {wrong}") if wrong else (status, value)

    def _unfit(self, why: str) -> tuple[int, Any]:
        self.server.wrong.append(why)
        return 500, {"message": why}

    def _fail(self, fault: Fault) -> None:
        if fault.status:
            return self._say(fault.status, fault.body, fault.headers)
        self.server.asked.append((self.command, self.path, 0))
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
        return None

    def _say(self, status: int, value: Any, headers: dict[str, str]) -> None:
        self.server.asked.append((self.command, self.path, status))
        data = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def stand_in(folder: Path) -> Iterator[StandIn]:
    """A running one; what didn't fit the description fails the test that asked. Skips where there is no npm."""
    load()
    with serving(StandIn(folder)) as server:
        yield server
    assert server.wrong == []
