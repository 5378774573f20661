"""The command that brings a project into a registry: publish."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.author.publishing import (
    CheckWait,
    ground_on_forge,
    post,
    publish_to_forge,
)
from registry_tool.cli.options import (
    chosen_registry,
    clone_folder,
    duration,
    project_argument,
    registry_option,
)
from registry_tool.cli.output import (
    FINDING_FORMATS,
    format_option,
    print_result,
    print_warning,
)
from registry_tool.core.values import Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.author.candidate import UnpublishedVersion
    from registry_tool.commands.author.publishing.destination import ForgeRepository
    from registry_tool.manifest.owners import OwnerAccount
    from registry_tool.sources.configuration.choice import RegistryChoice


@click.command()
@project_argument
@registry_option
@click.option("--base", default="", help="What a clone's branch starts from. Default: HEAD.")
@click.option("--remote", default="", help="Push a clone's branch there and open the pull request.")
@click.option("--dry-run", is_flag=True, help="Only say what would be published, and judge it.")
@click.option(
    "--owner", default="", help="Your login, for a workflow's first version from a clone."
)
@click.option("--owner-id", type=click.IntRange(1), default=None, help="Your numeric id there.")
@click.option("--wait", is_flag=True, help="Wait for the checks of the pull request and tell them.")
@click.option(
    "--wait-limit", callback=duration, default="30m", show_default=True, help="Stop waiting then."
)
@click.option(
    "--tag", default=None, help="Publish only if this tag names the manifest's version: v1.2.0."
)
@format_option(FINDING_FORMATS)
def publish(
    path: Path,
    registry: str,
    base: str,
    remote: str,
    dry_run: bool,
    owner: str,
    owner_id: int | None,
    wait: bool,
    wait_limit: float,
    tag: str | None,
    format_: str,
) -> None:
    """Publish a project's version: a pull request on GitHub, a branch of a clone, or a post to a live registry.

    OWNER/REPO needs no clone: after `puppy-cli login`, a fork is made where you may not push. A clone's folder
    gets a branch, and with --remote the pull request. Run again, it goes on where it stopped.

    Example: puppy-cli publish my-workflow --registry OWNER/REPO --wait
    """
    from registry_tool.commands.author.candidate import candidate_of
    from registry_tool.commands.author.publishing.destination import forge_repository
    from registry_tool.commands.author.publishing.tag import demand_tag
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
    if tag is not None:
        demand_tag(tag, candidate.name, candidate.version)
    to = forge_repository(chosen.location, os.environ) if chosen.is_known else None
    if dry_run:
        return _dry_run(candidate, chosen, to, base, person, format_)
    demand_known(chosen, "publish")
    if chosen.folder is not None:
        _only_on_a_forge(wait)
        return _publish(candidate, clone_folder(chosen), base or "HEAD", remote, person)
    _only_in_a_clone(base, remote)
    if to is not None:
        waiting = CheckWait(wait, wait_limit, format_)
        return publish_to_forge(candidate, to, person, waiting)
    _only_on_a_forge(wait)
    return post(candidate, chosen.location, format_)


def _only_in_a_clone(*given: str) -> None:
    if any(given):
        raise click.UsageError("--base and --remote are for a clone: leave them out")


def _only_on_a_forge(wait: bool) -> None:
    if wait:
        raise click.UsageError("--wait is for OWNER/REPO: name the registry's repository")


def _dry_run(
    candidate: UnpublishedVersion,
    registry: RegistryChoice,
    to: ForgeRepository | None,
    base: str,
    person: OwnerAccount | None,
    format_: str,
) -> None:
    """What would be published, every finding on it, and what could not be judged."""
    from registry_tool.commands.author.base_registry import ground_of
    from registry_tool.commands.author.candidate import judge_candidate

    if to is not None:
        ground, person = ground_on_forge(to, person)
    else:
        ground = ground_of(registry, base or "HEAD")
    result = judge_candidate(ground, candidate, person)
    files = [f"{candidate.location}/{path}" for path in sorted(candidate.files)]
    if format_ == "text":
        click.echo("\n".join(files))
    print_result(result, format_, Path(), {"files": list[Value](files)})
    if result.refused:
        raise click.exceptions.Exit(1)


def _publish(
    candidate: UnpublishedVersion, root: Path, base: str, remote: str, person: OwnerAccount | None
) -> None:
    from registry_tool.commands.author.publish import open_pull_request, propose
    from registry_tool.commands.author.publishing.plan import SAME, UPDATED

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
        address = open_pull_request(root, branch, remote, f"Publish {name} {version}")
        pushed = f"Pushed to {remote}, which has no pull requests: ask its maintainers to merge {branch}."
        click.echo(inert(address or pushed))
    else:
        there = "" if root.resolve() == Path.cwd() else f"-C {shlex.quote(str(root))} "
        click.echo(f"Next: git {there}push origin {branch}, then open a pull request from it.")


COMMANDS = (publish,)
