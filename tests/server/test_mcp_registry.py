"""The live registry as an MCP registry."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.api.test_mcp_registry import demand_server_list
from tests.conftest import RegistryFolder

SERVERS = "/v0.1/servers"


def listed(client: TestClient, query: str = "") -> tuple[list[str], Any]:
    found = client.get(f"{SERVERS}{query}")
    assert found.status_code == 200, found.text
    demand_server_list(found.json())
    names = [
        one["server"]["title"] + ":" + one["server"]["version"] for one in found.json()["servers"]
    ]
    return names, found.json()["metadata"]


def test_every_workflow_is_there_by_pages(client: TestClient) -> None:
    assert listed(client) == (["hello:1.1.0", "other:0.1.0"], {"count": 2})
    names, metadata = listed(client, "?limit=1")
    assert names == ["hello:1.1.0"]
    names, metadata = listed(client, f"?limit=1&cursor={metadata['nextCursor']}")
    assert (names, metadata) == (["other:0.1.0"], {"count": 1})
    assert listed(client, "?cursor=other") == ([], {"count": 0})


FILTERED = (
    ("?search=HELL", ["hello:1.1.0"]),
    ("?search=testserver", ["hello:1.1.0", "other:0.1.0"]),
    ("?version=1.0.0", ["hello:1.0.0"]),
    ("?version=latest&include_deleted=false", ["hello:1.1.0", "other:0.1.0"]),
    ("?updated_since=2024-01-01T00:00:00Z", ["hello:1.1.0", "other:0.1.0"]),
    ("?updated_since=2124-01-01T00:00:00%2B02:00", []),
)


def test_a_list_is_filtered(client: TestClient) -> None:
    for query, names in FILTERED:
        assert listed(client, query)[0] == names, query


WRONG = ("limit=0", "limit=101", "limit=x", "updated_since=soon", "include_deleted=1", "page=2")


def test_a_wrong_parameter_is_reported(client: TestClient) -> None:
    for query in WRONG:
        found = client.get(f"{SERVERS}?{query}")
        assert found.status_code == 400, query
        assert found.json()["parameter"] in query


def test_versions_and_one_of_them(client: TestClient) -> None:
    server = f"{SERVERS}/testserver%2Fhello/versions"
    found = client.get(server).json()
    demand_server_list(found)
    assert [one["server"]["version"] for one in found["servers"]] == ["1.1.0", "1.0.0"]
    assert client.get(f"{server}/latest").json() == found["servers"][0]
    assert client.get(f"{server}/1.0.0").json() == found["servers"][1]
    for path in (
        f"{server}/9.9.9",
        f"{SERVERS}/testserver%2Fhelo/versions",
        f"{SERVERS}/x%2Fhello/versions",
    ):
        assert client.get(path).status_code == 404, path


def test_a_yanked_version_is_shown_where_it_is_asked_for(
    client: TestClient, registry: RegistryFolder
) -> None:
    owners = registry.root / "registry/workflows/other/owners.yaml"
    owners.write_text(
        owners.read_text() + '\nyanked: { 0.1.0: { reason: "leaks", level: block } }\n'
    )
    registry.commit("Yank")
    assert listed(client)[0] == ["hello:1.1.0"]
    assert listed(client, "?include_deleted=true")[0] == ["hello:1.1.0", "other:0.1.0"]
    assert client.get(f"{SERVERS}/testserver%2Fother/versions").json()["servers"] == []
    found = client.get(f"{SERVERS}/testserver%2Fother/versions/latest").json()
    assert found["_meta"]["io.modelcontextprotocol.registry/official"]["status"] == "deleted"
