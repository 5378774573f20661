"""The command of the job that merges routine releases, as the job types it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry_tool.cli.registry import cli
from tests.commands.review.auto_merge.operated import NAME, TOKENS, Operated, operating
from tests.conftest import RegistryFolder


@pytest.fixture
def operated(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Operated]:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    with operating(registry, tmp_path) as made:
        for name, value in made.forge.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("GITHUB_REPOSITORY", NAME)
        monkeypatch.setenv("GITHUB_TOKEN", TOKENS["job"])
        yield made


def auto_merge(operated: Operated, *words: str) -> Result:
    return CliRunner().invoke(cli, ["auto-merge", "--registry", str(operated.clone), *words])


def test_what_is_due_and_what_becomes_of_it(operated: Operated, tmp_path: Path) -> None:
    outputs, summary = tmp_path / "outputs", tmp_path / "summary.md"
    later = ("--now", "2031-05-05T13:00Z")
    assert "No request is due." in auto_merge(operated).stdout
    pull = operated.propose("hello", "1.0.1")
    due = auto_merge(operated, "--only-due", "--outputs", str(outputs))
    assert (due.exit_code, due.stdout) == (0, "To be looked at: #1.\n")
    assert outputs.read_text().splitlines()[1] == "true"
    done = auto_merge(operated, *later, "--summary", str(summary))
    message = "#1 waits: the check `Validate` has not run for this commit"
    assert (done.exit_code, done.stdout, summary.read_text()) == (
        0,
        f"{message}\n",
        f"- {message}\n",
    )
    operated.forge.checks[pull["head.sha"]] = [
        {"name": "Validate", "status": "completed", "conclusion": "success"}
    ]
    merged = auto_merge(operated, *later, "--format", "json")
    (request,) = json.loads(merged.stdout)["requests"]
    assert (merged.exit_code, request["outcome"], request["merged"]) == (
        0,
        "merge",
        operated.main(),
    )
    none = auto_merge(operated, "--only-due", "--format", "json")
    assert json.loads(none.stdout) == {"due": []}


def test_without_a_policy_no_forge_is_asked(
    make_registry: Callable[..., RegistryFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = make_registry(git=True)
    registry.git("remote", "add", "origin", str(registry.root))
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    done = CliRunner().invoke(cli, ["auto-merge", "--registry", str(registry.root), "--only-due"])
    assert (done.exit_code, done.stdout) == (0, "No request is due.\n")
    assert "registry.yaml has no policy.auto_merge" in done.stderr
