"""Commands on keys, payloads, erasure, retention and the audit log; and sealing inputs for a dispatch."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from registry_tool.cli.options import read_inputs, root_option
from registry_tool.cli.output import counted, format_option, print_json, print_table
from registry_tool.cli.running import input_options
from registry_tool.cli.via import chosen_forge, via_option
from registry_tool.report.text import inert

_env = click.option(
    "--env", "environment", required=True, envvar="ENVIRONMENT", help="The environment."
)
_any_env = click.option(
    "--env", "environment", default="", envvar="ENVIRONMENT", help="Only this environment."
)
_remote = click.option(
    "--remote", default="", help="The remote that holds the state. Default: this repository."
)
_dry_run = click.option("--dry-run", is_flag=True, help="Only say what would go.")


@click.group()
def keys() -> None:
    """An environment's keys: what signs its records and locks its payloads.

    Example: registry-tool keys new --env production
    """


@keys.command("new")
@root_option
@_remote
@_env
def keys_new(root: Path, remote: str, environment: str) -> None:
    """Make a key, publish its public part, and show its secret once.

    Example: registry-tool keys new --env production
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.keys import new_key

    made = new_key(Target(root, remote), environment)
    click.echo(
        f"The key {made.id} of {environment} is published. Its secret, shown once:", err=True
    )
    click.echo(made.secret)
    click.echo(f"Store it as the GitHub environment's secret: {made.how_to_store}", err=True)
    if made.replaces:
        click.echo(
            f"It comes in front of {made.replaces}: next, `registry-tool keys rotate --env {environment}`",
            err=True,
        )


@keys.command("rotate")
@root_option
@_remote
@_env
@format_option()
def keys_rotate(root: Path, remote: str, environment: str, format_: str) -> None:
    """Wrap every run's key with the newest key; the older ones may then be dropped. Repeat it at will.

    Example: registry-tool keys rotate --env production
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.keys import rotate

    done = rotate(Target(root, remote), environment)
    if format_ == "json":
        print_json(done.to_value())
    else:
        click.echo(f"{done.moved} wrapped anew with {done.key}, {done.there} were already.")


@keys.command("list")
@root_option
@_remote
@_any_env
@format_option()
def keys_list(root: Path, remote: str, environment: str, format_: str) -> None:
    """Which keys are published, since when, and which of them are at hand here.

    Example: registry-tool keys list --env production
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.keys import list_keys

    rows = list_keys(Target(root, remote), environment)
    if format_ == "json":
        print_json({"keys": [*rows]})
        return
    print_table(
        [
            [
                str(row["environment"]),
                str(row["key"]),
                str(row["since"]),
                "newest" if row["newest"] else "older",
                "at hand" if row["held"] else "",
            ]
            for row in rows
        ],
        empty="No key is published.",
    )


@click.group()
def payload() -> None:
    """What an encrypted run was given and gave.

    Example: registry-tool payload open payload.bin --env production --execution-id exec-0123456789ab
    """


