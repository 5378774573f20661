from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.monitor.exporter import SeriesCollector
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.review.check import write_compiled
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.execute import execute
from registry_tool.core.clock import FixedClock, SystemClock
from registry_tool.core.errors import RegistryError
from registry_tool.runtime.run_program import RunOptions
from registry_tool.state.runs.logs import log_file
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target
from registry_tool.store.tree import FolderTree
from tests.bounded import PATIENCE
from tests.monitoring.pushgateway import free_port, gateway_there, pushgateway


@pytest.fixture
def target(make_registry: Callable[..., object]) -> Target:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")  # type: ignore[attr-defined]
    made.add("hello", "1.1.0")  # type: ignore[attr-defined]
    settings = made.root / "registry/registry.yaml"  # type: ignore[attr-defined]
    settings.write_text(
        settings.read_text()
        + "plans: { free: { runs_per_month: 100 } }\naccess: { default_plan: free }\n"
    )
    made.commit("Publish")  # type: ignore[attr-defined]
    return Target(made.root)  # type: ignore[attr-defined]


def ran(target: Target) -> None:
    execute(
        target, "hello", {"who": "Ada"}, RunOptions("development"), requester=Requester(7, "ada")
    )


def value(watched: SeriesCollector, name: str, **labels: str) -> float | None:
    return watched.registry.get_sample_value(name, labels)


def test_a_registrys_deployments_runs_and_plans_are_its_series(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    ran(target)
    watched = SeriesCollector(target)
    run = {"workflow_name": "hello", "version": "1.0.0", "status": "success"}
    ended = {"workflow_name": "hello", "environment": "development", "status": "success"}
    for _ in range(2):  # what was read is not read again
        watched.refresh()
        assert value(watched, "workflow_executions_total", **run) == 1.0
        assert value(watched, "workflow_deployments_total", **ended) == 1.0
    serving = {"workflow_name": "hello", "environment": "development"}
    assert value(watched, "workflow_serving_weight", version="1.0.0", **serving) == 100.0
    assert value(watched, "workflow_quota_used_ratio", plan="free") == 0.01
    assert value(watched, "workflow_runs_total", environment="development", **run) == 1.0
    last = value(watched, "workflow_last_run_timestamp_seconds", **serving)
    assert last is not None
    assert value(watched, "workflow_last_success_timestamp_seconds", **serving) == last
    assert value(watched, "workflow_deployment_seconds_count", environment="development") == 1.0

    ran(target)
    deploy(target, "hello:1.1.0", "development")
    watched.refresh()
    assert value(watched, "workflow_executions_total", **run) == 2.0
    assert value(watched, "workflow_deployments_total", **ended) == 2.0
    assert value(watched, "workflow_serving_weight", version="1.1.0", **serving) == 100.0
    assert value(watched, "workflow_serving_weight", version="1.0.0", **serving) is None


def test_a_run_is_counted_by_its_record_where_its_log_is_elsewhere(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    ran(target)
    log_file(target, "hello", "development").unlink()
    watched = SeriesCollector(target, "development")
    watched.refresh()
    labels = {"workflow_name": "hello", "version": "1.0.0"}
    assert value(watched, "workflow_executions_total", status="success", **labels) == 1.0
    assert value(watched, "workflow_execution_duration_count", **labels) == 1.0


def test_a_run_whose_end_nobody_wrote_down_is_lost_in_time(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    early = replace(target, clock=FixedClock(SystemClock().now() - timedelta(days=1)))
    request = ExecuteRequest("hello", {"who": "Ada"})
    admit(early, "development", request, Requester(), ring=ring_of(target, "development"))
    labels = {"workflow_name": "hello", "environment": "development"}
    for when, lost in ((target, 1.0), (early, None)):
        watched = SeriesCollector(when)
        watched.refresh()
        assert value(watched, "workflow_runs_lost", **labels) == lost


def test_one_environment_alone(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    deploy(target, "hello:1.1.0", "production")
    watched = SeriesCollector(target, "production")
    watched.refresh()
    labels = {"workflow_name": "hello", "status": "success"}
    assert value(watched, "workflow_deployments_total", environment="production", **labels) == 1.0
    assert value(watched, "workflow_deployments_total", environment="development", **labels) is None


def test_a_version_that_was_removed_while_it_serves_breaks_no_scrape(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    shutil.rmtree(target.root / "registry/workflows/hello/1.0.0")
    watched = SeriesCollector(target)
    watched.refresh()
    labels = {"workflow_name": "hello", "environment": "development", "version": "1.0.0"}
    assert value(watched, "workflow_serving_weight", **labels) == 100.0


def test_a_failed_deployment_is_counted_as_one(target: Target) -> None:
    folder = target.root / "registry/workflows/hello/1.1.0"
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, world!", "Bye, world!"))
    write_compiled(target.root, FolderTree(target.root))
    with pytest.raises(RegistryError):
        deploy(target, "hello:1.1.0", "development")
    watched = SeriesCollector(target)
    watched.refresh()
    labels = {"workflow_name": "hello", "environment": "development", "status": "failed"}
    assert value(watched, "workflow_deployments_total", **labels) == 1.0


@pytest.mark.parametrize("interrupts", ["as usual", "ignored, as a shell's background jobs"])
def test_the_command_serves_until_it_is_reported_to_end(target: Target, interrupts: str) -> None:
    deploy(target, "hello:1.0.0", "development")
    command = [Path(sys.executable).with_name("registry-tool"), "exporter", "--port", "0"]
    before = signal.getsignal(signal.SIGINT)
    if interrupts != "as usual":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a child inherits that
    try:
        process = subprocess.Popen(
            [*command, "--root", target.root], stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        assert process.stderr is not None
        address = process.stderr.readline().strip()
        with urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310
            assert "workflow_serving_weight{" in answer.read().decode()
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 130


def test_a_registry_that_cannot_be_read_is_reported_at_once(tmp_path: Path) -> None:
    command = [Path(sys.executable).with_name("registry-tool"), "exporter", "--root", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")


def run_as_a_job(target: Target, gateway: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("registry-tool"), "execute", "--env", "development"]
    request = '{"workflow": "hello", "inputs": {"who": "Ada"}}'
    return subprocess.run(
        [*command, "--root", target.root, "--request", request, "--push-gateway", gateway],
        capture_output=True,
        text=True,
        check=False,
    )


@gateway_there
def test_a_job_pushes_the_totals_that_its_run_belongs_to(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    with pushgateway() as address:
        for _ in range(2):
            assert run_as_a_job(target, address).returncode == 0
        with urlopen(f"{address}/metrics", timeout=PATIENCE) as answer:  # noqa: S310
            held = answer.read().decode().splitlines()
    [total] = [line for line in held if line.startswith("workflow_executions_total")]
    assert total == (
        'workflow_executions_total{instance="development",job="workflow",status="success",'
        'version="1.0.0",workflow_name="hello"} 2'
    )


def test_a_gateway_that_is_away_does_not_undo_a_run(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    done = run_as_a_job(target, f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 0
    assert "the Pushgateway took no metrics" in done.stderr
