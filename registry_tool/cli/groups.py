"""A program's commands, each imported when it is asked for: a command pays for its own modules, help for none."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from registry_tool.cli.help.section import Section

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


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


def is_person() -> bool:
    """Whether somebody reads standard error as it comes."""
    return sys.stderr.isatty()


class SectionedGroup(click.Group):
    """A program whose help shows its commands by `sections`; neither help nor completion imports them."""

    def __init__(
        self,
        *words: Any,
        sections: Sequence[Section] = (),
        aliases: Mapping[str, str] | None = None,
        other: str = "",
        **more: Any,
    ) -> None:
        super().__init__(*words, **more)
        self.sections, self.aliases, self.other = sections, aliases or {}, other

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name or alias."""
        return super().get_command(ctx, self.aliases.get(cmd_name, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each section's commands with a sentence each, and its example."""
        for section in self.sections:
            with formatter.section(section.title):
                formatter.write_dl(list(section.commands.items()))
                formatter.write_text(f"Example: {section.example}")
        formatter.write_paragraph()
        formatter.write_text(f"More on one of them: {ctx.command_path} COMMAND --help")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command; one of the other program only is said to be that, and an alias whose it is.

        That is for people: a job, whose file says the alias, goes on without a word.
        """
        if (name := self.aliases.get(args[0])) and not ctx.resilient_parsing and is_person():
            click.echo(
                f"note: `{ctx.info_name} {args[0]}` is `{ctx.info_name} {name}` now", err=True
            )
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            if error.command_name in self.elsewhere():
                words = f"{self.other} {error.command_name}"
                raise click.UsageError(
                    f"No such command {error.command_name!r} here: it is `{words}`.", ctx
                ) from None
            raise

    def elsewhere(self) -> Collection[str]:
        """The names of the other program's commands."""
        sections = import_module(
            f"registry_tool.cli.help.{self.other.partition('-')[0]}_sections"
        ).SECTIONS
        return [name for section in sections for name in section.commands]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands that begin so, with their sentences; options behind a dash."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=sentence)
            for section in self.sections
            for name, sentence in section.commands.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)
