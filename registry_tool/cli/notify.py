"""Commands of notifications: a trial, and alerts that are passed on."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from registry_tool.cli.options import clone_root
from registry_tool.cli.output import format_option, print_json, print_warning
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.notify.send import Delivery


def warn_of_undelivered(found: Iterable[Delivery]) -> None:
    """Warn of receivers that were not notified."""
    for one in found:
        if one.reason:
            print_warning(one.sentence)


@click.group()
def notify() -> None:
    """Notify receivers of webhooks (`notifications` in registry.yaml).

    Example: registry-tool notify test
    """


@notify.command("test")
@clone_root
@click.option("--receiver", default="", help="Only this one. Default: all.")
@format_option()
def notify_test(root: Path, receiver: str, format_: str) -> None:
    """Send every receiver one message, to see whether it arrives.

    Exit code 1: one of them took none.

    Example: registry-tool notify test --receiver team-chat
    """
    from registry_tool.catalogue.load import load_settings
    from registry_tool.commands.notify.trial import send_trial
    from registry_tool.store.registry_tree import registry_tree

    settings = load_settings(registry_tree(root))
    _show(send_trial(settings, os.environ, receiver), format_)


@notify.command("alerts")
@click.argument("file", type=click.File("rb"), default="-")
@clone_root
@format_option()
def notify_alerts(file: BinaryIO, root: Path, format_: str) -> None:
    """Notify receivers of the alerts in a message of Alertmanager's webhook (FILE, or standard input).

    The exporter takes the same message at /alerts.

    Example: registry-tool notify alerts message.json
    """
    from registry_tool.catalogue.load import load_settings
    from registry_tool.commands.notify.alerts import LARGEST_BODY, send_alerts
    from registry_tool.store.registry_tree import registry_tree

    body = file.read(LARGEST_BODY + 1)
    settings = load_settings(registry_tree(root))
    _show(send_alerts(settings, body, os.environ), format_)


def _show(found: list[Delivery], format_: str) -> None:
    if format_ == "json":
        print_json({"deliveries": [one.to_value() for one in found]})
    else:
        for one in found:
            if not one.reason:
                click.echo(inert(f"{one.receiver} ({one.form}) was notified of {one.type}."))
        if not found:
            click.echo("No receiver asked for it.")
    warn_of_undelivered(found)
    if any(one.reason for one in found):
        raise click.exceptions.Exit(1)


COMMANDS = (notify,)
