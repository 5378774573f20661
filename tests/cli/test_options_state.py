"""Every command that takes an environment knows those of the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from registry_tool.cli.puppy import cli
from registry_tool.cli.registry import cli as registry_cli
from registry_tool.core.errors import UsageError
from tests.cli.invoked import invoke
from tests.conftest import RegistryFolder


@pytest.mark.parametrize(
    "words",
    [
        ("run", "base/", "--input", "text=a"),
        ("run", "base/", "--input", "text=a", "--dry-run"),
        ("explain", "base/"),
        ("batch", "base/", "--inputs", "in.jsonl", "--output", "out.jsonl"),
    ],
)
def test_an_environment_that_nobody_has_is_refused(
    project: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "a"}\n')
    result = invoke(*words, "--env", "prodution")
    assert isinstance(result.exception, UsageError), result.output
    assert "no environment 'prodution'" in str(result.exception)


def with_environment(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command that takes `--env`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from with_environment(command, (*above, name))
        elif any("--env" in parameter.opts for parameter in command.params):
            yield (*above, name)


_BATCH = ("--workflow", "hello", "--batch-id", "b1", "--inputs", "in.jsonl", "--output", "o.jsonl")


_NEEDS = {
    "batch": ("hello", "--inputs", "in.jsonl", "--output", "out.jsonl"),
    "batch-merge": (*_BATCH, "--shards", "1", "--into", "all", "part"),
    "batch-shard": (*_BATCH, "--shard", "1/1"),
    "admit": ("--request", '{"workflow": "hello", "inputs": {"who": "a"}}'),
    "evaluate": ("--base", "main"),
    "execute": ("--request", '{"workflow": "hello", "inputs": {"who": "a"}}'),
    "place": ("--request", '{"workflow": "hello"}', "--execution-id", "exec-0123456789ab"),
    "record": ("--admission", "in.json", "--outcome", "in.json"),
    "erase": ("--subject", "ada"),
    "payload open": ("in.json", "--execution-id", "exec-0123456789ab"),
    "exporter": ("--push-gateway", "http://127.0.0.1:9"),
    "mcp": ("hello",),
    "run": ("hello", "--input", "who=a"),
}


_BY_NAME = {"explain", "logs", "deploy", "promote", "rollback", "pause", "resume", "seal"}


@pytest.mark.parametrize(
    ("group", "words"),
    [(g, words) for g in (cli, registry_cli) for words in with_environment(g)],
    ids=lambda part: part.name if isinstance(part, click.Group) else " ".join(part),
)
def test_every_command_knows_the_registry_s_environments(
    group: click.Group,
    words: tuple[str, ...],
    make_registry: Callable[..., RegistryFolder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    monkeypatch.chdir(registry.root)
    (registry.root / "in.jsonl").write_text('{"who": "a"}\n')
    (registry.root / "in.json").write_text("{}")
    (registry.root / "part").mkdir()
    by_name = ("hello",) if words[-1] in _BY_NAME else ()
    if group is registry_cli and words == ("deploy-request",):
        by_name = ("--request", '{"workflow": "hello"}')
    given = _NEEDS.get(" ".join(words), by_name)
    result = CliRunner().invoke(group, [*words, *given, "--env", "prodution"])
    output = f"{result.output} {result.exception}"
    assert "prodution" in output, output
    assert "production" in output, output
    assert result.exit_code != 0
