"""Commands that watch: the files for Prometheus and Grafana, the exporter, and drift."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import (
    state_remote,
    target_of,
)
from registry_tool.cli.output import format_option, print_json, print_warning
from registry_tool.core.errors import RegistryError
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.monitor.drift.drift import Checked
    from registry_tool.state.target import Target

gateway_option = click.option(
    "--push-gateway",
    default="",
    envvar="PUSH_GATEWAY",
    metavar="URL",
    help="Push the metrics to a Prometheus Pushgateway.",
)


def push_after(target: Target, environment: str, url: str) -> None:
    """Push an environment's totals after a run; where the gateway is away, the run's own end still counts."""
    from registry_tool.commands.monitor.exporter import push_totals

    if url:
        try:
            push_totals(target, environment, url)
        except RegistryError as error:
            print_warning(str(error))


def rollout_after(target: Target, environment: str, name: str) -> None:
    """Go on with a rollout that waits for runs, now that one has ended; whatever follows, the run's end counts."""
    from registry_tool.cli.deploy.show import print_event, say
    from registry_tool.commands.deploy.deploy import DeployOptions
    from registry_tool.commands.deploy.reconcile import after_run
    from registry_tool.commands.notify.failed_deployments import FailureNotifier, send_reconciled

    done = after_run(target, environment, name, print_event, DeployOptions(say=say))
    if done is not None and done.error is not None:
        print_warning(done.sentence)
        send_reconciled(target, [done], FailureNotifier(print_warning))
    elif done is not None:
        say(done.sentence)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def monitoring(folder: Path) -> None:
    """Write the alert rules for Prometheus and the dashboard for Grafana.

    Example: registry-tool monitoring monitoring/
    """
    from registry_tool.commands.monitor.monitoring import write_monitoring

    written, kept = write_monitoring(folder)
    for path in written:
        click.echo(f"written: {path}")
    for path in kept:
        click.echo(f"what stood there is now {path}")


@click.command()
@clone_root
@state_remote
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    help="Only this environment. Default: all.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=9464, show_default=True)
@gateway_option
def exporter(
    root: Path, remote: str, environment: str, host: str, port: int, push_gateway: str
) -> None:
    """Serve the registry's metrics at /metrics, or push them once.

    Example: registry-tool exporter --env production --port 9464
    """
    from registry_tool.commands.consume.unknown_names import demand_known
    from registry_tool.commands.monitor.exporter import SeriesCollector, push_totals, serve

    target = target_of(root, remote)
    demand_known(target, environment)
    if push_gateway:
        push_totals(target, environment, push_gateway)
        return
    watched = SeriesCollector(target, environment)
    serve(watched, host, port, lambda address: click.echo(address, err=True))


@click.command()
@clone_root
@state_remote
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    required=True,
    envvar="ENVIRONMENT",
    help="The environment.",
)
@click.option(
    "--workflow",
    "name",
    shell_complete=complete.names,
    default="",
    help="Only this one. Default: all that serve.",
)
@click.option(
    "--provider",
    type=click.Choice(["local", "openai"]),
    default=None,
    help="Who answers. Default: the environment's provider.",
)
@click.option("--max-cost", type=click.FloatRange(0), default=None, help="Dollars for a version.")
@click.option("--open-issue", is_flag=True, help="Open, add to or close the workflow's issue.")
@click.option("--summary", type=click.Path(path_type=Path), default=None, help="Write Markdown.")
@click.option("--metrics", type=click.Path(path_type=Path), default=None, help="Write OpenMetrics.")
@gateway_option
@format_option()
def drift(
    root: Path,
    remote: str,
    environment: str,
    name: str,
    provider: str | None,
    max_cost: float | None,
    open_issue: bool,
    summary: Path | None,
    metrics: Path | None,
    push_gateway: str,
    format_: str,
) -> None:
    """Ask models again what the tests of serving versions recorded.

    Exit code 1: something differs, or a model could not be asked. The latter is inconclusive and touches no issue.

    Example: registry-tool drift --env production --open-issue
    """
    from registry_tool.commands.consume.unknown_names import demand_known
    from registry_tool.commands.monitor.drift.drift import check_drift
    from registry_tool.commands.monitor.drift.report import drift_text, publish_drift
    from registry_tool.engine.providers.models.metered import Budget

    target = target_of(root, remote)
    demand_known(target, environment)
    budget = Budget(None, max_cost) if max_cost is not None else None
    checked = check_drift(target, environment, name, provider or "", budget)
    if format_ == "json":
        print_json({"checked": [one.to_value() for one in checked]})
    else:
        click.echo("\n".join(inert(line) for line in drift_text(checked)))
    try:
        publish_drift(checked, target.clock.now().timestamp(), summary, metrics, push_gateway)
    finally:  # a Pushgateway that is down keeps nobody's issue closed
        if open_issue:
            _tell_owners(target, checked)
    if any(one.drifted or one.trouble for one in checked):
        raise click.exceptions.Exit(1)


def _tell_owners(target: Target, checked: Sequence[Checked]) -> None:
    from registry_tool.commands.monitor.drift.drift import report_drift
    from registry_tool.commands.monitor.drift.issue import tracker_of

    for address in filter(None, report_drift(tracker_of(target, os.environ), checked)):
        click.echo(inert(address), err=True)


COMMANDS = (monitoring, exporter, drift)
