"""What `publish` says where a version goes to a forge, or to a live registry."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from registry_tool.cli.output import print_json, print_warning
from registry_tool.core.values import Object, Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.author.base_registry import BaseRegistry
    from registry_tool.commands.author.candidate import UnpublishedVersion
    from registry_tool.commands.author.publishing.checks import CheckVerdict
    from registry_tool.commands.author.publishing.destination import ForgeRepository
    from registry_tool.commands.author.publishing.forge import ForgeProposal
    from registry_tool.commands.author.publishing.live import PostResult
    from registry_tool.forge.github.client import GitHub
    from registry_tool.forge.github.rate_limits import Pace
    from registry_tool.manifest.owners import OwnerAccount


@dataclass(frozen=True, slots=True)
class CheckWait:
    """Whether and how long to wait for the checks, in seconds, and how to print what came of it."""

    wait: bool
    limit: float
    format_: str


def ground_on_forge(
    to: ForgeRepository, person: OwnerAccount | None
) -> tuple[BaseRegistry, OwnerAccount | None]:
    """What a version is judged on, and who publishes it: who is logged in, else `person`."""
    from registry_tool.commands.author.publishing.forge_ground import forge_ground
    from registry_tool.forge.tokens.found import token_store
    from registry_tool.manifest.owners import OwnerAccount

    token = token_store(os.environ, print_warning).find(to.server.host)
    github = _connected(to, token.secret if token else "")
    about = github.repositories.about(to.repository)
    account = github.accounts.who() if token else None
    ground, _ = forge_ground(github.at(about.name), about.default_branch)
    return ground, OwnerAccount(account.login, account.id) if account else person


def publish_to_forge(
    candidate: UnpublishedVersion,
    to: ForgeRepository,
    person: OwnerAccount | None,
    waiting: CheckWait,
) -> None:
    """Open the pull request, or find it; with `wait`, exit with 1 where a check refuses it."""
    from registry_tool.commands.author.publishing.forge import ForgePublisher
    from registry_tool.forge.tokens.found import token_store

    token = token_store(os.environ, print_warning).demand(to.server.host)
    github = _connected(to, token.secret)
    made = ForgePublisher(github, notify=_print_notice).publish(candidate, person)
    if waiting.format_ == "text":
        _print_request(candidate, made)
    verdict = _verdict(github, made, waiting) if waiting.wait else None
    if waiting.format_ == "json":
        print_json(_value(candidate, made, verdict))
    if verdict and not verdict.passed:
        raise click.exceptions.Exit(1)


def post(candidate: UnpublishedVersion, address: str, format_: str) -> None:
    """Post to a live registry."""
    from registry_tool.commands.account.provider_login import ProviderLogin
    from registry_tool.commands.account.registry_token import registry_token
    from registry_tool.commands.author.publishing.live import LivePublisher, demand_live
    from registry_tool.core.urls import without_credentials
    from registry_tool.forge.tokens.found import token_store
    from registry_tool.forge.tokens.token import host_of

    address = without_credentials(address).rstrip("/")
    demand_live(address)
    store, login = token_store(os.environ, print_warning), ProviderLogin(address)
    token = registry_token(store, host_of(address), login)
    posted = LivePublisher(address, token, pace=_pace(), notify=_print_notice).publish(candidate)
    if format_ == "json":
        print_json({"published": posted.published, "url": posted.url, "held": posted.reason})
        return
    _print_filled(posted.filled)
    click.echo(inert(_what_became(candidate, posted)))


def _what_became(candidate: UnpublishedVersion, posted: PostResult) -> str:
    named = f"{candidate.name}:{candidate.version}"
    if posted.published:
        return f"{named} is published: {posted.url}"
    if posted.url:
        return f"{named} waits in a pull request: {posted.url}"
    return f"{named} waits for a maintainer: {posted.reason or 'the registry gave no reason'}"


def _print_request(candidate: UnpublishedVersion, made: ForgeProposal) -> None:
    from registry_tool.commands.author.publishing.plan import SAME, UPDATED

    named, plan = f"{candidate.name}:{candidate.version}", made.plan
    words = {
        SAME: f"{named} is on the branch {made.branch} of {made.repository} already.",
        UPDATED: f"{named} is on the branch {made.branch} of {made.repository}, with a further commit.",
    }
    sentence = words.get(
        plan.state, f"{named} is on the branch {made.branch} of {made.repository}."
    )
    click.echo(inert(sentence))
    _print_filled(plan.filled)
    for key, value in plan.kept.items():
        click.echo(inert(f"Kept as you wrote it: metadata.{key} ({value})."))
    for reason in plan.held:
        print_warning(f"the pull request will wait for a maintainer: {reason}")
    if plan.note:
        print_warning(plan.note)
    for rival in made.rivals:
        print_warning(
            f"{rival.author} has a request open for the same version, of which one can be merged: {rival.url}"
        )
    by = f", opened by {made.author}" if made.author and not made.opened else ""
    click.echo(
        inert(
            f"{'The pull request' if made.opened else 'Its pull request is open'}{by}: {made.url}"
        )
    )


def _print_filled(filled: tuple[str, ...]) -> None:
    if filled:
        click.echo(f"Filled in: metadata.{', metadata.'.join(filled)}.")


def _verdict(github: GitHub, made: ForgeProposal, waiting: CheckWait) -> CheckVerdict:
    from registry_tool.commands.author.publishing.checks import wait_for_checks
    from registry_tool.commands.jobs.follow import PollingPolicy

    policy = PollingPolicy(waiting.limit, github.pace)
    found = wait_for_checks(github, made.commit, _print_notice, policy)
    if waiting.format_ == "text":
        for note in found.notes:
            place = f"{note.path}:{note.line}" if note.line else note.path
            click.echo(inert(f"{place}: {note.level}: {note.message}"))
        verb = "passed" if found.passed else "refused"
        click.echo(f"The checks {verb} it.")
    return found


def _value(
    candidate: UnpublishedVersion, made: ForgeProposal, verdict: CheckVerdict | None
) -> Object:
    plan = made.plan
    return {
        "name": candidate.name,
        "version": candidate.version,
        "url": made.url,
        "opened": made.opened,
        "state": plan.state,
        "repository": made.repository,
        "branch": made.branch,
        "commit": made.commit,
        "filled": list[Value](plan.filled),
        "held": list[Value](plan.held),
        "checks": verdict.to_value() if verdict else None,
    }


def _connected(to: ForgeRepository, secret: str) -> GitHub:
    from registry_tool.forge.github.client import GitHub

    return GitHub(to.repository, secret, to.server.api, pace=_pace())


def _pace() -> Pace:
    from registry_tool.forge.github import rate_limits

    return rate_limits.Pace(notify=_print_notice)


def _print_notice(sentence: str) -> None:
    click.echo(inert(sentence.replace("\n", " ")), err=True)
