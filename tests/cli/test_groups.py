"""A group's commands are imported when they are asked for."""

from __future__ import annotations

import click
import pytest

from registry_tool.cli.groups import LazyCommands

MODULES = {"registry_tool.cli.deploy.hold": "pause resume", "registry_tool.cli.no_such": "never"}


def test_names_cost_nothing_and_commands_are_those_of_the_module() -> None:
    commands = LazyCommands(MODULES)
    assert list(commands) == ["pause", "resume", "never"]
    assert len(commands) == 3
    assert commands["resume"].name == "resume"
    assert commands["resume"] is commands["resume"]


def test_what_is_not_there_is_told_when_it_is_asked_for() -> None:
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
