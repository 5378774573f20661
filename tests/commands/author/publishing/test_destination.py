"""Where `publish` goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.publishing.destination import forge_repository

ENTERPRISE = {
    "GITHUB_SERVER_URL": "https://g.example",
    "GITHUB_API_URL": "https://g.example/api/v3",
}


@pytest.mark.parametrize(
    ("location", "environ", "host", "repository"),
    [
        ("ada/registry", {}, "github.com", "ada/registry"),
        ("ada/registry", ENTERPRISE, "g.example", "ada/registry"),
        ("https://github.com/ada/registry.git", {}, "github.com", "ada/registry"),
        ("https://github.com/ada/registry", ENTERPRISE, "github.com", "ada/registry"),
        ("https://g.example/ada/registry", ENTERPRISE, "g.example", "ada/registry"),
    ],
)
def test_a_repository(location: str, environ: dict[str, str], host: str, repository: str) -> None:
    found = forge_repository(location, environ)
    assert found is not None
    assert (found.server.host, found.repository) == (host, repository)


@pytest.mark.parametrize(
    "location",
    [".", "https://workflows.example", "https://g.example/ada/registry", "/srv/registry"],
)
def test_anything_else(location: str) -> None:
    assert forge_repository(location, {}) is None


def test_a_folder_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ada/registry").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert forge_repository("ada/registry", {}) is None
