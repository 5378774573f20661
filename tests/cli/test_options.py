"""Options that many commands share: inputs as they are typed."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from registry_tool.cli.options import read_inputs
from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry
from registry_tool.core.errors import UsageError
from registry_tool.engine.inputs import input_from_text
from registry_tool.manifest.load import load_file
from registry_tool.manifest.model import Interface, Metadata, Port, Workflow
from tests.conftest import RegistryFolder
from tests.security.scanning.files import png

TAKING = Workflow(
    Metadata("a", "1.0.0"), (), (), Interface((Port("said", "string"), Port("count", "integer")))
)


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


@pytest.mark.parametrize(
    ("pair", "value"),
    [("said=@note.txt", "from a file\n"), ("said=@@ada", "@ada"), ("count=@number.json", 3)],
)
def test_a_value_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pair: str, value: object
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_bytes(b"\xef\xbb\xbffrom a file\n")
    (tmp_path / "number.json").write_text("3\n")
    assert list(read_inputs(TAKING, [pair], None).values()) == [value]


@pytest.mark.parametrize("pair", ["said=@nowhere", "said=@.", "said=@broken"])
def test_a_file_that_is_none_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pair: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="can't be taken from a file") as error:
        read_inputs(TAKING, [pair], None)
    assert "=@@" in error.value.hint


def test_all_inputs_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"said": "x", "count": 2}')))
    assert read_inputs(TAKING, ["count=3"], Path("-")) == {"said": "x", "count": 3}


def every_command(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        words = f"{above} {name}"
        if isinstance(command, click.Group):
            yield from every_command(command, words)
        else:
            yield words, command


def test_the_registry_is_declared_alike_everywhere() -> None:
    """One name first, its synonym second, one default: nobody learns it twice."""
    found = 0
    for program in (puppy, registry):
        for words, command in every_command(program):
            for option in command.params:
                assert option.opts[0] != "--root", words
                if "--registry" in option.opts:
                    assert option.opts == ["--registry", "--root"], words
                    assert isinstance(option, click.Option)
                    assert option.envvar is None, words
                    assert "PUPPY_REGISTRY, puppy.toml, the clone" in (option.help or ""), words
                    found += 1
    assert found > 40


@pytest.mark.parametrize("name", ["--registry", "--root"])
def test_a_command_that_operates_needs_a_folder(name: str, tmp_path: Path) -> None:
    for program, words in ((puppy, ["status"]), (registry, ["check"])):
        done = CliRunner().invoke(program, [*words, name, "https://ada:s3cret@example.com/r"])
        assert isinstance(done.exception, UsageError)
        assert "s3cret" not in str(done.exception)
        assert done.exception.location == "https://***@example.com/r"
        assert "git clone" in done.exception.hint


def test_operating_commands_find_the_registry_as_the_others_do(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_registry("theirs")
    made.add("base", "1.0.0")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/puppy.toml").write_text('registry = "../theirs"\n')
    assert "valid: 1 version" in CliRunner().invoke(registry, ["check"]).output
    (tmp_path / "elsewhere/puppy.toml").unlink()
    monkeypatch.setenv("PUPPY_REGISTRY", str(made.root))
    assert "valid: 1 version" in CliRunner().invoke(registry, ["check"]).output
    monkeypatch.delenv("PUPPY_REGISTRY")
    (made.root / "below").mkdir()
    monkeypatch.chdir(made.root / "below")
    assert "valid: 1 version" in CliRunner().invoke(registry, ["check"]).output


def test_a_picture_from_a_file_is_its_address(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(png())
    (found,) = read_inputs(TAKING, [f"said=@{tmp_path / 'cat.png'}"], None).values()
    assert found == f"data:image/png;base64,{b64encode(png()).decode()}"
