"""What commands say where something was mistyped: the place, the reason, the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from registry_tool.cli.options import read_inputs
from registry_tool.cli.puppy import cli
from registry_tool.cli.registry import cli as registry_cli
from registry_tool.commands.author.build import build_package
from registry_tool.commands.author.init import init
from registry_tool.commands.batch.batch import batch
from registry_tool.commands.consume.install import install
from registry_tool.core.errors import MissingToolError, RegistryError, UsageError
from registry_tool.engine.inputs import LARGEST_INPUTS, checked_inputs, input_from_text
from registry_tool.engine.sandbox.base import CodeError
from registry_tool.engine.sandbox.exchange import STARTED, value
from registry_tool.manifest.load import load_file
from registry_tool.manifest.model import Port
from registry_tool.runtime.batch.session import BatchOptions
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def invoke(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return init("base", "text", tmp_path / "base").folder


@pytest.mark.parametrize(
    ("type_", "text", "hint"),
    [
        ("boolean", "yes", "write --input x=true"),
        ("boolean", "No", "write --input x=false"),
        ("boolean", "TRUE", "write --input x=true"),
        ("boolean", "maybe", "write --input x=true or x=false"),
        ("number", "two", "such as --input x=2.5"),
        ("integer", "two", "such as --input x=3"),
        ("array", "a,b", """such as --input x='["one", "two"]'"""),
        ("object", "a=b", """such as --input x='{"key": "value"}'"""),
    ],
)
def test_an_input_of_another_type_says_how_to_write_one(type_: str, text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        input_from_text(Port("x", type_), text)
    assert hint in caught.value.hint


def test_an_input_that_is_given_twice_is_refused(project: Path) -> None:
    workflow = load_file(project / "workflow-resource.yaml").workflow
    with pytest.raises(UsageError, match="'text' is given twice"):
        read_inputs(workflow, ["text=a", "text=b"], None)
    (project / "in.json").write_text('{"text": "file"}')
    assert read_inputs(workflow, ["text=pair"], project / "in.json") == {"text": "pair"}


def test_no_git_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without_git(name: str, *rest: object) -> object:
        if name == "git":
            raise ImportError(
                "Failed to initialize: Bad git executable.\nThe git executable must\n"
            )
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_git)
    with pytest.raises(MissingToolError) as caught:
        Repository(tmp_path)
    assert caught.value.reason == "git is not installed, or not on the PATH"
    assert "apt-get install git" in caught.value.hint


def test_verify_refuses_a_manifest(project: Path) -> None:
    result = invoke("verify", "base/workflow-resource.yaml")
    assert isinstance(result.exception, UsageError)
    assert "this is a manifest" in str(result.exception)
    assert "puppy-cli validate base/workflow-resource.yaml" in result.exception.hint


def test_publishing_to_an_address_says_to_clone_it(project: Path) -> None:
    address = "https://example.com/acme/registry"
    result = invoke("publish", "base", "--registry", address)
    assert isinstance(result.exception, UsageError)
    assert result.exception.location == address
    assert f"git clone {address}" in result.exception.hint


def test_init_and_build_overwrite_nobodys_file(project: Path, tmp_path: Path) -> None:
    (tmp_path / "other/docs").mkdir(parents=True)
    (tmp_path / "other/docs/README.md").write_text("mine")
    with pytest.raises(UsageError, match=r"docs/README\.md would be overwritten"):
        init("other", "text", tmp_path / "other")
    package = build_package(project, tmp_path / "dist").path
    build_package(project, tmp_path / "dist")
    package.write_text("mine")
    with pytest.raises(UsageError, match="no package"):
        build_package(project, tmp_path / "dist")
    assert package.read_text() == "mine"


def test_a_batch_overwrites_nothing_that_it_reads(project: Path, tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"text": "a"}\n')
    before = lines.read_text()
    for how in (
        BatchOptions(lines, lines),
        BatchOptions(lines, project / "workflow-resource.yaml"),
        BatchOptions(lines, tmp_path / "led/segment-1.jsonl", tmp_path / "led"),
        BatchOptions(lines, tmp_path / "led", tmp_path / "led"),
    ):
        with pytest.raises(UsageError, match="nothing was written"):
            batch("base/", ".", how)
    assert lines.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "in.jsonl"]


def test_a_test_report_overwrites_no_manifest(project: Path) -> None:
    before = (project / "workflow-resource.yaml").read_text()
    result = invoke("test", "base", "--junit", "base/workflow-resource.yaml")
    assert isinstance(result.exception, UsageError)
    assert (project / "workflow-resource.yaml").read_text() == before


def test_inputs_that_are_too_large_are_refused_before_anything_runs(project: Path) -> None:
    workflow = load_file(project / "workflow-resource.yaml").workflow
    with pytest.raises(UsageError, match="the largest is 'text'") as caught:
        checked_inputs(workflow, {"text": "a" * (LARGEST_INPUTS + 1)})
    assert "load" in caught.value.hint
    assert checked_inputs(workflow, {"text": "a" * 1000})
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(UsageError):
        checked_inputs(workflow, {"text": deep})  # type: ignore[dict-item]


def test_code_without_memory_is_told_what_to_do() -> None:
    with pytest.raises(CodeError, match="give it less at once"):
        value(STARTED, b"Traceback\nMemoryError\n")


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
    "execute": ("--request", '{"workflow": "hello", "inputs": {"who": "a"}}'),
    "place": ("--request", '{"workflow": "hello"}', "--execution-id", "exec-0123456789ab"),
    "record": ("--admission", "in.json", "--outcome", "in.json"),
    "erase": ("--subject", "ada"),
    "payload open": ("in.json", "--execution-id", "exec-0123456789ab"),
    "exporter": ("--push-gateway", "http://127.0.0.1:9"),
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
    if group is registry_cli and words == ("deploy",):
        by_name = ("--request", '{"workflow": "hello"}')
    given = _NEEDS.get(" ".join(words), by_name)
    result = CliRunner().invoke(group, [*words, *given, "--env", "prodution"])
    told = f"{result.output} {result.exception}"
    assert "prodution" in told, told
    assert "production" in told, told
    assert result.exit_code != 0


def test_a_plan_is_not_written_over_the_lines(tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text("{}\n")
    words = ["batch-plan", "--shards", "2", "--inputs", str(lines), "--outputs", str(lines)]
    result = CliRunner().invoke(registry_cli, words)
    assert isinstance(result.exception, UsageError)
    assert lines.read_text() == "{}\n"


def test_packages_are_installed_neither_into_git_nor_behind_a_link(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project/.workflows").symlink_to(tmp_path / "elsewhere")
    for into in (registry.root / ".git/x", tmp_path / "project"):
        with pytest.raises(RegistryError, match=r"inside git|by a link"):
            install(["hello"], str(registry.root), into)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (registry.root / ".git/x").exists()
