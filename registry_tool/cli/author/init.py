"""`puppy-cli init`: by flags, or on a terminal by questions."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import chosen_registry, registry_option
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.core.errors import UsageError
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.author.init import CreatedProject, ProjectWords


@click.command()
@click.argument("name", required=False)
@click.option(
    "--template",
    "-t",
    default=None,
    shell_complete=complete.templates,
    help="What to begin with. Default: text.",
)
@click.option("--description", default=None, help="One line. Default: the template's.")
@click.option("--author", default=None, help="Default: git's user.email.")
@click.option("--license", "license_", default=None, help="An SPDX expression. Default: MIT.")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=None, help="Default: ./NAME.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing, also on a terminal.")
@click.option("--list", "list_", is_flag=True, help="List the templates, and write nothing.")
@registry_option
@format_option()
def init(
    name: str | None,
    template: str | None,
    description: str | None,
    author: str | None,
    license_: str | None,
    out: Path | None,
    yes: bool,
    list_: bool,
    registry: str,
    format_: str,
) -> None:
    """Start a project that validates, tests and builds at once.

    On a terminal it asks for what no option says. Nothing that is there is overwritten.

    Example: puppy-cli init my-classifier --template classify --yes
    """
    from registry_tool.commands.author.init import LICENSE, ProjectWords, demand_new_folder
    from registry_tool.commands.author.init import init as run

    if list_:
        _list(format_)
        return
    asks = not yes and format_ == "text" and sys.stdin.isatty() and sys.stdout.isatty()
    name = name or _name(asks)
    _check(name)
    folder = out or Path(name)
    demand_new_folder(folder)
    template = _template(template, asks)
    usual = ProjectWords(description or "", author or _author(), license_ or LICENSE)
    words = _asked(usual, template, (description, author, license_)) if asks else usual
    made = run(name, template, folder, words, chosen_registry(registry, folder))
    _print_created(made, format_)


def _list(format_: str) -> None:
    from registry_tool.commands.author.project_template import TEMPLATES, read_template

    templates = [read_template(name) for name in TEMPLATES]
    if format_ == "json":
        print_json({"templates": [template.to_value() for template in templates]})
        return
    print_table([[one.name, one.description] for one in templates], empty="")


def _name(asks: bool) -> str:
    if not asks:
        raise click.UsageError("Missing argument 'NAME'.")
    return str(click.prompt("Name", value_proc=_proved(_check)))


def _check(name: str) -> None:
    from registry_tool.commands.author.init import demand_name

    demand_name(name)


def _template(given: str | None, asks: bool) -> str:
    """The template that is wanted; `UsageError` for one that isn't there."""
    from registry_tool.commands.author.project_template import TEMPLATES, read_template

    if given is not None or not asks:
        return read_template(given or TEMPLATES[0]).name
    _list("text")
    proved = _proved(read_template)
    return str(click.prompt("Template", default=TEMPLATES[0], value_proc=proved))


def _author() -> str:
    """git's address of whoever works here, else a placeholder that is easily found."""
    from registry_tool.commands.author.init import AUTHOR
    from registry_tool.store.person import configured_email

    return configured_email(Path(), os.environ) or AUTHOR


def _asked(
    usual: ProjectWords, template: str, given: tuple[str | None, str | None, str | None]
) -> ProjectWords:
    """What no option says, asked for with its default."""
    from registry_tool.commands.author.init import ProjectWords, demand_license
    from registry_tool.commands.author.project_template import read_template

    description, author, license_ = given
    described = description or click.prompt(
        "Description", default=read_template(template).description
    )
    by = author or click.prompt("Author", default=usual.author)
    licensed = license_ or click.prompt(
        "Licence (SPDX)", default=usual.license, value_proc=_proved(demand_license)
    )
    return ProjectWords(described, by, licensed)


def _proved(check: Callable[[str], object]) -> Callable[[str], str]:
    """A value as it is typed; click asks again where the check refuses it."""

    def proved(value: str) -> str:
        word = value.strip()
        try:
            check(word)
        except UsageError as error:
            raise click.BadParameter(inert(f"{error.reason} ({error.hint})")) from None
        return word

    return proved


def _print_created(made: CreatedProject, format_: str) -> None:
    steps = ["puppy-cli validate", "puppy-cli test", "puppy-cli build"]
    if made.folder.resolve() != Path.cwd():
        steps = [f"cd {shlex.quote(str(made.folder))}", *steps]
    if format_ == "json":
        print_json({**made.to_value(), "next": [*steps]})
        return
    for path in made.files:
        click.echo(inert(f"written: {path}"))
    click.echo(inert(f"Next: {' && '.join(steps)}"))


COMMANDS = (init,)
