"""Runs over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping

import pytest
from starlette.testclient import TestClient

from registry_tool.commands.live.runs import live_run
from registry_tool.commands.live.runs.settings import LiveRunSettings
from registry_tool.core.values import Value
from registry_tool.engine.run import RunResult
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.tokens.principal import READ, RUN
from registry_tool.server import app, runs
from registry_tool.sources.program import Program
from tests.conftest import RegistryFolder
from tests.server.signing_in import Served, served

EXECUTE = "/api/v1/workflows/hello/execute"
HELLO = {"inputs": {"who": "Ada"}}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A registry with members; the server ends with the last test, and waits for nobody."""
    found = served(RegistryFolder(tmp_path_factory.mktemp("runs") / "registry", git=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "GRACE", 0.0)
        with found.client:
            yield found


@pytest.fixture(scope="module")
def client(shown: Served) -> TestClient:
    """Eve's."""
    return TestClient(
        shown.client.app, headers=shown.headers("eve", RUN), raise_server_exceptions=False
    )


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that only end where they are cancelled."""

    async def run(_: Program, __: Mapping[str, Value], ___: RunOptions) -> RunResult:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(live_run, "run_in_loop", run)


def messages(body: str) -> list[dict[str, str]]:
    """The fields of each message of a stream."""
    blocks = [block for block in body.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def cancel(client: TestClient, address: str) -> list[dict[str, str]]:
    """End a run, and hear its end."""
    assert client.delete(address).status_code == 204
    return messages(client.get(f"{address}/events").text)


def test_a_run_is_awaited_read_and_told_again(client: TestClient) -> None:
    done = client.post(EXECUTE, json={**HELLO, "version": "^1"})
    assert done.status_code == 200, done.text
    document = done.json()
    assert (document["status"], document["outputs"]) == ("success", {"greeting": "Hello, Ada!"})
    assert done.headers["cache-control"] == "no-store"
    address = f"/api/v1/runs/{document['execution_id']}"
    assert client.get(address).json() == document
    stream = client.get(f"{address}/events")
    assert stream.headers["content-type"].startswith("text/event-stream")
    found = messages(stream.text)
    assert [one["id"] for one in found] == [str(number + 1) for number in range(len(found))]
    assert (found[0]["event"], found[-1]["event"]) == ("execution_started", "execution_finished")
    assert "Ada" not in stream.text
    rest = client.get(f"{address}/events", headers={"Last-Event-ID": found[1]["id"]}).text
    assert messages(rest) == found[2:]
    assert client.delete(address).status_code == 204
    counted = 'workflow_executions_total{status="success",version="1.0.0",workflow_name="hello"}'
    assert counted in client.get("/metrics").text


@pytest.mark.usefixtures("endless")
def test_one_that_nobody_waits_for_is_begun_and_cancelled(client: TestClient) -> None:
    begun = client.post(EXECUTE, json={**HELLO, "wait": False})
    assert begun.status_code == 202
    assert begun.json()["status"] in {"queued", "running"}
    address = begun.headers["location"]
    assert cancel(client, address)[-1]["event"] == "execution_failed"
    assert client.get(address).json()["status"] == "cancelled"


@pytest.mark.usefixtures("endless")
def test_who_waits_too_long_is_reported_where_to_look(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LONGEST_WAIT", 0.0)
    late = client.post(EXECUTE, json=HELLO)
    assert late.status_code == 202
    cancel(client, late.headers["location"])


def test_the_same_key_is_the_same_run(client: TestClient) -> None:
    key = {"Idempotency-Key": "one"}
    first, again = (client.post(EXECUTE, json=HELLO, headers=key).json() for _ in range(2))
    assert first == again
    other = client.post(EXECUTE, json={"inputs": {"who": "Bob"}}, headers=key)
    assert (other.status_code, "another run" in other.json()["detail"]) == (422, True)
    assert client.post(EXECUTE, json=HELLO, headers={"Idempotency-Key": "a b"}).status_code == 400


def test_nobody_runs_or_reads_without_the_right_to(shown: Served) -> None:
    client = shown.client
    assert client.post(EXECUTE, json=HELLO).status_code == 401
    eve = shown.headers("eve", RUN)
    id = client.post(EXECUTE, json=HELLO, headers=eve).json()["execution_id"]
    for headers, status in (
        ({}, 401),
        (shown.headers("ada", RUN), 404),
        (shown.headers("eve", READ), 403),
        (shown.headers("mai", RUN), 200),
        (eve, 200),
    ):
        for tail in ("", "/events"):
            found = client.get(f"/api/v1/runs/{id}{tail}", headers=headers)
            assert found.status_code == status, (headers, tail)
    assert client.delete(f"/api/v1/runs/{id}").status_code == 401
    for who, scope, status in (("eve", READ, 403), ("rob", RUN, 403)):
        refused = client.post(EXECUTE, json=HELLO, headers=shown.headers(who, scope))
        assert refused.status_code == status


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "inputs is missing"),
        ({"inputs": [1]}, 422, "inputs: expected"),
        ({"inputs": {}, "wait": "no"}, 422, "wait: expected"),
        ({"inputs": {}, "versoin": "1"}, 422, "versoin is unknown"),
        ({"inputs": {"whom": "Ada"}}, 422, "'whom'"),
        ({"inputs": {"who": 1}}, 422, "who"),
        ({"inputs": {"who": "\ud800"}}, 422, "half a character"),
        ({**HELLO, "version": "^7"}, 404, "no version of hello is ^7"),
        ({**HELLO, "version": "one"}, 404, "neither a version nor a range"),
        ({**HELLO, "environment": "producton"}, 404, "producton"),
        ({**HELLO, "environment": "production"}, 404, "not deployed to production"),
        ([], 400, "not a JSON object"),
    ],
)
def test_a_wrong_request_is_reported_what_is_wrong(
    client: TestClient, body: object, status: int, said: str
) -> None:
    found = client.post(
        EXECUTE, content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert (found.status_code, said in found.json()["detail"]) == (status, True), found.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"inputs": {}, "inputs": {}}', "application/json", 422),
        (b'{"inputs": ' + b"[" * 100 + b"]" * 100 + b"}", "application/json", 422),
        (b"\xff", "application/json", 400),
        (b"{}", "text/plain", 415),
    ],
)
def test_what_is_no_json_is_refused(
    client: TestClient, content: bytes, kind: str, status: int
) -> None:
    assert (
        client.post(EXECUTE, content=content, headers={"Content-Type": kind}).status_code == status
    )


def test_a_workflow_or_a_run_that_is_not_there(client: TestClient) -> None:
    found = client.post("/api/v1/workflows/helo/execute", json=HELLO)
    assert (found.status_code, "hello" in found.json()["help"]) == (404, True)
    for id in ("exec-000000000000", "..%2f..", "x" * 300):
        assert client.get(f"/api/v1/runs/{id}").status_code == 404
    assert client.get("/api/v1/runs/exec-000000000000?x=1").status_code == 400


@pytest.mark.usefixtures("endless")
def test_more_than_the_server_takes_is_for_later(
    client: TestClient, shown: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = shown.context.runs._places
    monkeypatch.setattr(places, "_settings", LiveRunSettings(most=1))
    answers = [client.post(EXECUTE, json={**HELLO, "wait": False}) for _ in range(3)]
    assert [one.status_code for one in answers] == [202, 202, 429]
    assert answers[-1].headers["retry-after"] == "5"
    monkeypatch.setattr(places, "_settings", LiveRunSettings(most=0))
    assert client.post(EXECUTE, json=HELLO).status_code == 501
    for one in answers[:2]:
        cancel(client, one.headers["location"])


def test_a_page_of_another_site_may_take_a_stream_up_again(client: TestClient) -> None:
    asked = "authorization,last-event-id"
    headers = {
        "Origin": "https://app.example.com",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": asked,
    }
    found = client.options("/api/v1/runs/exec-000000000000/events", headers=headers)
    assert found.status_code == 200, found.text
    allowed = found.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in asked.split(","))
