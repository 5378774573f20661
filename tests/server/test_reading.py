"""Lists, workflows and versions over HTTP."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.conftest import RegistryFolder


def test_a_list_has_pages_that_lead_to_each_other(client: TestClient) -> None:
    first = client.get("/api/v1/workflows", params={"per_page": 1})
    value = first.json()
    assert [one["name"] for one in value["workflows"]] == ["hello"]
    assert value["pagination"] == {
        "page": 1, "pages": 2, "per_page": 1, "total": 2,
        "next": "workflows?per_page=1&page=2", "previous": None,
    }  # fmt: skip
    assert first.links["next"]["url"] == "workflows?per_page=1&page=2"
    second = client.get(f"/api/v1/{value['pagination']['next']}").json()
    assert [one["name"] for one in second["workflows"]] == ["other"]
    assert second["pagination"]["next"] is None


def test_tags_may_be_repeated_and_all_count(client: TestClient) -> None:
    both = client.get("/api/v1/workflows?tag=nope&tag=other")
    assert both.status_code == 200
    assert both.json()["pagination"]["total"] == 0


def test_a_workflow_by_version_or_range(client: TestClient) -> None:
    for wanted, number in (("", "1.1.0"), ("?version=1.0.0", "1.0.0"), ("?version=<1.1", "1.0.0")):
        found = client.get(f"/api/v1/workflows/hello{wanted}")
        assert found.json()["metadata"]["version"] == number
        assert found.json()["status"]["digest"].startswith("sha256:")
    versions = client.get("/api/v1/workflows/hello/versions").json()
    assert [one["version"] for one in versions] == ["1.1.0", "1.0.0"]


def test_what_is_not_there_is_a_problem_with_the_nearest_name(client: TestClient) -> None:
    missing = client.get("/api/v1/workflows/helo")
    assert missing.status_code == 404
    assert missing.json()["help"] == "did you mean 'hello'?"
    assert missing.json()["request_id"] == missing.headers["x-request-id"]
    assert client.get("/api/v1/workflows/hello?version=^9").status_code == 404
    assert client.get("/api/v1/workflows/hello?version=one").status_code == 404


def test_what_is_published_is_there_at_once(client: TestClient, registry: RegistryFolder) -> None:
    assert client.get("/api/v1/workflows/brand-new").status_code == 404
    registry.add("brand-new", "1.0.0")
    registry.commit("Publish")
    assert client.get("/api/v1/workflows/brand-new").status_code == 200
    assert client.get("/api/v1/workflows").json()["pagination"]["total"] == 3
