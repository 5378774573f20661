"""Traces of a real run, posted to a server on loopback and read with OpenTelemetry's own protocol."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.run.tracing import tracing, wanted
from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.monitoring.traces import SCHEMA_URL
from registry_tool.state.target import Target


@pytest.fixture
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", got
        finally:
            server.shutdown()
            thread.join()


def run(root: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("puppy-cli"), "run", "hello", "--input", "who=Ada"]
    done = subprocess.run(
        [*command, "--registry", root, *words],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def run_as_a_job(root: Path, address: str) -> None:
    deploy(Target(root), "hello", "development")
    request = '{"workflow": "hello", "inputs": {"who": "Ada"}}'
    command = [Path(sys.executable).with_name("registry-tool"), "execute", "--env", "development"]
    subprocess.run(
        [*command, "--root", root, "--request", request],
        env={**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": address},
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize("by", ["option", "variable", "job"])
def test_a_runs_spans_reach_a_collector(
    make_registry: Callable[..., Any], collector: tuple[str, list[tuple[str, bytes]]], by: str
) -> None:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    address, got = collector
    if by == "job":
        run_as_a_job(made.root, address)
    elif by == "option":
        run(made.root, "--otlp", address)
    else:
        run(made.root, OTEL_EXPORTER_OTLP_ENDPOINT=address)
    [(path, body)] = got
    assert path == "/v1/traces"
    [sent] = ExportTraceServiceRequest.FromString(body).resource_spans
    about = {item.key: item.value.string_value for item in sent.resource.attributes}
    assert about["service.name"] == "workflow-registry"
    [scope] = sent.scope_spans
    assert scope.schema_url == SCHEMA_URL
    spans = {span.name: span for span in scope.spans}
    assert set(spans) == {"invoke_workflow hello", "edge greet"}
    assert spans["edge greet"].parent_span_id == spans["invoke_workflow hello"].span_id
    assert b"Ada" not in body


def test_nobody_asked_means_no_listener() -> None:
    for environ in ({}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}):
        with tracing("", environ) as listeners:
            assert listeners == ()
        assert not wanted("", environ)


def test_a_missing_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with (
        pytest.raises(MissingToolError, match=r"puppyai-workflow-registry\[otel\]"),
        tracing("http://localhost:4318", {}),
    ):
        pass


def test_what_is_no_address_is_reported() -> None:
    with pytest.raises(UsageError, match="http://localhost:4318"), tracing("localhost:4318", {}):
        pass
