"""A stand-in for a live registry: the static output of a folder, and SPEC.md §9's runs with the real engine.

Every request to a live operation and every answer must fit our own OpenAPI description; what doesn't is kept in
`violations`. Faults are put in line: the next requests get them instead of their answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from typing import Any

from jsonschema import Draft202012Validator

from puppyai.workflows import InvalidRequestError, NotFoundError, Run, RunEvent, WorkflowClient
from puppyai.workflows.errors import WorkflowError
from registry_tool.api.openapi.document import openapi
from registry_tool.core.clock import instant
from tests.serving import serving

API = "/api/v1"
CUT = "cut"
"""A fault: the connection ends without an answer."""


@dataclass(frozen=True)
class Seen:
    """A request that came in; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Fault:
    """An answer that comes instead of the right one."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class LiveRegistry:
    """The registry's state; `token` must be sent where it isn't empty."""

    folder: Path
    token: str = ""
    is_live: bool = True
    seen: list[Seen] = field(default_factory=list)
    faults: list[Fault | str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    cut_streams_after: list[int] = field(default_factory=list)
    held: Event = field(default_factory=Event)
    holds_runs: bool = False
    address: str = ""

    def paths(self, method: str = "GET") -> list[str]:
        """The paths that were asked for, in order."""
        return [one.path for one in self.seen if one.method == method]


@contextmanager
def live_registry(registry: LiveRegistry) -> Iterator[LiveRegistry]:
    """It serves as long as the `with` lasts."""

    class Handler(_Handler):
        state = registry

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Cut connections are part of the tests."""

    with serving(Server(("127.0.0.1", 0), Handler)) as server:
        registry.address = f"http://127.0.0.1:{server.server_port}"
        yield registry
        for run in registry.runs.values():
            run.cancel()


class _RefusedError(Exception):
    def __init__(self, status: int, title: str, **more: Any) -> None:
        super().__init__(title)
        self.problem = {"title": title, "status": status, **more}


