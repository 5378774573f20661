"""Commands on the audit log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import (
    any_environment,
    as_of,
    empty_sentence,
    one_environment,
    state_remote,
    target_of,
)
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.core.values import Frozen
    from registry_tool.state.audit_verify import AuditVerdict


WITHOUT_RUNS = (
    "The checkpoint is from before checkpoints covered run records, which were not looked at: "
    "make a new one with `registry-tool audit checkpoint`."
)


@click.group()
def audit() -> None:
    """The audit log: who did what, signed and chained.

    Example: registry-tool audit verify --checkpoint kept.json
    """


@audit.command("list")
@clone_root
@state_remote
@any_environment
@format_option()
def audit_list(root: Path, remote: str, environment: str, format_: str) -> None:
    """Every entry, oldest first.

    Example: registry-tool audit list --env production
    """
    from registry_tool.commands.consume.unknown_names import demand_recorded
    from registry_tool.state.audit_log import entries

    target = target_of(root, remote, may_be_old=True)
    demand_recorded(target, environment)
    found = list(entries(target, environment))
    if format_ == "json":
        print_json({"entries": [entry.to_value() for entry in found], **as_of(target)})
        return
    print_table(
        [
            [
                entry.time,
                f"{entry.environment}/{entry.number}",
                entry.action,
                _who(entry.actor),
                _words(entry.detail),
            ]
            for entry in found
        ],
        empty=empty_sentence(target, "Nothing is noted."),
    )


def _who(actor: str) -> str:
    """A person's name, or the beginning of their pseudonym."""
    is_pseudonym = len(actor) == 32 and not actor.strip("0123456789abcdef")
    return (actor[:8] if is_pseudonym else actor) or "-"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _records(count: int) -> str:
    return "1 run record" if count == 1 else f"{count} run records"


def _words(detail: Frozen) -> str:
    counted = ((k, len(value) if isinstance(value, list) else value) for k, value in detail.items())
    return ", ".join(f"{key} {value}" for key, value in counted if value)


@audit.command("verify")
@clone_root
@state_remote
@any_environment
@click.option("--checkpoint", type=click.Path(path_type=Path), help="One that was kept elsewhere.")
@format_option()
def audit_verify(
    root: Path, remote: str, environment: str, checkpoint: Path | None, format_: str
) -> None:
    """Prove that nothing was changed, taken out or moved, and, up to a kept checkpoint, that nothing is missing.

    A checkpoint also covers run records; without one, `puppy-cli runs --verify` looks at them.

    Example: registry-tool audit verify --checkpoint kept.json
    """
    from registry_tool.commands.consume.unknown_names import demand_recorded
    from registry_tool.state.audit_verify import verify_audit

    target = target_of(root, remote)
    demand_recorded(target, environment)
    verdict = verify_audit(target, checkpoint, environment)
    if format_ == "json":
        print_json(verdict.to_value())
    else:
        for name, count in verdict.counts.items():
            click.echo(f"{name}: {_entries(count)}, {_checked_by(verdict, name)}")
        for month, count in (verdict.run_records or {}).items():
            click.echo(f"runs-{month}: {_records(count)} as the checkpoint has them")
        for item in verdict.broken:
            click.echo(f"broken: {inert(item.location)}: {inert(item.reason)}")
        for item in verdict.unverified:
            click.echo(f"not verified: {inert(item.location)}: {inert(item.reason)}")
        if checkpoint and verdict.run_records is None:
            click.echo(WITHOUT_RUNS)
        if not verdict.broken:
            click.echo(_conclusion(verdict, checkpoint))
    if verdict.broken:
        if format_ == "text":
            click.echo(_advice(verdict))
        raise click.exceptions.Exit(1)


def _advice(verdict: AuditVerdict) -> str:
    """What to do where something is broken."""
    from registry_tool.security.audit import UNNOTED

    if all(item.reason == UNNOTED for item in verdict.broken):
        return "Where its deployer held no key, `registry-tool reconcile` with the environment's key notes it."
    return "What to do where something is broken: docs/restore.md."


def _checked_by(verdict: AuditVerdict, name: str) -> str:
    """Which key vouches for an environment's entries."""
    if name in verdict.anchored:
        return "checked by the key at hand"
    return "checked by the published keys" if name in verdict.keyed else "no key is published"


def _conclusion(verdict: AuditVerdict, checkpoint: Path | None) -> str:
    """What was proved, where nothing is broken."""
    if not verdict.counts:
        return "There is nothing to verify: nothing is noted, and nothing was deployed."
    if verdict.unverified:
        return "What could be verified is whole; what could not is named above."
    upto = "" if checkpoint else "; only a kept checkpoint shows what was cut off at the end"
    return f"Whole{upto}."


@audit.command("checkpoint")
@clone_root
@state_remote
@one_environment
def audit_checkpoint(root: Path, remote: str, environment: str) -> None:
    """Sign count and hash of the log and of each month's run records; keep it where their writers can't reach it.

    Example: registry-tool audit checkpoint --env production > kept.json
    """
    from registry_tool.commands.consume.unknown_names import demand_recorded
    from registry_tool.state.audit_log import make_checkpoint

    target = target_of(root, remote)
    demand_recorded(target, environment)
    print_json(make_checkpoint(target, environment))


COMMANDS = (audit,)
