"""A group's commands, each imported when it is asked for: a command pays for its own modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

import click


class LazyCommands(MutableMapping[str, click.Command]):
    """`modules` gives the names of each module's commands, which are in its `COMMANDS`; names cost nothing."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._found: dict[str, click.Command | str] = {
            name: module for module, names in modules.items() for name in names.split()
        }

    def __getitem__(self, name: str) -> click.Command:
        found = self._found[name]
        if isinstance(found, str):
            found = self._found[name] = _imported(found, name)
        return found

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _imported(module: str, name: str) -> click.Command:
    commands: tuple[click.Command, ...] = import_module(module).COMMANDS
    return next(command for command in commands if command.name == name)