@payload.command("open")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@root_option
@_remote
@_env
@click.option("--execution-id", required=True, help="The run.")
@click.option("--out", type=click.Path(path_type=Path), help="Default: standard output.")
def payload_open(
    file: Path, root: Path, remote: str, environment: str, execution_id: str, out: Path | None
) -> None:
    """Open a run's payload with the environment's key; the opening is noted in the audit log.

    Example: registry-tool payload open payload.bin --env production --execution-id exec-0123456789ab
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.payload import open_payload_file

    data = open_payload_file(Target(root, remote), file, environment, execution_id)
    if out:
        from registry_tool.core.files import write_private

        write_private(out, data)
    else:
        click.echo(inert(data.decode("utf-8", "replace")))


@click.command()
@root_option
@_remote
@_env
@click.option("--subject", default="", help="Whom the runs are about, as their requests said.")
@click.option("--actor", type=click.IntRange(1), default=None, help="Numeric id of who ran them.")
@click.option("--execution-id", default="", help="One run.")
@_dry_run
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
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.erase import Whose
    from registry_tool.commands.erase import erase as run
    from registry_tool.commands.recorded import runs_of
    from registry_tool.core.files import pretty_json, write_atomic

    whose = Whose(subject, actor or 0, execution_id)
    forge = chosen_forge(via, root, remote)
    remove = forge.artifacts.remove if forge else None
    target = Target(root, remote)
    done = run(target, environment, whose, runs_of, dry_run=dry_run, remove_artifact=remove)
    if certificate:
        write_atomic(certificate, pretty_json(done.to_value()))
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
@root_option
@_remote
@_any_env
@_dry_run
@click.option("--now", callback=_moment, default=None, help="As if it were then (RFC 3339).")
@format_option()
def prune(
    root: Path, remote: str, environment: str, dry_run: bool, now: datetime | None, format_: str
) -> None:
    """Drop what is older than its version's `data_retention`: keys, log lines, records, remembered results.

    Example: registry-tool prune --env production --dry-run
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.prune import prune as run
    from registry_tool.commands.recorded import months_of
    from registry_tool.core.folders import cache_folder

    target = Target(root, remote)
    done = run(
        target,
        months_of(target),
        environment=environment,
        now=now,
        dry_run=dry_run,
        caches=cache_folder(),
    )
    if format_ == "json":
        print_json(done.to_value())
        return
    would = "would go" if dry_run else "went"
    lines, results = sum(done.log_lines.values()), counted(done.results, "remembered result")
    click.echo(
        f"{counted(sum(done.keys.values()), 'key')}, {counted(lines, 'log line')}, "
        f"{counted(len(done.months), 'month')} of records and {results} {would}."
    )
    for path in done.busy:
        click.echo(f"left alone, since somebody is writing to it: {inert(str(path))}")


@click.group()
def audit() -> None:
    """The audit log: who did what, signed and chained.

    Example: registry-tool audit verify --checkpoint kept.json
    """


@audit.command("list")
@root_option
@_remote
@_any_env
@format_option()
def audit_list(root: Path, remote: str, environment: str, format_: str) -> None:
    """Every entry, oldest first.

    Example: registry-tool audit list --env production
    """
    from registry_tool.commands.audit import entries
    from registry_tool.commands.deploy import Target

    found = list(entries(Target(root, remote), environment))
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


def _words(detail: object) -> str:
    items = detail.items() if isinstance(detail, dict) else ()
    counted = ((key, len(value) if isinstance(value, list) else value) for key, value in items)
    return ", ".join(f"{key} {value}" for key, value in counted if value)


@audit.command("verify")
@root_option
@_remote
@_any_env
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

    verdict = verify_audit(Target(root, remote), checkpoint, environment)
    if format_ == "json":
        print_json(verdict.to_value())
    else:
        for name, count in verdict.counts.items():
            by = "by the key at hand" if name in verdict.anchored else "by the published keys"
            click.echo(f"{name}: {count} entries, checked {by}")
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
@_remote
@_env
def audit_checkpoint(root: Path, remote: str, environment: str) -> None:
    """Sign the log's count and hash as they are; keep it where the log's writers can't reach it.

    Example: registry-tool audit checkpoint --env production > kept.json
    """
    from registry_tool.commands.audit import make_checkpoint
    from registry_tool.commands.deploy import Target

    print_json(make_checkpoint(Target(root, remote), environment))


@click.command()
@click.argument("name")
@input_options
@click.option("--env", "environment", required=True, envvar="ENVIRONMENT", help="The environment.")
@root_option
@_remote
def seal(
    name: str,
    inputs: tuple[str, ...],
    inputs_file: Path | None,
    environment: str,
    root: Path,
    remote: str,
) -> None:
    """Print a request for a dispatch whose inputs only the environment's job can read.

    Example: puppy-cli seal sentiment-analysis --env production --input text="What a lovely day"
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.seal import seal_request

    target = Target(root, remote)
    print_json(
        seal_request(
            target, environment, name, partial(read_inputs, pairs=inputs, file=inputs_file)
        )
    )


COMMANDS = (keys, payload, erase, prune, audit)
CLIENT_COMMANDS = (seal,)
