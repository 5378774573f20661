"""Documents as the commit has them, and pages as they were built."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from registry_tool.commands.live.keep_output import build_commit
from registry_tool.package.open import open_package
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def built(registry: RegistryFolder) -> None:
    commit = registry.git("rev-parse", "HEAD")
    build_commit(Repository(registry.root), commit, registry.root.parent / "site", "")


def test_documents_and_packages_need_no_build(client: TestClient) -> None:
    assert client.get("/api/v1/workflows/hello.json").json()["metadata"]["version"] == "1.1.0"
    assert client.get("/api/v1/workflows/hello/1.0.0.json").status_code == 200
    assert len(client.get("/api/v1/workflows/hello/versions.json").json()) == 2
    assert len(client.get("/api/v1/sparse/he/hello").text.splitlines()) == 2
    package = client.get("/api/v1/packages/hello/hello-1.0.0.wfpkg")
    assert package.headers["content-type"] == "application/zip"
    assert "manifest.yaml" in open_package(package.content, location="hello")


def test_the_index_says_that_it_is_live(client: TestClient, registry: RegistryFolder) -> None:
    built(registry)
    static = json.loads((registry.root.parent / "site/api/v1/index.json").read_text())
    found = client.get("/api/v1/index.json").json()
    assert (static["live"], found["live"]) == (False, True)
    assert {**found, "live": False} == static


def test_they_are_those_of_a_build(client: TestClient, registry: RegistryFolder) -> None:
    built(registry)
    site = registry.root.parent / "site/api/v1"
    for path in ("sparse/he/hello", "workflows/hello/1.0.0.json", "workflows/hello/versions.json"):
        assert client.get(f"/api/v1/{path}").content == (site / path).read_bytes()


def test_pages_come_once_they_are_built(client: TestClient, registry: RegistryFolder) -> None:
    early = client.get("/workflows/hello/")
    assert (early.status_code, early.headers["retry-after"]) == (503, "5")
    built(registry)
    page = client.get("/workflows/hello/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/api/v1/tags/").status_code in {404, 308}
    assert client.get("/api/v1/workflows.json").status_code == 200
    missing = client.get("/zh/nope/")
    assert missing.status_code == 404
    assert 'lang="zh' in missing.text


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fregistry/registry/registry.yaml",
        "/%2e%2e/registry/registry/registry.yaml",
        "/..%5c..%5cregistry",
        "/.registry-build.json",
        "/a%00b",
        "//evil.example/",
    ],
)
def test_nothing_else_of_the_machine_is_shown(
    client: TestClient, registry: RegistryFolder, path: str
) -> None:
    built(registry)
    answer = client.get(f"http://testserver{path}", follow_redirects=False)
    assert answer.status_code == 404
    assert "ada" not in answer.text


def test_a_folder_leads_to_itself_with_a_slash(
    client: TestClient, registry: RegistryFolder
) -> None:
    built(registry)
    answer = client.get("/workflows?a=b", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/workflows/")


def test_no_address_leads_to_another_server(client: TestClient, registry: RegistryFolder) -> None:
    built(registry)
    (registry.root.parent / "site/evil.example").mkdir()
    answer = client.get("http://testserver//evil.example", follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_lists_do_not_wait_for_the_build(client: TestClient) -> None:
    for path in ("workflows.json", "workflows/page/1.json"):
        document = client.get(f"/api/v1/{path}").json()
        assert {one["name"] for one in document["workflows"]} == {"hello", "other"}
    for page in ("2", "0", "x", "-1", "9" * 30):
        assert client.get(f"/api/v1/workflows/page/{page}.json").status_code == 404