class _Handler(BaseHTTPRequestHandler):
    state: LiveRegistry
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.request_ = Seen(method, self.path, headers, self.rfile.read(length))
        self.state.seen.append(self.request_)
        if self.state.faults:
            return self._fail(self.state.faults.pop(0))
        found = _operation(method, self.path.removeprefix(API))
        if found is None or not self.state.is_live:
            return self._static()
        template, operation, names = found
        self.operation, self.template = operation, template
        try:
            self._check_request()
            if self.state.token and headers.get("authorization") != f"Bearer {self.state.token}":
                raise _RefusedError(401, "no valid token")
            getattr(self, _METHODS[method, template])(*names)
        except _RefusedError as refused:
            self._json(refused.problem["status"], refused.problem, "application/problem+json")
        return None

    def _fail(self, fault: Fault | str) -> None:
        self.close_connection = True
        if isinstance(fault, str):
            return
        self._send(fault.status, fault.body, fault.headers)

    def _static(self) -> None:
        path = self.state.folder / self.path.lstrip("/").replace("%40", "@")
        if not path.is_file():
            return self._send(404, b"", {})
        data = path.read_bytes()
        if self.path == f"{API}/index.json" and self.state.is_live:
            data = json.dumps({**json.loads(data), "live": True}).encode()
        kinds = {".js": "text/javascript", ".html": "text/html"}
        kind = kinds.get(path.suffix, "application/json")
        return self._send(200, data, {"Content-Type": kind})

    def publish(self) -> None:
        about = self.request_.headers["content-type"]
        boundary = about.partition("boundary=")[2].encode()
        parts = [p for p in self.request_.body.split(b"--" + boundary) if b"name=" in p]
        named = {
            re.search(rb'name="(\w+)"', part)[1].decode(): part.partition(b"\r\n\r\n")[2][:-2]  # type: ignore[index]
            for part in parts
        }
        if b"Nonsense" in named["manifest"]:
            finding = {
                "rule": "license-spdx", "severity": "error", "path": "manifest.yaml", "line": 6,
                "column": 12, "message": "is not an SPDX expression", "help": "write MIT",
            }  # fmt: skip
            raise _RefusedError(422, "refused", findings=[finding])
        assert named.get("package", b"PK").startswith(b"PK")
        held = {"held": "the name is new", "branch": "publish/hello-1.1.0-by-1"}
        self._json(202, {"pull_request": "https://example.org/pull/7", **held})

    def execute(self, name: str) -> None:
        body = json.loads(self.request_.body)
        key = self.request_.headers.get("idempotency-key", "")
        if key not in self.state.by_key:
            self.state.by_key[key] = self._begin(name, body)
        id = self.state.by_key[key]
        self._json(202, {"execution_id": id, "status": "running"})

    def _begin(self, name: str, body: dict[str, Any]) -> str:
        client = WorkflowClient(str(self.state.folder))
        try:
            workflow = client.get_workflow(name, body.get("version"))
            run = workflow.start(body["inputs"], body.get("environment", ""))
        except NotFoundError as error:
            raise _RefusedError(404, error.reason) from None
        if missing := [
            p.name for p in workflow.inputs if p.required and p.name not in body["inputs"]
        ]:
            raise _RefusedError(422, f"{missing[0]!r} is required")
        self.state.runs[run.id] = run
        return run.id

    def _run(self, id: str) -> Run:
        if id not in self.state.runs:
            raise _RefusedError(404, "there is no such run")
        return self.state.runs[id]

    def run(self, id: str) -> None:
        run = self._run(id)
        if self.state.holds_runs and not self.state.held.is_set():
            return self._json(200, {"execution_id": id, "status": "running"})
        try:
            found = run.result()
        except WorkflowError as error:
            result = getattr(error, "result", None)
            status = result.status if result else "error"
            said = {"execution_id": id, "status": status, "error": error.reason}
            return self._json(200, said)
        return self._json(
            200,
            {
                "execution_id": id,
                "status": found.status,
                "outputs": found.outputs,
                "blocks": dict(found.blocks),
                "usage": {key: found.usage[key] for key in found.usage.keys()},  # noqa: SIM118 - not a dict
                "seconds": found.seconds,
            },
        )

    def cancel(self, id: str) -> None:
        self._run(id).cancel()
        self.state.held.set()
        self._send(204, b"", {})

    def events(self, id: str) -> None:
        run = self._run(id)
        after = int(self.request_.headers.get("last-event-id", "0"))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        left = self.state.cut_streams_after.pop(0) if self.state.cut_streams_after else None
        self.wfile.write(b": welcome\n\n")
        for number, event in enumerate(run.events(), 1):
            if self.state.holds_runs and event.name.startswith("execution_f"):
                self.state.held.wait(120)
            if number <= after:
                continue
            if left == 0:
                return
            left = None if left is None else left - 1
            self.wfile.write(_message(number, event))
            self.wfile.flush()

    def _json(self, status: int, value: Any, kind: str = "application/json") -> None:
        self._check_answer(status, value, kind)
        self._send(status, json.dumps(value).encode(), {"Content-Type": kind})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("X-Request-Id", f"req-{len(self.state.seen)}")
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _check_request(self) -> None:
        wanted = self.operation.get("requestBody", {}).get("content", {})
        if not wanted:
            return
        kind = self.request_.headers.get("content-type", "").partition(";")[0]
        if kind not in wanted:
            self.state.violations.append(f"{self.template}: {kind} is not described")
        elif kind == "application/json":
            self._validate(json.loads(self.request_.body), wanted[kind]["schema"])

    def _check_answer(self, status: int, value: Any, kind: str) -> None:
        described = self.operation["responses"].get(str(status), {}).get("content", {})
        if kind not in described:
            self.state.violations.append(f"{self.template}: {status} {kind} is not described")
        else:
            self._validate(value, described[kind]["schema"])

    def _validate(self, value: Any, schema: Any) -> None:
        for error in _validator(json.dumps(schema)).iter_errors(value):
            self.state.violations.append(f"{self.template}: {error.message}")


_METHODS = {
    ("POST", "/workflows"): "publish",
    ("POST", "/workflows/{name}/execute"): "execute",
    ("GET", "/runs/{id}"): "run",
    ("DELETE", "/runs/{id}"): "cancel",
    ("GET", "/runs/{id}/events"): "events",
}
_DOCUMENT: Any = openapi("")


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": _DOCUMENT["components"]})


def _operation(method: str, path: str) -> tuple[str, Any, tuple[str, ...]] | None:
    for template, item in _DOCUMENT["paths"].items():
        pattern = re.sub(r"\{\w+\}", "([^/]+)", template)
        found = re.fullmatch(pattern, path)
        if found and (method, template) in _METHODS:
            return template, item[method.lower()], found.groups()
    return None


def _message(number: int, event: RunEvent) -> bytes:
    line = {
        "timestamp": instant(event.time),
        "level": event.level,
        "workflow": {
            "name": event.workflow,
            "version": event.version,
            "execution_id": event.execution_id,
        },
        "event": event.name,
        "metadata": event.metadata,
    }
    return f"id: {number}\nevent: {event.name}\ndata: {json.dumps(line)}\n\n".encode()


Make = Callable[..., LiveRegistry]
__all__ = ["CUT", "Fault", "InvalidRequestError", "LiveRegistry", "Make", "Seen", "live_registry"]
