"""Commands that make things go: a person's data, and what is past its retention."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from registry_tool.cli.dispatch import chosen_forge, via_option
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import (
    any_environment,
    one_environment,
    only_say,
    state_remote,
    target_of,
)
from registry_tool.cli.output import counted, format_option, print_json
from registry_tool.report.text import inert


@click.command()
@clone_root
@state_remote
@one_environment
@click.option("--subject", default="", help="Whom the runs are about, as their requests said.")
@click.option("--actor", type=click.IntRange(1), default=None, help="Numeric id of who ran them.")
@click.option("--execution-id", default="", help="One run.")
@only_say
@via_option("local")
@click.option("--certificate", type=click.Path(path_type=Path), help="Write it there, too.")
@format_option()
def erase(
    root: Path,
    remote: str,
    environment: str,
    subject: str,
    actor: int | None,
    execution_id: str,
    dry_run: bool,
    via: str,
    certificate: Path | None,
    format_: str,
) -> None:
    """Make what is kept of a person's runs unreadable; a certificate says what went and what can't be reached.

    With --via github, the runs' artifacts are removed there, too.

    Example: registry-tool erase --env production --subject customer-4711 --dry-run
    """
    from registry_tool.commands.privacy.erase import ErasureScope
    from registry_tool.commands.privacy.erase import erase as run
    from registry_tool.core.files import pretty_json, write_atomic
    from registry_tool.core.put_aside import back_up
    from registry_tool.state.runs.records import read_records

    whose = ErasureScope(subject, actor or 0, execution_id)
    forge = chosen_forge(via, root, remote)
    remove = forge.artifacts.remove if forge else None
    target = target_of(root, remote)
    done = run(target, environment, whose, read_records, dry_run=dry_run, remove_artifact=remove)
    if certificate:
        text = pretty_json(done.to_value())
        if (kept := back_up(certificate, text.encode())) is not None:
            click.echo(f"the earlier file is now {kept}", err=True)
        write_atomic(certificate, text)
    if format_ == "json":
        print_json(done.to_value())
        return
    would = "would be erased" if dry_run else "erased"
    click.echo(
        f"{counted(len(done.executions), 'run')}: {counted(done.keys, 'key')}, "
        f"{counted(done.log_lines, 'log line')} and {counted(len(done.artifacts), 'artifact')} {would}."
    )
    for sentence in done.remaining:
        click.echo(f"not reached: {inert(sentence)}")
    if done.audit:
        click.echo(f"noted: {done.audit} on the branch audit")


def _moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write it like 2026-03-01T00:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command()
@clone_root
@state_remote
@any_environment
@only_say
@click.option("--now", callback=_moment, default=None, help="As if it were then (RFC 3339).")
@format_option()
def prune(
    root: Path, remote: str, environment: str, dry_run: bool, now: datetime | None, format_: str
) -> None:
    """Drop what is older than its version's `data_retention`: keys, log lines, records, remembered results.

    Example: registry-tool prune --env production --dry-run
    """
    from registry_tool.commands.privacy.prune import prune as run
    from registry_tool.commands.run.heartbeat import beat
    from registry_tool.core.folders import cache_folder
    from registry_tool.state.branches import in_job
    from registry_tool.state.runs.records import records_by_month

    target = target_of(root, remote)
    done = run(
        target,
        records_by_month(target),
        environment=environment,
        now=now,
        dry_run=dry_run,
        caches=cache_folder(),
    )
    if environment and not dry_run and in_job(target.environ):
        beat(target, environment)
    if format_ == "json":
        print_json(done.to_value())
        return
    would = "would go" if dry_run else "went"
    lines, results = sum(done.log_lines.values()), counted(done.results, "remembered result")
    click.echo(
        f"{counted(sum(done.keys.values()), 'key')}, {counted(lines, 'log line')}, "
        f"{counted(len(done.months), 'month')} of records and {results} {would}."
    )
    for month, names in done.waiting.items():
        click.echo(f"{month} waits for the sweep of {', '.join(map(inert, names))}")
    for path in done.busy:
        click.echo(f"left alone, since somebody is writing to it: {inert(str(path))}")


COMMANDS = (erase, prune)
