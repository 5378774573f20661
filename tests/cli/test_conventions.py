"""What holds for every command of both programs: JSON, exit codes, errors, suggestions, colours."""

from __future__ import annotations

import inspect
import json
from functools import partial
from pathlib import Path

import click
import pytest

from registry_tool.cli import errors
from registry_tool.core.errors import NotFoundError
from registry_tool.core.finding import Finding, FindingsError, Severity
from tests.cli.typed import run
from tests.cli.walking import PROGRAMS, every_command

COMMANDS = list(every_command())
WITHOUT_FORMAT = {
    "prints one JSON document in any case": """
        puppy-cli seal, puppy-cli sbom, registry-tool place, registry-tool environments, registry-tool due,
        registry-tool needs, registry-tool batch-plan, registry-tool audit checkpoint, registry-tool reconcile,
        registry-tool admit, registry-tool record, registry-tool scheduled, registry-tool batch-shard,
        registry-tool batch-merge""",
    "speaks a protocol until it is ended": "puppy-cli mcp, registry-tool serve, registry-tool exporter",
    "prints a secret or a payload's own bytes": "registry-tool keys new, registry-tool payload open",
    "is a step of a job, whose result is its exit code and the state's branches": """
        registry-tool deploy-request, registry-tool demand-reviewers, registry-tool execute""",
    "writes files that it is told to write, and names them": "registry-tool monitoring",
}
"""Commands without `--format json`, by the reason."""


def named(reason: str) -> set[str]:
    return {" ".join(name.split()) for name in WITHOUT_FORMAT[reason].split(",")}


def test_every_command_that_prints_data_prints_json_when_asked() -> None:
    lacking = {
        " ".join(words)
        for words, command in COMMANDS
        if not any(
            "--format" in one.opts and "json" in getattr(one.type, "choices", ())
            for one in command.params
        )
    }
    assert lacking == {name for reason in WITHOUT_FORMAT for name in named(reason)}


def test_what_prints_json_in_any_case_does() -> None:
    always = named(next(iter(WITHOUT_FORMAT)))
    found = {" ".join(words): command for words, command in COMMANDS}
    for name in always:
        source = inspect.getsource(inspect.unwrap(found[name].callback))  # type: ignore[arg-type]
        assert "print_json(" in source or "json.dumps(" in source, name


def test_every_commands_wrong_usage_ends_with_2_and_json_that_says_where_and_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for words, _ in COMMANDS:
        given = [*words[1:], "--no-such-option", "--format", "json"]
        program = PROGRAMS[words[0]]
        call = partial(program.main, given, prog_name=words[0], standalone_mode=False)
        assert errors.run(call, given) == 2, words
        out, err = capsys.readouterr()
        assert out == ""
        document = json.loads(err)["error"]
        assert "--no-such-option" in document["reason"], words
        assert document["location"] == " ".join(words)
        assert document["help"] == f"{' '.join(words)} --help"
        assert document["exit_code"] == 2
    assert not list(tmp_path.iterdir())


def test_every_command_explains_itself_with_an_example_of_itself() -> None:
    for words, command in COMMANDS:
        result = (command.help or "").partition("Example: ")[2]
        assert any(f"{program} {words[1]}" in result for program in PROGRAMS), words


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["puppy-cli", "publsh"], "Did you mean 'publish'?"),
        (["puppy-cli", "confg"], "Did you mean 'config'?"),
        (["puppy-cli", "config", "lst"], "'list'"),
        (["puppy-cli", "list", "--categry", "x"], "'--category'"),
        (["registry-tool", "chek-pr"], "'check-pr'"),
        (["registry-tool", "check", "--regstry", "."], "Did you mean '--registry'?"),
        (["registry-tool", "info"], "puppy-cli info"),
        (["puppy-cli", "check-pr"], "registry-tool check-pr"),
    ],
)
def test_the_nearest_is_said(words: list[str], near: str, tmp_path: Path) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert near in done.stderr


FINDING = Finding("f.yaml", 3, 4, "a-rule", Severity.ERROR, "it is wrong", "mend it")


@pytest.mark.parametrize(
    ("error", "code", "expected"),
    [
        (NotFoundError("no such", location="here", hint="look"), 1, ("no such", "here", "look")),
        (FindingsError([FINDING]), 1, ("it is wrong", "f.yaml:3:4", "mend it")),
        (PermissionError(13, "Permission denied", "/f"), 1, ("Permission denied", "/f", "")),
        (KeyboardInterrupt(), 130, ("interrupted", "", "")),
        (click.UsageError("say why"), 2, ("say why", "", "")),
    ],
)
def test_what_goes_wrong_is_one_line_of_json(
    error: BaseException,
    code: int,
    expected: tuple[str, str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise error

    for words in (["x", "--format", "json"], ["x", "--format=json"]):
        assert errors.run(fail, words) == code
        out, err = capsys.readouterr()
        assert out == ""
        (line,) = err.splitlines()
        value = json.loads(line)["error"]
        assert (value["reason"], value["location"], value["help"]) == expected
        assert value["exit_code"] == code
        assert ("findings" in value) == isinstance(error, FindingsError)
    for words in (["x"], ["x", "--", "--format", "json"]):
        assert errors.run(fail, words) == code
        err = capsys.readouterr().err
        assert expected[0] in err
        assert not err.startswith("{")


def test_a_bug_is_3_with_its_traceback_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    def bug() -> None:
        raise ZeroDivisionError

    assert errors.run(bug, ["x", "--format", "json"]) == errors.BUG
    value = json.loads(capsys.readouterr().err)["error"]
    file = Path(value["location"])
    assert "ZeroDivisionError" in file.read_text()
    file.unlink()


class Terminal:
    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_without_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert errors.wants_colour(Terminal())
    assert not errors.wants_colour(object())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not errors.wants_colour(Terminal())
