"""Every command that takes `--env` refuses one that the registry doesn't have, and names the nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from registry_tool.cli import errors
from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry

SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  staging: {}
  production: { after: staging }
"""
REQUEST = '{"workflow": "hello", "inputs": {"who": "Ada"}}'
BATCH = ("--workflow", "hello", "--batch-id", "b", "--inputs", "in.jsonl", "--output", "out.jsonl")

WORDS: dict[str, tuple[str, ...]] = {
    "puppy-cli batch": ("hello", "--inputs", "in.jsonl", "--output", "out.jsonl"),
    "puppy-cli deploy": ("hello:1.0.0",),
    "puppy-cli explain": ("hello",),
    "puppy-cli logs": ("hello",),
    "puppy-cli pause": ("hello",),
    "puppy-cli promote": ("hello",),
    "puppy-cli resume": ("hello",),
    "puppy-cli rollback": ("hello",),
    "puppy-cli run": ("hello", "--input", "who=Ada"),
    "puppy-cli runs": (),
    "puppy-cli seal": ("hello", "--input", "who=Ada"),
    "puppy-cli status": (),
    "registry-tool admit": ("--request", REQUEST),
    "registry-tool audit checkpoint": (),
    "puppy-cli mcp": ("hello",),
    "registry-tool audit list": (),
    "registry-tool audit verify": (),
    "registry-tool batch-merge": (*BATCH, "--shards", "1", "--into", "into", "ledger"),
    "registry-tool batch-shard": (*BATCH, "--shard", "1/1"),
    "registry-tool demand-reviewers": ("--request", '{"workflow": "hello:1.0.0"}'),
    "registry-tool needs": (),
    "registry-tool state repair": (),
    "registry-tool deploy-request": ("--request", '{"workflow": "hello:1.0.0"}'),
    "registry-tool drift": (),
    "registry-tool erase": ("--subject", "ada", "--dry-run"),
    "registry-tool evaluate": ("--base", "main"),
    "registry-tool execute": ("--request", REQUEST),
    "registry-tool exporter": ("--port", "0"),
    "registry-tool keys list": (),
    "registry-tool keys new": (),
    "registry-tool keys rotate": (),
    "registry-tool payload open": ("payload.bin", "--execution-id", "exec-1"),
    "registry-tool place": ("--request", REQUEST, "--execution-id", "exec-1"),
    "registry-tool prune": ("--dry-run",),
    "registry-tool reconcile": (),
    "registry-tool record": ("--admission", "admission.json", "--outcome", "outcome.json"),
    "registry-tool retirements": (),
    "registry-tool scheduled": (),
    "registry-tool serve": ("--port", "0", "--no-pages"),
}
TOOLS: dict[str, click.Command] = {"puppy-cli": puppy, "registry-tool": registry}


def commands(path: str, command: click.Command) -> Iterator[str]:
    """The words of every command below that takes `--env`."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(f"{path} {name}", below)
    elif any(parameter.name == "environment" for parameter in command.params):
        yield path


def test_no_command_is_forgotten() -> None:
    found = {name for tool, command in TOOLS.items() for name in commands(tool, command)}
    assert found == set(WORDS)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the workflow hello."""
    from tests.conftest import RegistryFolder

    made = RegistryFolder(tmp_path_factory.mktemp("one") / "registry", git=True)
    (made.root / "registry/registry.yaml").write_text(SETTINGS)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    (made.root / "in.jsonl").write_text('{"who": "Ada"}\n')
    (made.root / "payload.bin").write_bytes(b"{}")
    (made.root / "ledger").mkdir()
    return made.root


@pytest.mark.parametrize("name", WORDS)
def test_an_unknown_environment_is_refused(
    name: str,
    clone: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(clone)
    tool, *words = name.split()
    call: Callable[..., object] = TOOLS[tool]
    given = [*words, *WORDS[name], "--env", "prodution"]
    code = errors.run(lambda: call(given, standalone_mode=False))
    captured = capsys.readouterr()
    assert code == 2, captured
    assert "the registry has no environment 'prodution'" in captured.err
    assert "did you mean production?" in captured.err
