"""`retirements --propose` on the command line; what it lists is in tests/commands/monitor/test_retirements.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry_tool.cli.retirements import retirements
from tests.conftest import RegistryFolder

WHEN = ("--now", "2026-11-25T00:00:00Z")
ENDS = """\
{"format": "puppyai.com/model-retirements/v1", "models": [{"model": "old-7b", "retires": "2026-12-24T00:00:00Z",
"replacement": "", "source": "https://example.com/models"}]}
"""
ASKS = """\
    - { id: ask, source: who, target: greeting, type: llm, config: { prompt: Hi, model: old-7b } }
"""


@pytest.fixture
def root(make_registry: Callable[..., RegistryFolder]) -> Path:
    made = make_registry(git=True)
    file = made.lay("asker", "1.0.0") / "manifest.yaml"
    text = file.read_text()
    start = text.index("    - id: greet")
    file.write_text(text[:start] + ASKS + text[text.index("  runtime:") :])
    (made.root / "registry/model-retirements.json").write_text(ENDS)
    made.compile()
    made.commit("Publish")
    return made.root


def invoked(root: Path, *words: str) -> tuple[int, str]:
    command = ["--root", str(root), "--remote", ".", *WHEN, *words]
    done = CliRunner().invoke(retirements, command, standalone_mode=False)
    return (1 if done.exception or done.return_value else 0), done.output + str(done.exception)


def test_a_successor_is_named_or_nothing_is_proposed(root: Path, tmp_path: Path) -> None:
    code, said = invoked(root, "--propose", "--dry-run")
    assert "asker:1.0.0: not proposed\n  no successor of old-7b is named" in said
    summary = tmp_path / "summary.md"
    named = ("--successor", "old-7b=new-8b", "--summary", str(summary), "--format", "json")
    code, said = invoked(root, "--propose", "--dry-run", *named)
    assert code == 0
    (one,) = json.loads(said.removesuffix("None"))["proposals"]
    assert (one["state"], one["workflow"]) == ("planned", "asker:1.1.0")
    assert "would be proposed" in summary.read_text()


def test_a_successor_of_what_does_not_retire_is_told(root: Path) -> None:
    said = invoked(root, "--propose", "--dry-run", "--successor", "old7b=new-8b")[1]
    assert "--successor old7b: no workflow asks a model of that name that retires" in said


def test_a_summary_that_can_not_be_written_says_where(root: Path, tmp_path: Path) -> None:
    said = invoked(root, "--propose", "--dry-run", "--summary", str(tmp_path))[1]
    assert f"{tmp_path}: can't be written: Is a directory (name another place)" in said


def test_what_can_not_be_proposed_fails_the_command(root: Path) -> None:
    words = ("--propose", "--successor", "old-7b=new-8b", "--env", "production")
    code, said = invoked(root, *words, "--provider", "local")
    assert code == 1
    assert "not proposed (old-7b → new-8b)" in said


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--dry-run",), "--dry-run is only for --propose"),
        (("--successor", "old=new"), "--successor is only for --propose"),
        (("--propose", "--successor", "old"), "is not OLD=NEW"),
        (("--propose", "--successor", "a=b", "--successor", "a=c"), "'a' has two successors"),
        (("--propose", "--budget", "much"), "write a number of tokens"),
    ],
)
def test_wrong_words(root: Path, words: tuple[str, ...], reason: str) -> None:
    code, said = invoked(root, *words)
    assert code == 1
    assert reason in said
