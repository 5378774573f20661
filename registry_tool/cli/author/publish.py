"""The command that brings a project into a registry: publish."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import (
    chosen_registry,
    clone_folder,
    project_argument,
    registry_option,
)
from registry_tool.cli.output import (
    FINDING_FORMATS,
    format_option,
    print_findings,
    print_warning,
)
from registry_tool.core.values import Object, Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.author.candidate import UnpublishedVersion
    from registry_tool.manifest.owners import OwnerAccount
    from registry_tool.sources.configuration.choice import RegistryChoice


@click.command()
@project_argument
@registry_option
@click.option("--base", default="HEAD", show_default=True, help="What the branch starts from.")
@click.option("--remote", default="", help="Push the branch there and open the pull request.")
@click.option("--dry-run", is_flag=True, help="Only say what would be published, and judge it.")
@click.option("--owner", default="", help="Your login, for a workflow's first version.")
@click.option("--owner-id", type=click.IntRange(1), default=None, help="Your numeric id there.")
@format_option(FINDING_FORMATS)
def publish(
    path: Path,
    registry: str,
    base: str,
    remote: str,
    dry_run: bool,
    owner: str,
    owner_id: int | None,
    format_: str,
) -> None:
    """Put a project's version on a branch of the registry's clone, and with --remote open the pull request.

    Run again, it goes on where it stopped: the same files are reported as there already, others update the branch.
    --format is for what --dry-run finds.

    Example: puppy-cli publish my-workflow --registry ../workflow-registry
    """
    from registry_tool.commands.author.candidate import candidate_of
    from registry_tool.manifest.owners import OwnerAccount
    from registry_tool.sources.configuration.choice import demand_known

    if bool(owner) != bool(owner_id):
        lacks = "--owner-id" if owner else "--owner"
        raise click.UsageError(
            f"{lacks} is missing: --owner is your login, --owner-id your numeric id "
            "(https://api.github.com/users/LOGIN tells it)"
        )
    person = OwnerAccount(owner, owner_id) if owner and owner_id else None
    chosen, candidate = chosen_registry(registry, path), candidate_of(path)
    if dry_run:
        _dry_run(candidate, chosen, base, person, format_)
    else:
        demand_known(chosen, "publish")
        _publish(candidate, clone_folder(chosen), base, remote, person)


def _dry_run(
    candidate: UnpublishedVersion,
    registry: RegistryChoice,
    base: str,
    person: OwnerAccount | None,
    format_: str,
) -> None:
    """What would be published, every finding on it, and what could not be judged."""
    from registry_tool.commands.author.base_registry import ground_of
    from registry_tool.commands.author.candidate import judge_candidate

    result = judge_candidate(ground_of(registry, base), candidate, person)
    files = [f"{candidate.location}/{path}" for path in sorted(candidate.files)]
    if format_ == "text":
        click.echo("\n".join(files))
    value: Object = {**result.to_value(), "files": list[Value](files)}
    print_findings(result.findings, value, format_, Path(), "Nothing found.", result.not_checked)
    if result.refused:
        raise click.exceptions.Exit(1)


def _publish(
    candidate: UnpublishedVersion, root: Path, base: str, remote: str, person: OwnerAccount | None
) -> None:
    from registry_tool.commands.author.publish import SAME, UPDATED, open_pull_request, propose

    name, version = candidate.name, candidate.version
    proposed = propose(root, candidate, base=base, owner=person, remote=remote)
    branch = proposed.branch
    words = {
        SAME: f"{name}:{version} is on the branch {branch} already, with the same files.",
        UPDATED: f"{name}:{version} is on the branch {branch}, which got a further commit.",
    }
    click.echo(words.get(proposed.state, f"{name}:{version} is on the branch {branch}."))
    if proposed.filled:
        click.echo(f"Filled in on the branch: metadata.{', metadata.'.join(proposed.filled)}.")
    for key, value in proposed.kept.items():
        click.echo(f"Kept as you wrote it: metadata.{key} ({inert(value)}).")
    for reason in proposed.held:
        print_warning(f"the pull request will wait for a maintainer: {reason}")
    if proposed.note:
        print_warning(proposed.note)
    if remote:
        click.echo(open_pull_request(root, branch, remote, f"Publish {name} {version}"))
    else:
        there = "" if root.resolve() == Path.cwd() else f"-C {shlex.quote(str(root))} "
        click.echo(f"Next: git {there}push origin {branch}, then open a pull request from it.")


COMMANDS = (publish,)
