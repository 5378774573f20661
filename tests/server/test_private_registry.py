"""What isn't somebody's to read in a private registry isn't there for them: by no address, list or hint."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from registry_tool.core.output_folder import MARK
from tests.conftest import RegistryFolder
from tests.server.mcp.test_http import ACCEPT, INITIALIZE
from tests.server.signing_in import Served, served
from tests.server.test_authentication_gate import PRIVATE

OWNERS_ONLY = "security: { access_control: { read: [owner] } }\n"
RUN = {"inputs": {"who": "Ada"}}
CHAT = {"model": "hidden", "messages": [{"role": "user", "content": "Ada"}]}
LISTS = (
    "/api/v1/workflows",
    "/api/v1/workflows?q=hidden",
    "/api/v1/workflows.json",
    "/api/v1/workflows/page/1.json",
    "/api/v1/index.json",
    "/v1/models",
    "/v0.1/servers",
)
OF_ONE = (
    "/api/v1/workflows/hidden",
    "/api/v1/workflows/hidden.json",
    "/api/v1/workflows/hidden/versions",
    "/api/v1/workflows/hidden/versions.json",
    "/api/v1/workflows/hidden/1.0.0.json",
    "/api/v1/sparse/hi/hidden",
    "/api/v1/packages/hidden/hidden-1.0.0.wfpkg",
    "/v1/models/hidden",
    "/api/v1/workflows/hiddem",  # whose hint would name it
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """`hidden` is for its owner ada, `hello` for all members; the pages of both are built."""
    root = tmp_path_factory.mktemp("private") / "registry"
    registry = RegistryFolder(root, git=True)
    manifest = registry.lay("hidden", "1.0.0") / "manifest.yaml"
    manifest.write_text(manifest.read_text() + OWNERS_ONLY)
    found = served(registry, PRIVATE)
    site = root.parent / "site"
    pages = site / "api/v1/workflows/page"
    pages.mkdir(parents=True)
    (pages / "1.json").write_text('{"workflows": ["hidden", "hello"]}')
    (site / MARK).touch()
    (site / "index.html").write_text("hidden and hello")
    return found


@pytest.fixture(scope="module")
def client(live: Served) -> TestClient:
    """Anybody's."""
    return live.client


@pytest.mark.parametrize("address", [*LISTS, *OF_ONE])
def test_a_stranger_finds_nothing_of_it(live: Served, client: TestClient, address: str) -> None:
    found = client.get(address, headers=live.headers("eve"))
    assert found.status_code == (200 if address in LISTS else 404)
    assert "hidden" not in found.text.replace(found.json().get("instance", "-"), "").replace(
        "there is no workflow 'hidden'", ""
    )


@pytest.mark.parametrize("member", ["ada", "mai"])
def test_an_owner_and_a_maintainer_find_it(live: Served, client: TestClient, member: str) -> None:
    headers = live.headers(member)
    for address in LISTS:
        wanted = '"workflows": 2' if address.endswith("index.json") else "hidden"
        assert wanted in client.get(address, headers=headers).text, address
    for address in OF_ONE[:-1]:
        assert client.get(address, headers=headers).status_code == 200, address
    assert client.get("/", headers=headers).text == "hidden and hello"


def test_pages_that_show_all_are_for_who_may_read_all(live: Served, client: TestClient) -> None:
    for address in ("/", "/index.html", "/api/v1/categories/text.json", "/zh/"):
        assert client.get(address, headers=live.headers("eve")).status_code == 403
    narrow = live.headers("mai", workflows="hello hidden")
    assert client.get("/", headers=narrow).status_code == 403
    assert "hidden" in client.get("/api/v1/workflows", headers=narrow).text


def test_nobody_runs_changes_or_deploys_what_is_not_there(live: Served, client: TestClient) -> None:
    headers, there = live.headers("eve"), "/api/v1/workflows/hidden"
    deployed = client.post(f"{there}/deploy", json={"environment": "production"}, headers=headers)
    looked = client.get(f"{there}/deployments/x?environment=production", headers=headers)
    assert "workflow 'hidden'" in looked.json()["detail"]
    assert [
        client.post(f"{there}/execute", json=RUN, headers=headers).status_code,
        client.post("/v1/chat/completions", json=CHAT, headers=headers).status_code,
        client.put(there, json={"deprecated": None}, headers=headers).status_code,
        client.delete(there, headers=headers).status_code,
        deployed.status_code,
    ] == [404] * 5


def test_agents_see_the_tools_that_are_theirs(live: Served) -> None:
    told: dict[str, str] = {}
    with TestClient(live.client.app, base_url="http://localhost") as client:
        for member in ("eve", "ada"):
            headers = {**ACCEPT, **live.headers(member)}
            begun = client.post("/mcp", json=INITIALIZE, headers=headers)
            headers["Mcp-Session-Id"] = begun.headers["mcp-session-id"]
            ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
            client.post("/mcp", json=ready, headers=headers)
            told[member] = ""
            for method in ("tools/list", "resources/list", "prompts/list"):
                asked = {"jsonrpc": "2.0", "id": 2, "method": method}
                told[member] += client.post("/mcp", json=asked, headers=headers).text
            call = {
                **{"jsonrpc": "2.0", "id": 3, "method": "tools/call"},
                "params": {"name": "hidden", "arguments": {"who": "Ada"}},
            }
            told[f"{member} calls"] = client.post("/mcp", json=call, headers=headers).text
    assert ("hidden" in told["eve"], "hello" in told["eve"]) == (False, True)
    assert "hidden" in told["ada"]
    assert "there is no workflow 'hidden'" in told["eve calls"]
    assert "Hello, Ada!" in told["ada calls"]


def test_of_its_deployments_nobody_hears(live: Served, client: TestClient) -> None:
    address = "/api/v1/workflows/hidden/deployments/d-1?environment=production"
    details = [
        client.get(address, headers=live.headers(name, "read", "deploy")).json()["detail"]
        for name in ("eve", "ada")
    ]
    assert details[0] == "there is no workflow 'hidden'"
    assert details[1] != details[0]
