"""PUT and DELETE over HTTP: owners, notices, yanks, tombstones, by who may."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.state.audit_log import entries
from tests.conftest import RegistryFolder
from tests.server.signing_in import MEMBERS, Served, served

HELLO = "/api/v1/workflows/hello"
MAINTAINERS = MEMBERS + "policy: { maintainers: [{ login: root, id: 9 }] }\n"


@pytest.fixture
def live(registry: RegistryFolder) -> Served:
    """With `hello` 1.0.0 and 1.1.0, which are ada's."""
    registry.add("hello", "1.1.0")
    return served(registry, MAINTAINERS)


def owners(live: Served) -> Owners:
    path = "registry/workflows/hello/owners.yaml"
    return read_owners(live.registry.git("show", f"main:{path}").encode(), path)


def test_an_owner_changes_owners_and_notices(live: Served) -> None:
    ada = live.headers("ada")
    body: dict[str, Any] = {
        "owners": [{"login": "ada", "id": 1}, {"login": "eve", "id": 5}],
        "notices": {"1.0.0": {"reason": "old", "level": "warn"}},
    }
    answer = live.client.put(HELLO, json=body, headers=ada)
    assert answer.status_code == 200, answer.text
    assert owners(live).is_owner(5)
    assert owners(live).notices["1.0.0"].reason == "old"
    before = live.registry.git("rev-parse", "main")
    assert live.client.put(HELLO, json=body, headers=ada).status_code == 200
    assert live.registry.git("rev-parse", "main") == before  # there was nothing to change
    back = live.client.put(HELLO, json={"notices": {"1.0.0": None}}, headers=live.headers("eve"))
    assert back.status_code == 200
    assert owners(live).notices == {}
    noted = [entry.action for entry in entries(live.target, "registry")]
    assert noted.count("change") == 2


def test_what_is_no_change(live: Served) -> None:
    before, ada = live.registry.git("rev-parse", "main"), live.headers("ada")
    for body, status in (
        ({}, 400),
        ({"owners": []}, 422),
        ({"owners": [{"login": "ada"}]}, 422),
        ({"certified": {}}, 422),
        ({"tombstones": {"1.0.0": "x"}}, 422),
        ({"notices": {"9.9.9": {"reason": "x"}}}, 422),
        ({"deprecated": {"reason": "x", "level": "loud"}}, 422),
        ([], 400),
    ):
        answer = live.client.put(HELLO, json=body, headers=ada)
        assert answer.status_code == status, answer.text
    assert live.registry.git("rev-parse", "main") == before


def test_a_yank_by_default_and_only_by_who_may(live: Served) -> None:
    for who, status in (("", 401), ("eve", 403), ("rob", 403)):
        headers = live.headers(who) if who else {}
        assert live.client.delete(f"{HELLO}?version=1.0.0", headers=headers).status_code == status
    ada = live.headers("ada")
    assert live.client.delete(f"{HELLO}?version=9.0.0", headers=ada).status_code == 404
    assert live.client.delete("/api/v1/workflows/nope", headers=ada).status_code == 404
    latest = live.client.delete(f"{HELLO}?version=1.1.0", headers=ada)
    assert latest.status_code == 422
    assert latest.json()["findings"][0]["rule"] == "yanks"
    assert live.client.delete(f"{HELLO}?version=1.0.0", headers=ada).status_code == 204
    assert owners(live).blocked("1.0.0") and not owners(live).blocked("1.1.0")
    assert live.client.get(f"{HELLO}?version=1.0.0").status_code == 200


def test_a_tombstone_takes_an_admin_and_a_reason(live: Served) -> None:
    gone = f"{HELLO}?version=1.0.0&tombstone=true"
    assert live.client.delete(gone, headers=live.headers("ada")).status_code == 422
    because = f"{gone}&reason=leaked"
    assert live.client.delete(because, headers=live.headers("ada")).status_code == 403
    assert live.client.delete(because, headers=live.headers("root")).status_code == 403
    admin = live.headers("root", "admin")
    assert live.client.delete(because, headers=admin).status_code == 204
    assert owners(live).tombstones == {"1.0.0": "leaked"}
    assert live.client.get(f"{HELLO}?version=1.0.0").status_code == 404
    assert live.client.delete(because, headers=admin).status_code == 204  # the same again
    assert live.client.get("/ready").status_code == 200
    assert live.client.delete(f"{HELLO}?tombstone=yes", headers=admin).status_code == 400


def test_a_form_publishes_only_this_workflow(live: Served) -> None:
    other = live.registry.root / "registry/workflows/hello/1.0.0/manifest.yaml"
    text = other.read_bytes().replace(b"name: hello", b"name: other", 1)
    answer = live.client.put(HELLO, files={"manifest": text}, headers=live.headers("ada"))
    assert (answer.status_code, "that of other" in answer.json()["detail"]) == (422, True)
