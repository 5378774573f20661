"""What stands before every operation."""

from __future__ import annotations

from tests.conftest import RegistryFolder
from tests.server.signing_in import MEMBERS, served

PRIVATE = MEMBERS.replace("access:\n", "access:\n  visibility: private\n")


def test_a_private_registry_shows_nobody_anything(registry: RegistryFolder) -> None:
    live = served(registry, PRIVATE)
    reader, runner = live.headers("rob"), live.headers("rob", "run")
    names = (
        "workflows",
        "workflows/hello.json",
        "packages/hello/hello-1.0.0.wfpkg",
        "openapi.json",
    )
    for path in ("/", *(f"/api/v1/{name}" for name in names)):
        refused = live.client.get(path)
        assert refused.status_code == 401
        assert "hello" not in refused.json()["detail"]
        assert live.client.get(path, headers=reader).status_code == (503 if path == "/" else 200)
        assert live.client.get(path, headers=runner).status_code == 403


def test_who_operates_it_asks_without_a_token(registry: RegistryFolder) -> None:
    live = served(registry, PRIVATE)
    for path in ("/health", "/ready", "/metrics"):
        assert live.client.get(path, headers={"Authorization": "Bearer no"}).status_code == 200


def test_public_needs_no_token(registry: RegistryFolder) -> None:
    assert served(registry).client.get("/api/v1/workflows/hello").status_code == 200
