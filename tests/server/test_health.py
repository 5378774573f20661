"""What operators ask."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.conftest import RegistryFolder


def test_alive_and_ready(client: TestClient, registry: RegistryFolder) -> None:
    assert client.get("/health").text == "ok\n"
    ready = client.get("/ready").json()
    assert ready["status"] == "ready"
    assert ready["commit"] == registry.git("rev-parse", "HEAD")
    assert (ready["workflows"], ready["pages"]) == (2, False)


def test_metrics_count_routes_and_not_addresses(client: TestClient) -> None:
    for name in ("hello", "other", "nope"):
        client.get(f"/api/v1/workflows/{name}")
    text = client.get("/metrics").text
    route = 'route="/api/v1/workflows/{name:line}"'
    assert f'http_requests_total{{method="GET",{route},status="200"}} 2.0' in text
    assert f'http_requests_total{{method="GET",{route},status="404"}} 1.0' in text
    assert "nope" not in text
