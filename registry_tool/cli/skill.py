"""`skill DIR`: an agent's skill for this program, out of what `--help` says (agentskills.io)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from registry_tool import __version__
from registry_tool.cli.help.puppy_sections import SECTIONS
from registry_tool.cli.output import format_option, print_json
from registry_tool.core.errors import UsageError
from registry_tool.core.files import read_limited, write_atomic
from registry_tool.report.text import inert

NAME = "puppy-cli"
_MARK = "<!-- Made by `puppy-cli skill`, from its --help. -->"
_HEAD = f"""---
name: {NAME}
description: >-
  Finds, runs, tests, builds and publishes workflows of a workflow registry with the command puppy-cli. Use when a
  task calls for a published workflow, for a workflow project (workflow-resource.yaml), or for running one over
  many inputs.
compatibility: Needs the program puppy-cli (Python package puppyai-workflow-registry).
metadata:
  version: "{__version__}"
---
{_MARK}

# {NAME}

A reference is `name`, `name@^1.2` (the highest release in the range), `name:1.2.0`, or a path. `--registry` names
a registry (a clone, an address, `OWNER/REPO`) where neither the project nor your settings do. Exit codes: 0 fine,
1 findings or a failed run, 2 wrong usage. Commands that print data take `--format json`. `{NAME} COMMAND --help`
tells every option.
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@format_option()
def skill(folder: Path, format_: str) -> None:
    """Write an agent's skill for this program into a folder such as .claude/skills.

    It becomes puppy-cli/SKILL.md there; a file there that isn't such a skill is not replaced.

    Example: puppy-cli skill .claude/skills
    """
    file = folder / NAME / "SKILL.md"
    if file.exists() and _MARK.encode() not in read_limited(file):
        raise UsageError(
            "this is not a skill that was made here, and is left alone",
            location=str(file),
            hint="name another folder",
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(file, text(click.get_current_context().find_root().command))
    if format_ == "json":
        print_json({"written": str(file)})
    else:
        click.echo(inert(f"{file}: written; agents that read {folder} know puppy-cli now"))


def text(program: click.Command) -> str:
    """The SKILL.md; the same bytes for the same version."""
    context = click.Context(program, info_name=NAME)
    commands = program.commands if isinstance(program, click.Group) else {}
    parts = [_HEAD]
    for section in SECTIONS:
        parts.append(f"## {section.title}\n")
        parts.append("".join(_entry(commands[name], name, context) for name in section.commands))
    return "\n".join(parts)


def _entry(command: click.Command, name: str, context: click.Context) -> str:
    usage = " ".join(
        command.collect_usage_pieces(click.Context(command, info_name=name, parent=context))
    )
    lines = [f"- `{NAME} {name} {usage}`: {command.get_short_help_str(200)}"]
    return "\n".join([*lines, *_examples(command)]) + "\n"


def _examples(command: click.Command) -> Iterator[str]:
    example = " ".join((command.help or "").partition("Example: ")[2].split())
    if example:
        yield f"  Example: `{example}`"


COMMANDS = (skill,)
