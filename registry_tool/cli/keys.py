"""Commands on an environment's keys: making and changing them, opening payloads."""

from __future__ import annotations

from pathlib import Path

import click

from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import (
    any_environment,
    one_environment,
    state_remote,
    target_of,
)
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.core.same_file import demand_distinct
from registry_tool.report.text import escaped


@click.group()
def keys() -> None:
    """An environment's keys: what signs its records and locks its payloads.

    Example: registry-tool keys new --env production
    """


@keys.command("new")
@clone_root
@state_remote
@one_environment
def keys_new(root: Path, remote: str, environment: str) -> None:
    """Make a key, publish its public part, and show its secret once.

    Example: registry-tool keys new --env production
    """
    from registry_tool.commands.privacy.keys import new_key

    made = new_key(target_of(root, remote), environment)
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
@clone_root
@state_remote
@one_environment
@format_option()
def keys_rotate(root: Path, remote: str, environment: str, format_: str) -> None:
    """Wrap every run's key with the newest key; the older ones may then be dropped. Repeat it at will.

    Example: registry-tool keys rotate --env production
    """
    from registry_tool.commands.privacy.keys import rotate

    done = rotate(target_of(root, remote), environment)
    if format_ == "json":
        print_json(done.to_value())
    else:
        click.echo(f"{done.moved} rewrapped with {done.key}, {done.there} were already.")


@keys.command("list")
@clone_root
@state_remote
@any_environment
@format_option()
def keys_list(root: Path, remote: str, environment: str, format_: str) -> None:
    """Which keys are published, since when, and which of them are at hand here.

    Example: registry-tool keys list --env production
    """
    from registry_tool.commands.consume.unknown_names import demand_recorded
    from registry_tool.commands.privacy.keys import list_keys

    target = target_of(root, remote, may_be_old=True)
    demand_recorded(target, environment)
    rows = list_keys(target, environment)
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
@clone_root
@state_remote
@one_environment
@click.option("--execution-id", required=True, help="The run.")
@click.option("--out", type=click.Path(path_type=Path), help="Default: standard output.")
def payload_open(
    file: Path, root: Path, remote: str, environment: str, execution_id: str, out: Path | None
) -> None:
    """Open a run's payload with the environment's key; the opening is noted in the audit log.

    Example: registry-tool payload open payload.bin --env production --execution-id exec-0123456789ab
    """
    from registry_tool.commands.privacy.payload import open_payload_file

    demand_distinct(out, "--out", [file])
    data = open_payload_file(target_of(root, remote), file, environment, execution_id)
    if out:
        from registry_tool.core.files import write_private

        write_private(out, data)
    else:
        click.echo(escaped(data.decode("utf-8", "replace")))


COMMANDS = (keys, payload)
