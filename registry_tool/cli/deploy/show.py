"""How a deployment is shown: its stages as they end, and what serves afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from registry_tool.cli.output import print_json
from registry_tool.core.values import Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.deploy.model import Deployment, StageEvent


def print_event(event: StageEvent) -> None:
    """One line a stage, as it ends."""
    shown = {key: value for key, value in event.detail.items() if key not in _LONG and value}
    detail = ", ".join(
        key if value is True else f"{key} {_words(value)}" for key, value in shown.items()
    )
    line = f"{event.stage:<12}  {event.status:<12}  {event.seconds:6.2f} s  {detail}"
    click.echo(inert(line.rstrip()), err=True)


_LONG = frozenset({"serving", "entry"})


_SHOWN = len("sha256:") + 10  # of a digest; `status --format json` has all of it


def say(sentence: str) -> None:
    """One line on standard error: what was not done, and why."""
    click.echo(inert(sentence), err=True)


def _words(value: Value) -> str:
    if isinstance(value, list):
        return " ".join(_words(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{key}:{item}" for key, item in value.items() if item is not None)
    text = str(value)
    return f"{text[:_SHOWN]}…" if text.startswith("sha256:") else text


def show(deployment: Deployment, format_: str = "text") -> None:
    """What serves now, and whether a rollout goes on."""
    from registry_tool.deploy.render import deployment_json, deployment_sentences

    if format_ == "json":
        print_json(deployment_json(deployment))
        return
    for sentence in deployment_sentences(deployment):
        click.echo(inert(sentence))
