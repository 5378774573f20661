"""Errors as RFC 9457 problems."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from starlette.testclient import TestClient

from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError, UsageError
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.server import reading
from registry_tool.server.problems import of_registry_error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("x"), 404),
        (UsageError("x"), 400),
        (MissingToolError("x"), 501),
        (RegistryError("x", location="/home/ada/registry"), 500),
    ],
)
def test_the_status_says_whose_mistake_it_is(error: RegistryError, status: int) -> None:
    found = of_registry_error(error)
    assert found.status == status
    assert "/home/ada" not in found.detail + found.help


def test_findings_are_reported_as_everywhere() -> None:
    finding = Finding("manifest.yaml", 47, 3, "unknown-key", Severity.ERROR, "no such key", "x")
    found = of_registry_error(FindingsError([finding]))
    assert found.status is HTTPStatus.UNPROCESSABLE_ENTITY
    assert found.more["findings"] == [finding.to_value()]


def test_a_bug_tells_nothing_of_the_machine(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("/home/ada/secret")

    monkeypatch.setattr(reading, "list_query", broken)
    answer = client.get("/api/v1/workflows")
    assert f"request {answer.json()['request_id']} met a bug" in caplog.text
    assert "/home/ada/secret" in caplog.text
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


def test_what_is_wrong_here_is_found_by_the_requests_id(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RegistryError("can't be read", location="/home/ada/registry")

    monkeypatch.setattr(reading, "list_query", broken)
    answer = client.get("/api/v1/workflows")
    assert answer.status_code == 500
    assert "/home/ada" not in answer.text
    assert f"request {answer.json()['request_id']} failed: /home/ada/registry" in caplog.text


def test_other_methods_and_addresses_are_problems_too(client: TestClient) -> None:
    wrong = client.request("PATCH", "/api/v1/workflows")
    assert (wrong.status_code, wrong.json()["title"]) == (405, "Method Not Allowed")
    assert "GET" in wrong.headers["allow"]
    assert client.get("/api/v1/no/such/thing").headers["content-type"] == "application/problem+json"
