from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from registry_tool.commands.deploy import Target, deploy
from registry_tool.commands.execute import log_file
from registry_tool.commands.exporter import Watched
from registry_tool.core.errors import RegistryError

LINE = (
    '{"event": "execution_finished", "metadata": {"status": "success", "seconds": 0.5}, '
    '"workflow": {"name": "hello", "version": "1.0.0", "execution_id": "%s"}}\n'
)


@pytest.fixture
def target(make_registry: Callable[..., object]) -> Target:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")  # type: ignore[attr-defined]
    made.add("hello", "1.1.0")  # type: ignore[attr-defined]
    settings = made.root / "registry/registry.yaml"  # type: ignore[attr-defined]
    settings.write_text(settings.read_text() + "plans: { free: { runs_per_month: 100 } }\n")
    made.commit("Publish")  # type: ignore[attr-defined]
    return Target(made.root)  # type: ignore[attr-defined]


def ran(target: Target, execution_id: str) -> None:
    path = log_file(target, "hello", "development")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(LINE % execution_id)


def value(watched: Watched, name: str, **labels: str) -> float | None:
    return watched.registry.get_sample_value(name, labels)


def test_a_registrys_deployments_runs_and_plans_are_its_series(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    ran(target, "exec-1")
    watched = Watched(target)
    run = {"workflow_name": "hello", "version": "1.0.0", "status": "success"}
    ended = {"workflow_name": "hello", "environment": "development", "status": "success"}
    for _ in range(2):  # what was read is not read again
        watched.refresh()
        assert value(watched, "workflow_executions_total", **run) == 1.0
        assert value(watched, "workflow_deployments_total", **ended) == 1.0
    serving = {"workflow_name": "hello", "environment": "development"}
    assert value(watched, "workflow_serving_weight", version="1.0.0", **serving) == 100.0
    assert value(watched, "workflow_quota_used_ratio", plan="free") == 0.0
    assert value(watched, "workflow_deployment_seconds_count", environment="development") == 1.0

    ran(target, "exec-2")
    deploy(target, "hello:1.1.0", "development")
    watched.refresh()
    assert value(watched, "workflow_executions_total", **run) == 2.0
    assert value(watched, "workflow_deployments_total", **ended) == 2.0
    assert value(watched, "workflow_serving_weight", version="1.1.0", **serving) == 100.0
    assert value(watched, "workflow_serving_weight", version="1.0.0", **serving) is None


def test_one_environment_alone(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    deploy(target, "hello:1.1.0", "production")
    watched = Watched(target, "production")
    watched.refresh()
    labels = {"workflow_name": "hello", "status": "success"}
    assert value(watched, "workflow_deployments_total", environment="production", **labels) == 1.0
    assert value(watched, "workflow_deployments_total", environment="development", **labels) is None


def test_a_failed_deployment_is_counted_as_one(target: Target) -> None:
    folder = target.root / "registry/workflows/hello/1.1.0"
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, world!", "Bye, world!"))
    with pytest.raises(RegistryError):
        deploy(target, "hello:1.1.0", "development")
    watched = Watched(target)
    watched.refresh()
    labels = {"workflow_name": "hello", "environment": "development", "status": "failed"}
    assert value(watched, "workflow_deployments_total", **labels) == 1.0


def test_the_command_serves_until_it_is_told_to_end(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    command = [Path(sys.executable).with_name("registry-tool"), "exporter", "--port", "0"]
    with subprocess.Popen(
        [*command, "--root", target.root], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        address = process.stderr.readline().strip()
        with urlopen(address, timeout=30) as answer:  # noqa: S310
            assert "workflow_serving_weight{" in answer.read().decode()
        process.terminate()
        assert process.wait(timeout=30) == 130
