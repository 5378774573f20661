"""The Python SDK does what tests/conformance/*.json say that every SDK does."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from inspect import signature
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from puppyai.workflows import (
    AuthenticationError,
    ConflictError,
    FindingsError,
    IntegrityError,
    InvalidRequestError,
    NotFoundError,
    NotSupportedError,
    PermissionDeniedError,
    RateLimitedError,
    RunFailedError,
    ServerError,
    UnreachableError,
    WorkflowClient,
    WorkflowError,
    run_live,
    verify_package,
)
from puppyai.workflows.client import _reference
from puppyai.workflows.result import succeeded
from puppyai.workflows.run import Run
from puppyai.workflows.run_live import result_from
from puppyai.workflows.sse import messages
from puppyai.workflows.transport import Transport, refusal
from registry_tool.core.connections import Connections
from registry_tool.manifest.digest import digest
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.resolver.latest import latest
from registry_tool.resolver.ranges import admits, is_valid
from tests.made_once import made_once
from tests.sdk.trust_sites import make_trust_sites, trust_sites

FOLDER = Path(__file__).parents[1] / "conformance"
FILES = sorted(FOLDER.glob("*.json"))
KINDS: dict[str, type[WorkflowError]] = {
    "invalid-request": InvalidRequestError,
    "authentication": AuthenticationError,
    "permission": PermissionDeniedError,
    "not-found": NotFoundError,
    "not-supported": NotSupportedError,
    "conflict": ConflictError,
    "findings": FindingsError,
    "rate-limited": RateLimitedError,
    "server": ServerError,
    "unreachable": UnreachableError,
}


def names(given: Any) -> Any:
    return {"valid": bad_name(given["name"]) is None}


def versions(given: Any) -> Any:
    return {"valid": bad_version(given["version"]) is None}


def latest_of(given: Any) -> Any:
    return {"version": latest(given["versions"], set(given["yanked"]))}


def ranges(given: Any) -> Any:
    if not is_valid(given["range"]):
        return {"valid": False}
    return {"valid": True, "admits": admits(given["range"], given["version"])}


def references(given: Any) -> Any:
    from registry_tool.core.errors import UsageError

    try:
        found = _reference(given["text"], None)
    except UsageError:
        return {"valid": False}
    return {"valid": True, "name": found.name, "version": found.version, "range": found.range}


def digests(given: Any) -> Any:
    files = {path: base64.b64decode(data) for path, data in given["files"].items()}
    return {"digest": digest(files)}


def error_of(given: Any) -> Any:
    """Only what the case asks of: `reason` where the server gave one."""
    from registry_tool.core.retry import parse_retry_after

    headers = given["headers"]
    asked = parse_retry_after(headers)
    error = refusal(given["status"], headers, given["body"].encode(), "https://example.com", asked)
    (kind,) = [name for name, kind in KINDS.items() if type(error) is kind]
    fields: dict[str, Any] = {"kind": kind, "request_id": error.request_id}
    if isinstance(error, FindingsError):
        fields["findings"] = [f"{f.path}:{f.line}:{f.column} {f.rule}" for f in error.findings]
    elif given["body"].startswith("{"):
        fields["reason"] = error.reason
    if isinstance(error, RateLimitedError):
        fields["retry_after"] = error.retry_after
    assert error.status == given["status"]
    return fields


def listing(given: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    fetched: list[str] = []

    def fetch(self: Transport, url: str, largest: int) -> bytes:
        from urllib.parse import unquote

        path = unquote(url.removeprefix(self.url("")))
        fetched.append(path)
        if path not in given["documents"]:
            raise NotFoundError("there is no such document", location=url)
        return json.dumps(given["documents"][path]).encode()

    monkeypatch.setattr(Transport, "fetch", fetch)
    found = WorkflowClient("https://registry.example.com").list_workflows(**given["filters"])
    return {"names": [one.name for one in islice(found, given["take"])], "fetched": fetched}


def execute(given: Any) -> Any:
    try:
        found = succeeded(result_from(given["run"], "exec-0"))
    except RunFailedError as error:
        fields = {"ok": False, "status": error.result.status}
        return fields | ({"reason": error.reason} if "error" in given["run"] else {})
    usage = found.usage
    fields = {
        "ok": True,
        "outputs": found.outputs,
        "tokens": usage.input_tokens + usage.output_tokens,
        "seconds": found.seconds,
    }
    if found.answered_by:
        fields |= {"answered_by": found.answered_by, "instead_of": found.instead_of}
    return fields | ({"notices": list(found.notices)} if found.notices else {})


def events(given: Any) -> Any:
    lines = given["stream"].encode().splitlines(keepends=True)
    found = messages(lines)
    return {"messages": [{"id": m.id, "event": m.event, "data": m.data} for m in found]}


def following(given: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    asked: list[str] = []
    coming = iter(given["streams"])

    def opened(_: Connections, __: str, headers: dict[str, str]) -> io.BytesIO:
        asked.append(headers.get("Last-Event-ID", ""))
        return io.BytesIO(next(coming).encode())

    def fetch(self: Transport, url: str, largest: int) -> bytes:
        return json.dumps(given["run"]).encode()

    monkeypatch.setattr(run_live, "_opened", opened)
    monkeypatch.setattr(Transport, "fetch", fetch)
    transport = Transport("https://registry.example.com", sleep=lambda _: None)
    run = Run(run_live.RunLive(transport, "", "", given["id"]))
    found = [event.name for event in run]
    try:
        run.result()
    except RunFailedError:
        return {"events": found, "asked": asked, "ok": False}
    return {"events": found, "asked": asked, "ok": True}


def packages(given: Any) -> Any:
    try:
        found = verify_package(base64.b64decode(given["package"]), given["digest"])
    except IntegrityError:
        return {"valid": False}
    return {
        "valid": True,
        "name": found.name,
        "version": found.version,
        "digest": found.digest,
    }


def retries(given: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    from registry_tool.core.http import Answer, LostError

    waits: list[float] = []
    coming = iter(given["answers"])

    def once(self: Transport, *asked: Any) -> Answer:
        result = next(coming)
        if result["status"] == 0:
            raise LostError("the connection was lost")
        return Answer(result["status"], result.get("headers", {}), b"[]")

    monkeypatch.setattr(Transport, "_once", once)
    client = Transport("https://example.com", retries=given["retries"], sleep=waits.append)
    kind = ""
    try:
        client.document("tags/t.json")
    except WorkflowError as error:
        (kind,) = [name for name, known in KINDS.items() if type(error) is known]
    answers = given["answers"][: len(waits)]
    asked = [wait for wait, result in zip(waits, answers, strict=True) if "headers" in result]
    requests = len(given["answers"]) - len(list(coming))
    return {"requests": requests, "asked": asked, "kind": kind}


ANSWERS = {
    "older metadata than was seen before": "older or mixed",
    "its signed metadata has expired": "expired",
    "lacks signatures of keys that count": "signatures",
    "not the one that the registry signed": "altered",
    "don't belong together, or one was altered": "altered",
    "its digest is": "altered",
    "more than": "too long",
    "the root is not the pinned one": "another root",
    "a root of this registry is pinned, and it isn't served": "no root",
    "withheld": "withheld",
    "its signed metadata is not valid": "not valid",
    "there is no workflow": "not found",
}
"""What the table calls a reason that has these words; the first counts."""


def trust(given: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trust_address: str) -> Any:
    monkeypatch.setenv("PUPPY_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    root = (made_once(make_trust_sites) / "pin").read_text()
    return {"answers": [_answer(trust_address, root, visit) for visit in given["visits"]]}


def _answer(address: str, root: str, visit: Any) -> str:
    moment = datetime.fromisoformat(visit["at"])
    client = WorkflowClient(f"{address}/{visit['copy']}", root=root, now=lambda: moment)
    try:
        return client.get_workflow(visit["get"]).version
    except (IntegrityError, NotFoundError) as error:
        assert error.location.startswith(address)
        assert error.hint or isinstance(error, NotFoundError)
        return next(word for words, word in ANSWERS.items() if words in error.reason)


RUNNERS: dict[str, Callable[..., Any]] = {
    "names": names,
    "versions": versions,
    "latest": latest_of,
    "ranges": ranges,
    "references": references,
    "digests": digests,
    "errors": error_of,
    "listing": listing,
    "execute": execute,
    "events": events,
    "following": following,
    "packages": packages,
    "retries": retries,
    "trust": trust,
}


def cases() -> list[Any]:
    found = []
    for file in FILES:
        document = json.loads(file.read_text("utf-8"))
        found += [
            pytest.param(document["subject"], case, id=f"{file.stem}: {case['id']}")
            for case in document["cases"]
        ]
    return found


@pytest.fixture(scope="module")
def trust_address() -> Iterator[str]:
    with trust_sites() as address:
        yield address


@pytest.mark.parametrize(("subject", "case"), cases())
def test_a_case(subject: str, case: Any, request: pytest.FixtureRequest) -> None:
    run = RUNNERS[subject]
    _, *fixtures = signature(run).parameters
    more = [request.getfixturevalue(name) for name in fixtures]
    assert run(case["given"], *more) == case["expected"]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_file_has_the_form_that_all_runners_read(file: Path) -> None:
    document = json.loads(file.read_text("utf-8"))
    assert set(document) == {"format", "subject", "about", "cases"}
    assert (document["format"], document["subject"]) == ("puppyai.com/conformance/v1", file.stem)
    ids = [case["id"] for case in document["cases"]]
    assert len(ids) == len(set(ids)) >= 5
    assert all(set(case) == {"id", "given", "expected"} for case in document["cases"])
    assert f"`{file.name}`" in (FOLDER / "README.md").read_text()
