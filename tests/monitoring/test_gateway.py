"""Pushed to Debian's real Pushgateway."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.monitoring.gateway import push
from registry_tool.monitoring.series import FinishedRun, RunSeries
from tests.bounded import PATIENCE
from tests.monitoring.pushgateway import free_port, gateway_there, pushgateway


@pytest.fixture
def gateway() -> Iterator[str]:
    with pushgateway() as address:
        yield address


def counted(runs: int) -> CollectorRegistry:
    registry = CollectorRegistry()
    series = RunSeries(registry)
    for _ in range(runs):
        series.count(FinishedRun("hello", "1.0.0", "success", 0.5, {"input_tokens": 3}))
    return registry


def held(gateway: str) -> list[str]:
    with urlopen(f"{gateway}/metrics", timeout=PATIENCE) as answer:  # noqa: S310
        return [
            line for line in answer.read().decode().splitlines() if line.startswith("workflow_exec")
        ]


@gateway_there
def test_totals_take_the_place_of_totals(gateway: str) -> None:
    push(gateway, counted(2), "production")
    push(gateway, counted(3), "production")
    push(gateway, counted(7), "staging")
    totals = [line for line in held(gateway) if line.startswith("workflow_executions_total")]
    assert sorted(totals) == [
        f'workflow_executions_total{{instance="{name}",job="workflow",status="success",'
        f'version="1.0.0",workflow_name="hello"}} {runs}'
        for name, runs in (("production", 3), ("staging", 7))
    ]


def test_a_gateway_that_is_not_there_is_reported() -> None:
    with pytest.raises(RegistryError, match="took no metrics: Connection refused"):
        push(f"http://127.0.0.1:{free_port()}", counted(1), "production")
    with pytest.raises(UsageError, match="is not an address of a Pushgateway"):
        push("gateway:9091", counted(1), "production")
