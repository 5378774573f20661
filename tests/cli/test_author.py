"""Commands for authors, as a user types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from tests.cli.invoked import invoke
from tests.cli.typed import run


def test_publishing_to_an_address_says_to_clone_it(project: Path) -> None:
    address = "https://example.com/acme/registry"
    result = invoke("publish", "base", "--registry", address)
    assert isinstance(result.exception, UsageError)
    assert result.exception.location == address
    assert f"git clone {address}" in result.exception.hint


def test_a_test_report_overwrites_no_manifest(project: Path) -> None:
    before = (project / "workflow-resource.yaml").read_text()
    result = invoke("test", "base", "--junit", "base/workflow-resource.yaml")
    assert isinstance(result.exception, UsageError)
    assert (project / "workflow-resource.yaml").read_text() == before


@pytest.mark.e2e
def test_a_new_project_validates_tests_builds_and_runs(tmp_path: Path) -> None:
    for template, given, output in (
        ("text", "text=Ada", "greeting: Hello, Ada!"),
        ("code", "numbers=[1,2,3]", "sum: 6"),
    ):
        folder = tmp_path / template
        assert (
            run(
                tmp_path, "puppy-cli", "init", "mine", "--template", template, "-o", folder
            ).returncode
            == 0
        )
        for command in ("validate", "test", "build"):
            done = run(folder, "puppy-cli", command)
            assert done.returncode == 0, done.stdout + done.stderr
        assert (folder / "dist/mine-0.1.0.wfpkg").is_file()
        done = run(folder, "puppy-cli", "run", ".", "--input", given)
        assert output in done.stdout, done.stderr
        packed = run(folder, "puppy-cli", "run", "dist/mine-0.1.0.wfpkg", "--input", given)
        assert packed.stdout == done.stdout


@pytest.mark.e2e
def test_a_mistake_is_shown_where_it_stands(tmp_path: Path) -> None:
    run(tmp_path, "puppy-cli", "init", "mine")
    manifest = tmp_path / "mine/workflow-resource.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, {{text}}!", "Hello, {{txt}}!"))
    done = run(tmp_path, "puppy-cli", "validate", "mine")
    assert done.returncode == 1
    assert "mine/workflow-resource.yaml:23:26: error[template-names]" in done.stdout
    assert "did you mean {{text}}?" in done.stdout
    found = json.loads(run(tmp_path, "puppy-cli", "validate", "mine", "--format", "json").stdout)
    assert set(found["findings"][0]) == {
        "rule",
        "severity",
        "path",
        "line",
        "column",
        "message",
        "help",
    }


@pytest.mark.e2e
def test_a_published_project_lands_on_a_branch(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    run(tmp_path, "puppy-cli", "init", "mine")
    owner = ["--owner", "ada", "--owner-id", "1"]
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    done = run(tmp_path, "puppy-cli", "publish", "mine", *location, *owner)
    assert "is on the branch publish/mine-0.1.0" in done.stdout, done.stderr
    words = ["check-pr", "--base", "main", "--head", "publish/mine-0.1.0"]
    checked = run(registry.root, "registry-tool", *words, "--actor-id", "1")  # type: ignore[attr-defined]
    assert checked.stdout == "1 new version checked, nothing found.\n", checked.stderr
    other = run(registry.root, "registry-tool", *words, "--actor-id", "2")  # type: ignore[attr-defined]
    assert (other.returncode, "error[ownership]" in other.stdout) == (1, True)
    assert run(registry.root, "registry-tool", *words, "--actor-id", "x").returncode == 2  # type: ignore[attr-defined]


@pytest.mark.e2e
def test_who_publishes_first_is_told_about_owners(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    run(tmp_path, "puppy-cli", "init", "mine")
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    done = run(tmp_path, "puppy-cli", "publish", "mine", *location)
    assert "warning: mine is new: add registry/workflows/mine/owners.yaml" in done.stderr
    registry.git("branch", "-D", "publish/mine-0.1.0")  # type: ignore[attr-defined]
    registry.git("config", "user.email", "7+ada@users.noreply.github.com")  # type: ignore[attr-defined]
    run(tmp_path, "puppy-cli", "publish", "mine", *location)
    told = registry.git("show", "publish/mine-0.1.0:registry/workflows/mine/owners.yaml")  # type: ignore[attr-defined]
    assert 'login: "ada", id: 7' in told
