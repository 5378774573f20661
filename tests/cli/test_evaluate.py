"""`registry-tool evaluate` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry_tool.cli.registry import cli
from tests.commands.review.requests import publish
from tests.conftest import RegistryFolder


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    return make_registry(git=True)


def evaluate(root: Path, *words: str) -> Result:
    command = ["evaluate", "--registry", str(root), "--base", "main", "--provider", "local", *words]
    return CliRunner().invoke(cli, command)


def test_a_first_version_has_nothing_beside_it(registry: RegistryFolder, tmp_path: Path) -> None:
    publish(registry, "first", "1.0.0")
    summary = tmp_path / "summary.md"
    done = evaluate(registry.root, "--summary", str(summary))
    assert (done.exit_code, done.output) == (
        0,
        "first:1.0.0: inconclusive\n  it is the first version\n",
    )
    assert summary.read_text().startswith("## Evaluation\n")
    told = json.loads(evaluate(registry.root, "--format", "json").output)
    assert [one["verdict"] for one in told["versions"]] == ["inconclusive"]


def test_nothing_new(registry: RegistryFolder) -> None:
    assert evaluate(registry.root).output == "No new version.\n"


@pytest.mark.parametrize("budget", ["", "many", "$", "-1", "5 dollars"])
def test_a_budget_is_tokens_or_dollars(registry: RegistryFolder, budget: str) -> None:
    done = evaluate(registry.root, "--budget", budget)
    assert done.exit_code == 2
    assert "write a number of tokens" in done.output


@pytest.mark.parametrize("budget", ["5000", "5000 tokens", "$0.50"])
def test_both_are_taken(registry: RegistryFolder, budget: str) -> None:
    assert evaluate(registry.root, "--budget", budget).exit_code == 0
