"""Commands on the audit log."""

from __future__ import annotations

from pathlib import Path

import click

from registry_tool.cli.options import root_option
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.cli.state_options import any_environment, one_environment, state_remote
from registry_tool.report.text import inert


@click.group()
def audit() -> None:
    """The audit log: who did what, signed and chained.

    Example: registry-tool audit verify --checkpoint kept.json
    """


@audit.command("list")
@root_option
@state_remote
@any_environment
@format_option()
def audit_list(root: Path, remote: str, environment: str, format_: str) -> None:
    """Every entry, oldest first.

    Example: registry-tool audit list --env production
    """
    from registry_tool.commands.audit import entries
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.known_words import demand_recorded

    target = Target(root, remote)
    demand_recorded(target, environment)
    found = list(entries(target, environment))
    if format_ == "json":
        print_json({"entries": [*found]})
        return
    print_table(
        [
            [
                str(entry["time"]),
                f"{entry['environment']}/{entry['number']}",
                str(entry["action"]),
                str(entry["actor"])[:8] or "-",
                _words(entry["detail"]),
            ]
            for entry in found
        ],
        empty="Nothing is noted.",
    )


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _words(detail: object) -> str:
    items = detail.items() if isinstance(detail, dict) else ()
    counted = ((key, len(value) if isinstance(value, list) else value) for key, value in items)
    return ", ".join(f"{key} {value}" for key, value in counted if value)


@audit.command("verify")
@root_option
@state_remote
@any_environment
@click.option("--checkpoint", type=click.Path(path_type=Path), help="One that was kept elsewhere.")
@format_option()
def audit_verify(
    root: Path, remote: str, environment: str, checkpoint: Path | None, format_: str
) -> None:
    """Prove that nothing was changed, taken out or moved, and, up to a kept checkpoint, that nothing is missing.

    Example: registry-tool audit verify --checkpoint kept.json
    """
    from registry_tool.commands.audit import verify_audit
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.known_words import demand_recorded

    target = Target(root, remote)
    demand_recorded(target, environment)
    verdict = verify_audit(target, checkpoint, environment)
    if format_ == "json":
        print_json(verdict.to_value())
    else:
        for name, count in verdict.counts.items():
            by = "by the key at hand" if name in verdict.anchored else "by the published keys"
            click.echo(f"{name}: {_entries(count)}, checked {by}")
        for item in verdict.broken:
            click.echo(f"broken: {inert(item.place)}: {inert(item.reason)}")
        if not verdict.broken:
            upto = (
                "" if checkpoint else "; only a kept checkpoint shows what was cut off at the end"
            )
            click.echo(f"Whole{upto}.")
    if verdict.broken:
        raise click.exceptions.Exit(1)


@audit.command("checkpoint")
@root_option
@state_remote
@one_environment
def audit_checkpoint(root: Path, remote: str, environment: str) -> None:
    """Sign the log's count and hash as they are; keep it where the log's writers can't reach it.

    Example: registry-tool audit checkpoint --env production > kept.json
    """
    from registry_tool.commands.audit import make_checkpoint
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.known_words import demand_recorded

    target = Target(root, remote)
    demand_recorded(target, environment)
    print_json(make_checkpoint(target, environment))


COMMANDS = (audit,)
