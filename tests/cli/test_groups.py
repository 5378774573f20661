"""A group's commands are imported when they are asked for."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from registry_tool.cli import groups, puppy, registry
from registry_tool.cli.groups import LazyCommands

MODULES = {"registry_tool.cli.deploy.hold": "pause resume", "registry_tool.cli.no_such": "never"}


def test_names_cost_nothing_and_commands_are_those_of_the_module() -> None:
    commands = LazyCommands(MODULES)
    assert list(commands) == ["pause", "resume", "never"]
    assert len(commands) == 3
    assert commands["resume"].name == "resume"
    assert commands["resume"] is commands["resume"]


def test_what_is_not_there_is_reported_when_it_is_asked_for() -> None:
    commands = LazyCommands(MODULES)
    with pytest.raises(KeyError):
        commands["nothing"]
    with pytest.raises(ModuleNotFoundError):
        commands["never"]


def test_a_command_may_be_put_and_taken_out() -> None:
    commands, own = LazyCommands(MODULES), click.Command("own")
    commands["own"] = own
    assert commands["own"] is own
    del commands["never"]
    assert "never" not in commands


def test_no_name_means_two_things() -> None:
    shared = set(puppy.cli.commands) & set(registry.cli.commands)
    assert shared == {"batch-merge", "completion", "man"}


@pytest.mark.parametrize("alias", registry.ALIASES)
def test_an_alias_is_the_command_and_a_person_is_reported_its_name(
    alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = registry.ALIASES[alias]
    for person in (True, False):
        monkeypatch.setattr(groups, "is_person", lambda person=person: person)
        done = CliRunner().invoke(registry.cli, [alias, "--help"])
        assert done.exit_code == 0
        assert f"Example: registry-tool {name} " in done.stdout
        assert done.stderr == (
            f"note: `registry-tool {alias}` is `registry-tool {name}` now\n" if person else ""
        )
    assert alias not in registry.cli.commands
