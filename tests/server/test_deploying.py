"""Deploying over HTTP: by who may, by the environment's rules, found again."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.live.deployments import LiveDeployments
from registry_tool.state.audit_log import entries
from tests.conftest import RegistryFolder
from tests.server.signing_in import Served, served

DEPLOY = "/api/v1/workflows/hello/deploy"


@pytest.fixture
def live(registry: RegistryFolder) -> Served:
    """`hello` is ada's; deployments are carried out at once."""
    file = registry.root / "registry/registry.yaml"
    settings = "staging: { after: development }, reviewed: { approval: environment }, production:"
    file.write_text(file.read_text().replace("production:", settings))
    found = served(registry)
    found.context.__dict__["deployments"] = LiveDeployments(found.target, lambda work: work())
    return found


def test_a_version_is_brought_in_and_looked_at(live: Served) -> None:
    ada = {**live.headers("ada"), "Idempotency-Key": "one"}
    body = {"environment": "development", "version": "^1.0.0"}
    answer = live.client.post(DEPLOY, json=body, headers=ada)
    assert answer.status_code == 202, answer.text
    found = live.client.get(answer.json()["status_url"], headers=ada).json()
    assert (found["status"], found["deployment_id"]) == ("serving", answer.json()["deployment_id"])
    assert [stage["stage"] for stage in found["stages"]][:2] == ["select", "configure"]
    again = live.client.post(DEPLOY, json=body, headers=ada)
    assert again.json() == answer.json()
    assert live.client.get(answer.headers["location"]).status_code == 401
    noted = [entry for entry in entries(live.target) if entry.action == "deploy"]
    assert {entry.environment for entry in noted} == {"development", "registry"}


def test_what_is_refused_at_once(live: Served) -> None:
    keys = {"": {}, "ada": live.headers("ada"), "eve": live.headers("eve")}
    here = {"environment": "development"}
    cases: tuple[tuple[str, dict[str, Any], int, str], ...] = (
        ("", here, 401, "signed in"),
        ("eve", here, 403, "may not change what serves"),
        ("ada", {"environment": "staging"}, 422, "development"),
        ("ada", {"environment": "reviewed"}, 422, "reviewer"),
        ("ada", {"environment": "nowhere"}, 422, "no environment"),
        ("ada", {"environment": "../x"}, 422, "no environment"),
        ("ada", {**here, "version": "9.0.0"}, 404, "version"),
        ("ada", {**here, "version": "junk"}, 404, "neither"),
        ("ada", {**here, "override": "because"}, 403, "override"),
        ("ada", {**here, "more": 1}, 422, "more"),
        ("ada", {}, 422, "environment"),
    )
    for who, body, status, message in cases:
        answer = live.client.post(DEPLOY, json=body, headers=keys[who])
        assert answer.status_code == status, answer.text
        assert message in answer.json()["detail"]
        assert str(live.registry.root) not in answer.text


def test_what_nobody_knows(live: Served) -> None:
    ada, folder = live.headers("ada"), "/api/v1/workflows/hello/deployments"
    for path, status in (
        ("dep-1?environment=development", 404), ("dep-1?environment=..", 404),
        ("dep-1", 400), ("%2e%2e?environment=development", 404),
    ):  # fmt: skip
        assert live.client.get(f"{folder}/{path}", headers=ada).status_code == status
