"""What may stand where somebody presses Tab, in all three shells."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from registry_tool.cli.completion import complete
from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry
from registry_tool.commands.author.project_template import TEMPLATES
from registry_tool.commands.maintain.build import build
from registry_tool.manifest.schemas import EDGE_TYPES
from tests.cli.completion.asking import completed
from tests.commands.deploying import ENVIRONMENTS, Make, scene_of
from tests.etag_server import etag_server

SHELLS = ("bash", "zsh", "fish")
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "there"),
    [
        ("puppy-cli dep", ["deploy"]),
        ("puppy-cli config ", ["get", "list", "set", "unset"]),
        ("puppy-cli run --fres", ["--fresh"]),
        ("puppy-cli info sentiment-an", ["sentiment-analysis"]),
        ("puppy-cli diff sentiment-analysis:1.2.0 sentiment-an", ["sentiment-analysis"]),
        ("puppy-cli status --env ", ["development", "staging", "production"]),
        ("puppy-cli status --env=st", ["staging"]),
        ("puppy-cli test sentiment-analysis -k pos", ["positive-sentiment"]),
        ("puppy-cli init mine --template ", [*TEMPLATES]),
        ("puppy-cli config get ca", ["cache.size"]),
        ("puppy-cli config set regi", ["registry", "registries."]),
        ("puppy-cli docs ", [*EDGE_TYPES]),
        ("puppy-cli test --provider ", ["local", "replay", "openai"]),
        ("registry-tool check-", ["check-pr"]),
        ("registry-tool yank sentiment-an", ["sentiment-analysis"]),
        ("registry-tool reconcile --env prod", ["production"]),
        ("registry-tool drift --env production --workflow keyword-e", ["keyword-extractor"]),
    ],
)
def test_each_shell_is_reported_what_there_is(shell: str, line: str, there: list[str]) -> None:
    assert completed(ROOT, line, shell) == there


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize("sign", [":", "@"])
def test_behind_a_name_come_its_versions_the_newest_first(shell: str, sign: str) -> None:
    found = completed(ROOT, f"puppy-cli info sentiment-analysis{sign}", shell)
    assert found == [f"sentiment-analysis{sign}{number}" for number in ("1.2.0", "1.1.0", "1.0.0")]


def test_another_registry_is_the_one_that_the_line_names(
    make_registry: Make, tmp_path: Path
) -> None:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    scene = scene_of(made, ENVIRONMENTS)
    for line in (
        f"puppy-cli info --registry {scene.root} h",
        f"registry-tool yank --root {scene.root} h",
    ):
        assert completed(tmp_path, line) == ["hello"]
    assert completed(tmp_path, f"registry-tool reconcile --registry {scene.root} --env dev") == [
        "development"
    ]


def test_a_registry_elsewhere_is_not_asked_and_what_was_fetched_answers(
    make_registry: Make, tmp_path: Path
) -> None:
    from tests import forked

    made = make_registry()
    made.add("hello", "1.0.0")
    build(made.root, tmp_path / "site", base_url="")
    home = {"PUPPY_CACHE": str(tmp_path / "cache"), "PUPPY_CACHE_SIZE": "1MiB"}
    with etag_server(tmp_path / "site") as server:
        line = f"puppy-cli info --registry {server.address} h"
        assert completed(tmp_path, line, **home) == ["h"]  # a file may still be meant
        assert server.asked == []
        words = ["puppy-cli", "list", "--registry", server.address]
        listed = forked.run(words, cwd=tmp_path, env={**os.environ, **home})
        assert listed.returncode == 0, listed.stderr
        asked = len(server.asked)
        assert asked
        assert completed(tmp_path, line, **home) == ["hello"]
        assert len(server.asked) == asked


@pytest.mark.parametrize(
    "line",
    [
        "puppy-cli status --registry /nowhere --env ",
        "puppy-cli logs --registry not\\ a\\ registry --env ",
        "puppy-cli test /nowhere -k ",
        "puppy-cli run --timeout nonsense --env ",
        "registry-tool reconcile --registry https://host.invalid --env ",
    ],
)
def test_what_cant_be_read_gives_nothing_and_no_word(line: str, tmp_path: Path) -> None:
    (tmp_path / "puppy.toml").write_text("registry = [")
    assert completed(tmp_path, line, "bash") == []


NAMED = {
    "reference": complete.references,
    "references": complete.references,
    "old": complete.references,
    "new": complete.references,
    "replacement": complete.references,
    "environment": complete.environments,
    "template": complete.templates,
    "key": complete.settings,
    "edge": complete.edges,
    "workflow": complete.names,
}


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_every_parameter_that_names_such_a_thing_completes_it() -> None:
    seen = 0
    for program in (puppy, registry):
        for path, command in commands(program, str(program.name)):
            for parameter in command.params:
                wanted = NAMED.get(str(parameter.name))
                is_file = isinstance(parameter.type, click.Path)  # a key of `trust` is one
                if wanted and "tests" not in path and not is_file:
                    assert parameter._custom_shell_complete is wanted, f"{path} {parameter.name}"  # type: ignore[attr-defined]
                    seen += 1
    assert seen > len(NAMED) * 3
