"""Writes docs/commands.md out of what both programs say to `--help`; `--check` only tells whether it fits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry

PAGE = Path(__file__).parents[1] / "docs/commands.md"
_HEAD = """\
# Commands

Every command of both programs, as its `--help` tells it; `puppy-cli man DIR` writes the same as manual pages.
Made by `python scripts/command_reference.py`.
"""


def page() -> str:
    """The whole page."""
    programs = ((puppy, "puppy-cli"), (registry, "registry-tool"))
    parts = [part for program, name in programs for part in _program(program, name)]
    return "\n".join([_HEAD, *parts])


def _program(program: click.Group, name: str) -> Iterator[str]:
    yield f"## {name}\n\n{_one_line((program.help or '').partition('Example: ')[0])}\n"
    context = click.Context(program, info_name=name)
    yield from _below(program, context)


def _below(group: click.Group, parent: click.Context) -> Iterator[str]:
    for name in sorted(group.list_commands(parent)):
        command = group.get_command(parent, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=parent)
        yield _command(command, context)
        if isinstance(command, click.Group):
            yield from _below(command, context)


def _command(command: click.Command, context: click.Context) -> str:
    path = context.command_path
    about, _, example = (command.help or "").partition("Example: ")
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    lines = [f"### {path}", "", f"`{usage}`", "", *_paragraphs(about)]
    records = (param.get_help_record(context) for param in command.params)
    rows = [f"| `{_cell(name)}` | {_cell(text)} |" for name, text in filter(None, records)]
    lines += ["| option | means |", "| --- | --- |", *rows, ""] if rows else []
    lines += ["```", " ".join(example.split()), "```", ""] if example else []
    return "\n".join(lines)


def _paragraphs(text: str) -> list[str]:
    found = [_one_line(part) for part in text.split("\n\n") if part.strip()]
    return [line for part in found for line in (part, "")]


def _one_line(text: str) -> str:
    return " ".join(text.replace("\b", "").split())


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def main(*, check: bool) -> int:
    """1 where the page was out of step and was not to be written."""
    wanted = page()
    stale = not PAGE.exists() or PAGE.read_text("utf-8") != wanted
    if stale and not check:
        PAGE.write_text(wanted, "utf-8")
    return int(stale and check)


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
