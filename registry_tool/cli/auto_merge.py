"""The command that merges routine releases: auto-merge."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.jobs.options import (
    moment,
    outputs_option,
    summary_option,
    write_outputs,
)
from registry_tool.cli.options import clone_root
from registry_tool.cli.output import format_option, print_json, print_warning
from registry_tool.core.files import append_text
from registry_tool.core.values import Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.review.auto_merge.attempt import MergeAttempt
    from registry_tool.commands.review.auto_merge.merger import AutoMerger


@click.command("auto-merge")
@clone_root
@click.option("--remote", default="origin", show_default=True, help="The registry's repository.")
@click.option("--base", default="main", show_default=True, help="The branch to merge into.")
@click.option("--only-due", is_flag=True, help="Only say which requests are to be looked at.")
@click.option("--dry-run", is_flag=True, help="Only say what becomes of each: merge nothing.")
@click.option("--now", callback=moment, default=None, help="Take this for the time; UTC.")
@outputs_option
@summary_option
@format_option()
def auto_merge(
    root: Path,
    remote: str,
    base: str,
    only_due: bool,
    dry_run: bool,
    now: datetime | None,
    outputs: Path | None,
    summary: Path | None,
    format_: str,
) -> None:
    """Merge routine releases whose waiting time is over, by policy.auto_merge of registry.yaml.

    Each open pull request gets one comment that says what becomes of it. The output `requests` is true where
    some are to be looked at.

    Example: registry-tool auto-merge --remote origin --dry-run
    """
    merger = _merger(root, remote, base, dry_run, now)
    if merger is None:
        click.echo(
            "This registry merges nothing by itself: registry.yaml has no policy.auto_merge.",
            err=True,
        )
    if only_due:
        numbers = [request.number for request in merger.due()] if merger else []
        write_outputs(outputs, {"requests": "true" if numbers else "false"})
        if format_ == "json":
            print_json({"due": list[Value](numbers)})
        else:
            listed = ", ".join(f"#{number}" for number in numbers)
            click.echo(f"To be looked at: {listed}." if numbers else "No request is due.")
        return
    found: list[MergeAttempt] = []
    for looked in merger.run() if merger else ():
        found.append(looked)
        if format_ == "text":
            click.echo(inert(_line(looked)))
    if format_ == "json":
        print_json({"requests": [looked.to_value() for looked in found]})
    elif not found:
        click.echo("No request is due.")
    if summary and found:
        append_text(summary, "".join(f"- {_line(looked)}\n" for looked in found))
    if any(looked.problem for looked in found):
        raise click.exceptions.Exit(1)


def _merger(
    root: Path, remote: str, base: str, dry_run: bool, now: datetime | None
) -> AutoMerger | None:
    """None where the registry has no policy: then no forge is asked, and no token is needed."""
    from registry_tool.commands.jobs.dispatch import Via, forge_of
    from registry_tool.commands.review.auto_merge.merger import AutoMerger, has_policy
    from registry_tool.core.clock import FixedClock, SystemClock
    from registry_tool.store.git.repository import Repository

    repository = Repository(root)
    if not has_policy(repository, remote, base):
        return None
    forge = forge_of(
        Via.GITHUB, root, remote, os.environ, lambda message: click.echo(inert(message), err=True)
    )
    clock = FixedClock(now) if now else SystemClock()
    return (
        AutoMerger(repository, forge, remote, base, clock, dry_run, print_warning)
        if forge
        else None
    )


def _line(looked: MergeAttempt) -> str:
    decision = looked.decision
    until = f" until {decision.until:%Y-%m-%d %H:%M} UTC" if decision.until else ""
    why = f": {'; '.join(decision.reasons)}" if decision.reasons else ""
    merged = f" as {looked.merged}" if looked.merged else ""
    problem = f" ({looked.problem})" if looked.problem else ""
    return f"#{looked.request.number} {decision.outcome.value}{until}{merged}{why}{problem}"


COMMANDS = (auto_merge,)
