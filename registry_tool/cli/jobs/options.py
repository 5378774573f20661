"""Options of the commands that jobs run, and the two files in which a job takes answers."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry_tool.core.files import append_text
from registry_tool.core.values import Value

if TYPE_CHECKING:
    from registry_tool.commands.run.actor import Requester

execution_id_option = click.option(
    "--execution-id",
    default="",
    envvar="EXECUTION_ID",
    help="Names the run; the same id again is the same run. Default: a random one.",
)
summary_option = click.option(
    "--summary",
    type=click.Path(path_type=Path),
    default=None,
    envvar="GITHUB_STEP_SUMMARY",
    help="Append a summary in Markdown to this file.",
)
outputs_option = click.option(
    "--outputs",
    type=click.Path(path_type=Path),
    default=None,
    envvar="GITHUB_OUTPUT",
    help="Append what later steps need to this file.",
)


def request_option(example: str, *, required: bool = True) -> Callable[[Any], Any]:
    """`--request`, from the job's environment."""
    return click.option(
        "--request",
        required=required,
        default=None if required else "",
        envvar="REQUEST",
        help=f"JSON: {example}",
    )


correlation_option = click.option(
    "--correlation-id",
    default="",
    envvar="CORRELATION_ID",
    help="Names the request; one that travels by its digest stands on a branch of this name.",
)


def actor_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--actor-id` and `--actor-login`: who asked, by the event and never by the request."""
    command = click.option(
        "--actor-login",
        default="",
        envvar=["ACTOR_LOGIN", "GITHUB_ACTOR"],
        help="Their login, for people to read.",
    )(command)
    return click.option(
        "--actor-id",
        type=click.IntRange(1),
        default=None,
        envvar=["ACTOR_ID", "GITHUB_ACTOR_ID"],
        help="The numeric id of who asks. Default: the local user.",
    )(command)


def requester(actor_id: int | None, actor_login: str) -> Requester:
    """Who asked for the command."""
    from registry_tool.commands.run.actor import requester_of

    return requester_of(actor_id, actor_login)


def write_outputs(path: Path | None, values: Mapping[str, Value]) -> None:
    """Append `name=value` lines in GitHub's long form: no value can end itself and begin another."""
    if path is None:
        return
    lines = []
    for name, value in values.items():
        end = f"end-{secrets.token_hex(16)}"
        text = str(value).lower() if isinstance(value, bool) else str(value)
        lines.append(f"{name}<<{end}\n{text}\n{end}\n")
    append_text(path, "".join(lines))


def append_summary(path: Path | None, text: str) -> None:
    """Append Markdown to the job's page."""
    if path is not None:
        append_text(path, f"{text}\n")


def moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    """A time given on the command line (ISO 8601), in UTC where it names no zone."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value[:40]!r} is not a time such as 2026-11-25T12:00Z"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
