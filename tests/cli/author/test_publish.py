"""`publish`, as an author types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.rules.all_rules import SUMMARIES
from tests.cli.invoked import invoke
from tests.cli.typed import run


def test_publishing_to_an_address_where_no_registry_is_says_to_clone_it(project: Path) -> None:
    address = "http://127.0.0.1:1/acme/registry"
    result = invoke("publish", "base", "--registry", address)
    assert isinstance(result.exception, RegistryError)
    assert result.exception.location == address
    assert f"git clone {address}" in result.exception.hint


def test_publishing_without_a_registry_says_how_to_name_one(project: Path) -> None:
    result = invoke("publish", "base")
    assert isinstance(result.exception, UsageError)
    assert "none is known" in result.exception.reason
    assert "puppy-cli config set registry" in result.exception.hint


@pytest.mark.e2e
def test_a_published_project_lands_on_a_branch(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    run(tmp_path, "puppy-cli", "init", "mine")
    owner = ["--owner", "ada", "--owner-id", "1"]
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    done = run(tmp_path, "puppy-cli", "publish", "mine", *location, *owner)
    assert "is on the branch publish/mine-1.0.0" in done.stdout, done.stderr
    words = ["check-pr", "--base", "main", "--head", "publish/mine-1.0.0"]
    checked = run(registry.root, "registry-tool", *words, "--actor-id", "1")  # type: ignore[attr-defined]
    assert checked.stdout == f"valid: 1 new version, {len(SUMMARIES)} checks\n", checked.stderr
    other = run(registry.root, "registry-tool", *words, "--actor-id", "2")  # type: ignore[attr-defined]
    assert (other.returncode, "error[ownership]" in other.stdout) == (1, True)
    assert run(registry.root, "registry-tool", *words, "--actor-id", "x").returncode == 2  # type: ignore[attr-defined]


@pytest.mark.e2e
def test_who_publishes_first_is_reported_about_owners(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    run(tmp_path, "puppy-cli", "init", "mine")
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    done = run(tmp_path, "puppy-cli", "publish", "mine", *location)
    assert "warning: mine is new: add registry/workflows/mine/owners.yaml" in done.stderr
    registry.git("branch", "-D", "publish/mine-1.0.0")  # type: ignore[attr-defined]
    registry.git("config", "user.email", "7+ada@users.noreply.github.com")  # type: ignore[attr-defined]
    run(tmp_path, "puppy-cli", "publish", "mine", *location)
    result = registry.git("show", "publish/mine-1.0.0:registry/workflows/mine/owners.yaml")  # type: ignore[attr-defined]
    assert 'login: "ada", id: 7' in result
