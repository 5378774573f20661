"""The routes, and the description of what they answer."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_the_description_tells_of_what_is_answered_and_of_nothing_else(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["servers"] == [{"url": "http://testserver/api/v1"}]
    for path, item in document["paths"].items():
        address = f"/api/v1{path}".replace("{name}", "hello").replace("{version}", "1.0.0")
        for method in item:
            assert client.request(method, address).status_code != 405, (method, path)
    assert set(document["paths"]["/workflows"]) == {"get", "post"}
