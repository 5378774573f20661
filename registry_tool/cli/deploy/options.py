"""Options of all that changes what serves, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.deploy.show import say
from registry_tool.cli.dispatch import (
    FollowOptions,
    via_option,
    wait_limit_option,
)
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import (
    state_remote,
    target_of,
)
from registry_tool.cli.output import format_option

if TYPE_CHECKING:
    from registry_tool.commands.deploy.deploy import DeployOptions
    from registry_tool.state.target import Target


_env = click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    required=True,
    help="The environment.",
)


strategy_option = click.option(
    "--strategy",
    default="",
    help="all-at-once, blue-green, canary, or a JSON object. Default: the environment's own.",
)


def _reason(_: click.Context, __: click.Parameter, value: str | None) -> str:
    from registry_tool.commands.requests.schema import OVERRIDE

    if value is not None and not OVERRIDE.takes(value):
        raise click.BadParameter(f"{OVERRIDE.meant} is meant")
    return value or ""


override_option = click.option(
    "--override",
    default=None,
    metavar="REASON",
    callback=_reason,
    help="For maintainers: set the environment's rules (after, approval) aside; on record and audited.",
)


_wait = click.option(
    "--wait", is_flag=True, help="Go on with a paused rollout, or follow the job, until it ends."
)


_via = via_option("auto")


reason_option = click.option(
    "--reason", default="", help="Why; it stands in the events, in status and in the audit log."
)


def how_of(strategy: str = "", reason: str = "", override: str = "") -> DeployOptions:
    """How a command works, by its options."""
    from registry_tool.commands.deploy.deploy import DeployOptions as Chosen
    from registry_tool.commands.deploy.reason import checked_reason
    from registry_tool.deploy.strategy import strategy_of

    requested = strategy_of(strategy) if strategy else {}
    return Chosen(strategy=requested, reason=checked_reason(reason), override=override, say=say)


@dataclass(frozen=True, slots=True)
class DeployScope:
    """Where a command acts, and who does it."""

    environment: str
    root: Path
    remote: str
    via: str

    @property
    def target(self) -> Target:
        return target_of(self.root, self.remote)


def change_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of all that changes what serves; the command gets them as `where` and `following`."""

    @wraps(command)
    def act(
        *,
        environment: str,
        root: Path,
        remote: str,
        via: str,
        wait: bool,
        wait_limit: float,
        format_: str,
        **own: Any,
    ) -> None:
        where = DeployScope(environment, root, remote, via)
        command(where=where, following=FollowOptions(wait, wait_limit, format_), **own)

    options = (_env, _wait, wait_limit_option, _via, clone_root, state_remote, format_option())
    return reduce(lambda decorated, option: option(decorated), reversed(options), act)
