"""Commands on the state itself."""

from __future__ import annotations

from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import any_environment, state_remote, target_of
from registry_tool.cli.output import format_option, print_json
from registry_tool.report.text import inert


@click.group()
def state() -> None:
    """What the branches of state hold: mend it where it is broken.

    Example: registry-tool state repair --dry-run
    """


@state.command("repair")
@click.argument("name", shell_complete=complete.names, default="")
@clone_root
@state_remote
@any_environment
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@format_option()
def state_repair(
    name: str, root: Path, remote: str, environment: str, dry_run: bool, format_: str
) -> None:
    """Make broken, missing or wrong pointers of deployments anew, out of their events.

    Exit code 1: something can't be mended. Where the events themselves are broken, nothing is written.

    Example: registry-tool state repair sentiment-analysis --env production --dry-run
    """
    from registry_tool.cli.deploy.show import say
    from registry_tool.commands.consume.unknown_names import demand_recorded
    from registry_tool.commands.maintain.state_repair import repair

    target = target_of(root, remote)
    demand_recorded(target, environment)
    done = repair(target, environment, name, dry_run=dry_run, say=say)
    if format_ == "json":
        print_json({"dry_run": dry_run, "repairs": [one.to_value() for one in done]})
    else:
        for one in done:
            click.echo(inert(one.sentence))
        if not done:
            click.echo("Every pointer says what its events say.")
        elif dry_run:
            click.echo("Nothing was written.")
    if any(one.error for one in done):
        raise click.exceptions.Exit(1)


COMMANDS = (state,)
