"""`man DIR`: a manual page of each command, out of what `--help` says (man(7), groff)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from registry_tool import __version__
from registry_tool.cli.output import counted, format_option, print_json
from registry_tool.core.errors import UsageError
from registry_tool.core.files import read_limited, write_atomic
from registry_tool.report.text import inert

_MARK = '.\\" Made by `man` of this program, from its --help.\n'


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@format_option()
def man(folder: Path, format_: str) -> None:
    """Write a manual page of every command into a folder such as ~/.local/share/man/man1.

    A file there that isn't such a page is not replaced.

    Example: puppy-cli man ~/.local/share/man/man1
    """
    root = click.get_current_context().find_root().command
    pages = dict(pages_of(root, str(root.name)))
    for name in pages:
        _demand_ours(folder / name)
    for name, text in pages.items():
        write_atomic(folder / name, text)
    if format_ == "json":
        print_json({"folder": str(folder), "written": [*pages]})
    else:
        click.echo(
            inert(f"{folder}: {counted(len(pages), 'page')}; man {root.name} shows the first")
        )


def pages_of(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """(file name, text) of a command's page and of those below it."""
    context = click.Context(command, info_name=name, parent=parent)
    yield f"{context.command_path.replace(' ', '-')}.1", page(context)
    if isinstance(command, click.Group):
        for below in command.commands:
            yield from pages_of(command.commands[below], below, context)


def page(context: click.Context) -> str:
    """One page; the same bytes for the same version."""
    command, path = context.command, context.command_path
    about, _, example = (command.help or "").partition("Example: ")
    title = path.replace(" ", "-")
    parts = [
        _MARK + f'.TH {_text(title.upper())} 1 "" "{path.split()[0]} {__version__}"',
        f".SH NAME\n{_text(title)} \\- {_text(command.get_short_help_str(200))}",
        f".SH SYNOPSIS\n.B {_text(path)}\n{_text(' '.join(command.collect_usage_pieces(context)))}",
        ".SH DESCRIPTION\n" + "\n.PP\n".join(map(_text, re.split(r"\n\s*\n", about.strip()))),
    ]
    options = [
        one
        for one in (param.get_help_record(context) for param in command.get_params(context))
        if one
    ]
    parts += [".SH OPTIONS", *map(_item, options)] if options else []
    if isinstance(command, click.Group):
        below = [(name, one.get_short_help_str(200)) for name, one in command.commands.items()]
        parts += [".SH COMMANDS", *map(_item, below)]
    if example:
        parts.append(f".SH EXAMPLES\n.nf\n{_text(example)}\n.fi")
    return "\n".join(parts) + "\n"


def _item(pair: tuple[str, str]) -> str:
    return f".TP\n.B {_text(pair[0])}\n{_text(pair[1])}"


def _text(text: str) -> str:
    """A text as groff shows it: on one line, with nothing in it that is a request."""
    line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", line)


def _demand_ours(file: Path) -> None:
    if file.exists() and not read_limited(file).startswith(_MARK.encode()):
        raise UsageError(
            "this is not a page that was made here, and is left alone",
            location=str(file),
            hint="name another folder",
        )


COMMANDS = (man,)
