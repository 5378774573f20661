"""Commands on this machine: models, doctor."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import chosen_registry, clone_folder, registry_option
from registry_tool.cli.output import (
    format_option,
    print_json,
)
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.author.doctor import Prerequisite


@click.group()
def models() -> None:
    """The embedded models: one that answers, one that embeds.

    Example: puppy-cli models install
    """


@models.command()
@format_option()
def install(format_: str) -> None:
    """Fetch the embedded models (177 MB, once).

    Example: puppy-cli models install
    """
    from registry_tool.engine.providers.models.weights import CHAT, EMBEDDING

    found = {weights.model: str(weights.install()) for weights in (CHAT, EMBEDDING)}
    if format_ == "json":
        print_json({"models": [{"model": model, "path": path} for model, path in found.items()]})
        return
    for model, path in found.items():
        click.echo(f"{model} is here: {path}")


@click.command()
@click.option(
    "--github", is_flag=True, help="Compare the registry's repository with docs/github.md."
)
@registry_option
@click.option("--remote", default="", help="With --github: the clone's remote. Default: origin.")
@click.option(
    "--fix", is_flag=True, help="Get what needs no administrator: extras by pip, the models."
)
@click.option("--yes", "-y", is_flag=True, help="With --fix: ask nothing.")
@format_option()
def doctor(github: bool, registry: str, remote: str, fix: bool, yes: bool, format_: str) -> None:
    """Say what is missing on this machine and how to get it; with --github, what is missing there.

    --fix says each command before it runs it, and asks. Exit code 1 with --github: something is missing, or was
    not seen.

    Example: puppy-cli doctor --fix
    """
    from registry_tool.commands.author.doctor import doctor as run

    if github and fix:
        raise click.UsageError("--fix is for this machine; docs/github.md has what to do on GitHub")
    if github:
        _doctor_github(clone_folder(chosen_registry(registry)), remote, format_)
        return

    parts = run()
    fixed = _fix(parts, yes) if fix else []
    parts = run() if fixed else parts
    if format_ == "json":
        more: Object = {"fixed": [*fixed]} if fix else {}
        print_json({"parts": [part.to_value() for part in parts], **more})
        return
    for part in parts:
        mark = "ok     " if part.found else "missing"
        click.echo(f"{mark}  {part.name}: {part.about}")
        if not part.found:
            click.echo(f"         {part.hint}")


def _fix(parts: Sequence[Prerequisite], yes: bool) -> list[str]:
    """Get what can be got, each after a yes; gives what was run."""
    from registry_tool.commands.author.prerequisites import steps_for

    done = []
    steps = steps_for(parts)
    if steps and not yes and not sys.stdin.isatty():
        words = "; ".join(step.words for step in steps)
        raise UsageError(f"nobody is here to be asked; it would run: {words}", hint="say --yes")
    for step in steps:
        click.echo(inert(f"{step.words}  ({', '.join(step.names)})"), err=True)
        if yes or click.confirm("Run it?", default=True, err=True):
            step.run()
            done.append(step.words)
    if not done:
        click.echo("Nothing was changed.", err=True)
    return done


def _doctor_github(root: Path, remote: str, format_: str) -> None:
    from registry_tool.commands.author.doctor_github import SettingStatus, doctor_github
    from registry_tool.commands.jobs.dispatch import Via, forge_of
    from registry_tool.commands.maintain.trust.metadata import has_root
    from registry_tool.state.target import Target
    from registry_tool.store.registry_tree import registry_tree

    forge = forge_of(Via.GITHUB, root, remote, os.environ)
    assert forge is not None  # noqa: S101 - only Via.LOCAL and Via.AUTO give none
    found = doctor_github(
        forge.settings,
        Target(root).settings().environments,
        is_signed=has_root(registry_tree(root)),
    )
    if format_ == "json":
        print_json({"settings": [one.to_value() for one in found]})
    else:
        for one in found:
            click.echo(inert(f"{one.seen.value:<8}  {one.name}: {one.about}"))
            if one.seen is not SettingStatus.FINE:
                click.echo(inert(f"          {one.hint}"))
    if any(one.seen is not SettingStatus.FINE for one in found):
        raise click.exceptions.Exit(1)


COMMANDS = (models, doctor)
