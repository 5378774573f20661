"""What stands before every operation."""

from __future__ import annotations

import pytest

from tests.conftest import RegistryFolder
from tests.server.signing_in import MEMBERS, served

PRIVATE = MEMBERS.replace("access:\n", "access:\n  visibility: private\n")


@pytest.mark.parametrize("path", ["/", "/api/v1/workflows", "/api/v1/workflows/hello.json",
                                  "/api/v1/packages/hello/hello-1.0.0.wfpkg", "/api/v1/openapi.json"])  # fmt: skip
def test_a_private_registry_shows_nobody_anything(registry: RegistryFolder, path: str) -> None:
    live = served(registry, PRIVATE)
    refused = live.client.get(path)
    assert refused.status_code == 401
    assert "hello" not in refused.json()["detail"]
    known = live.client.get(path, headers=live.headers("rob"))
    assert known.status_code == (503 if path == "/" else 200)
    assert live.client.get(path, headers=live.headers("rob", "run")).status_code == 403


def test_who_operates_it_asks_without_a_token(registry: RegistryFolder) -> None:
    live = served(registry, PRIVATE)
    for path in ("/health", "/ready", "/metrics"):
        assert live.client.get(path, headers={"Authorization": "Bearer no"}).status_code == 200


def test_public_needs_no_token(registry: RegistryFolder) -> None:
    assert served(registry).client.get("/api/v1/workflows/hello").status_code == 200
