"""Every series is on the page, and in what Prometheus and Grafana are given."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from registry_tool.commands.monitor.monitoring import write_monitoring
from registry_tool.monitoring.series import DriftSeries, RunSeries, StateSeries

ROOT = Path(__file__).parents[2]


def metric_names() -> set[str]:
    """Every series that there is, recorded ones too."""
    registry = CollectorRegistry()
    RunSeries(registry), StateSeries(registry), DriftSeries(registry)
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    families = list(registry.collect())
    return {f"{family.name}{suffix}" for family in families for suffix in suffixes[family.type]}


def rules(folder: Path) -> list[dict[str, Any]]:
    groups = yaml.safe_load((folder / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels(folder: Path) -> list[str]:
    """What the dashboard asks, its variables filled in."""
    board = json.loads((folder / "dashboard.json").read_text())
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return [expression.replace("$workflow", ".*") for expression in asked]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written, kept = write_monitoring(tmp_path)
    assert ([path.name for path in written], kept) == (["alerts.yml", "dashboard.json"], [])
    return tmp_path


def test_rules_and_dashboard_name_metrics_that_exist_and_show_every_one(folder: Path) -> None:
    recorded = {rule["record"] for rule in rules(folder) if "record" in rule}
    texts = [rule["expr"] for rule in rules(folder)] + panels(folder)
    word = re.compile(r"\bworkflow[_:][a-z0-9_:]+\b")
    named = {name for text in texts for name in word.findall(text)} - {"workflow_name"}
    known = metric_names() | recorded
    assert named <= known, named - known
    shown = {name for text in panels(folder) for name in word.findall(text)}
    for family in ("_bucket", "_sum", "_count"):
        shown = {name.removesuffix(family) for name in shown}
    series = {re.sub("_(bucket|sum|count)$", "", name) for name in metric_names()}
    assert series <= shown, series - shown


def test_the_page_lists_every_series() -> None:
    page = (ROOT / "docs/monitoring.md").read_text()
    for name in metric_names():
        assert f"| `{re.sub('_(bucket|sum|count)$', '', name)}` |" in page, name
