"""A run's request for a job: from what really serves, with really published keys."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.requests.seal import sealing_context
from registry_tool.commands.run.request_job import run_request
from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Value
from registry_tool.forge.base import Forge
from registry_tool.manifest.model import Workflow
from registry_tool.security.keys import environment_key
from registry_tool.security.sealing import SealTerms, open_sealed
from registry_tool.state.target import Target
from tests.conftest import RegistryFolder

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)


class GitContents:
    """Hand-written in place of GitHub's contents API: the same files, out of the repository itself."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, branch: str, path: str) -> bytes | None:
        done = subprocess.run(
            ["git", "show", f"{branch}:{path}"], cwd=self.root, capture_output=True, check=False
        )
        return done.stdout if done.returncode == 0 else None


def asked_of(seen: list[str]) -> Callable[[Workflow], Mapping[str, Value]]:
    def read(workflow: Workflow) -> Mapping[str, Value]:
        seen.append(workflow.reference)
        return {"who": "Ada"}

    return read


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """Serves greet 1.0.0, though there is 1.1.0; and secret 1.0.0, which requires encryption."""
    made = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        made.add("greet", version)
    manifest = made.add("secret", "1.0.0") / "manifest.yaml"
    privacy = "security: { data_privacy: { encryption: aes-256 } }\n"
    manifest.write_text(manifest.read_text() + privacy)
    made.compile()
    made.commit("Publish")
    for reference in ("greet:1.0.0", "secret:1.0.0"):
        deploy(Target(made.root), reference, "development")
    return made


def forge(registry: RegistryFolder) -> Forge:
    return cast(Forge, SimpleNamespace(contents=GitContents(registry.root), token_owner=lambda: 7))


def test_what_serves_says_which_inputs(registry: RegistryFolder) -> None:
    seen: list[str] = []
    request = run_request(
        forge(registry), "development", "greet", str(registry.root), asked_of(seen), now=NOW
    )
    assert request == ExecuteRequest("greet", {"who": "Ada"})
    assert seen == ["greet:1.0.0"]


def test_what_must_be_sealed_is(registry: RegistryFolder) -> None:
    """A deployment publishes the environment's key."""
    ring = environment_key(registry.root / ".git", "development", {})
    request = run_request(
        forge(registry), "development", "secret", str(registry.root), asked_of([]), now=NOW
    )
    assert "Ada" not in str(request.to_value())
    context = sealing_context("development", "secret")
    inputs, terms = open_sealed(request.sealed, ring, context)
    assert (inputs, terms) == ({"who": "Ada"}, SealTerms(7, "2026-11-29T10:00:00.000Z"))


def test_what_one_of_two_serving_versions_wants_sealed_is(registry: RegistryFolder) -> None:
    """Chance, or a weight, decides which version a run gets."""
    manifest = registry.add("greet", "1.2.0") / "manifest.yaml"
    privacy = "security: { data_privacy: { encryption: aes-256 } }\n"
    manifest.write_text(manifest.read_text() + privacy)
    registry.compile()
    registry.commit("Publish 1.2.0")
    how = DeployOptions(strategy={"type": "canary", "steps": [{"weight": 10, "pause": "1h"}]})
    state = deploy(Target(registry.root), "greet:1.2.0", "development", how=how)
    assert (state.main.version, len(state.serving)) == ("1.0.0", 2)
    request = run_request(
        forge(registry), "development", "greet", str(registry.root), asked_of([]), now=NOW
    )
    assert "Ada" not in str(request.to_value())
    assert request.sealed


class WithoutKeys(GitContents):
    """The same before any key was published."""

    def read(self, branch: str, path: str) -> bytes | None:
        return None if path.startswith("keys/") else super().read(branch, path)


def test_without_a_key_nothing_is_sent_plain(registry: RegistryFolder) -> None:
    keyless = cast(
        Forge, SimpleNamespace(contents=WithoutKeys(registry.root), token_owner=lambda: 7)
    )
    with pytest.raises(NotFoundError, match="published no key"):
        run_request(keyless, "development", "secret", str(registry.root), asked_of([]), now=NOW)


def test_nothing_serves(registry: RegistryFolder) -> None:
    with pytest.raises(NotFoundError, match="not deployed to production"):
        run_request(
            forge(registry), "production", "greet", str(registry.root), asked_of([]), now=NOW
        )
