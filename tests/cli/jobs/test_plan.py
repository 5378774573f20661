"""Commands that tell a job file where and how often to run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry_tool.cli.registry import cli
from registry_tool.core.errors import UsageError
from tests.conftest import RegistryFolder


@pytest.fixture
def root(make_registry: Callable[..., RegistryFolder]) -> Path:
    return make_registry(git=True).root


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_environments_are_one_list_and_an_output(root: Path, tmp_path: Path) -> None:
    done = invoke("environments", "--root", root, "--outputs", tmp_path / "out")
    assert json.loads(done.stdout) == ["development", "production"]
    name, value, _ = (tmp_path / "out").read_text().splitlines()
    assert (name.partition("<<")[0], value) == ("environments", done.stdout.strip())


def test_nothing_is_due_where_nothing_was_deployed(root: Path) -> None:
    done = invoke("due", "--root", root, "--now", "2026-03-01T12:00:00Z")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"due": []})
    assert done.stderr == "Nothing is due.\n"


def test_needs_names_a_mistyped_environment(root: Path) -> None:
    assert json.loads(invoke("needs", "--root", root, "--env", "production").stdout) == {
        "local": False
    }
    assert isinstance(invoke("needs", "--root", root, "--env", "x").exception, UsageError)
