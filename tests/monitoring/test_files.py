"""The files for Prometheus and Grafana, read by promtool and held against the metrics that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from registry_tool.commands.monitoring import write_monitoring
from registry_tool.monitoring.metrics import Metrics

ROOT = Path(__file__).parents[2]
promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (Debian package prometheus) is not installed"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert [path.name for path in write_monitoring(tmp_path)] == ["alerts.yml", "dashboard.json"]
    return tmp_path


def ask(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["promtool", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@promtool
def test_prometheus_takes_the_rules_and_they_fire_on_what_they_are_for(folder: Path) -> None:
    assert "4 rules found" in ask(folder, "check", "rules", "alerts.yml")
    shutil.copy(Path(__file__).with_name("alerts_test.yml"), folder)
    assert "SUCCESS" in ask(folder, "test", "rules", "alerts_test.yml")


def metric_names() -> set[str]:
    """Every series that a run exposes."""
    metrics = Metrics()
    families = list(metrics.registry.collect())
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    return {f"{f.name}{suffix}" for f in families for suffix in suffixes[f.type]}


def test_rules_and_dashboard_name_metrics_that_exist(folder: Path) -> None:
    rules = yaml.safe_load((folder / "alerts.yml").read_text())["groups"][0]["rules"]
    board = json.loads((folder / "dashboard.json").read_text())
    texts = [rule["expr"] for rule in rules]
    texts += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    named = {name for text in texts for name in re.findall(r"\bworkflow_[a-z_]+(?=[{\[ ,)])", text)}
    named -= {"workflow_name"}
    assert named
    assert named <= metric_names()
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_every_alert_has_its_page(folder: Path) -> None:
    rules = yaml.safe_load((folder / "alerts.yml").read_text())["groups"][0]["rules"]
    page = (ROOT / "docs/operators.md").read_text()
    for rule in rules:
        assert f"### {rule['alert']}\n" in page
        assert rule["annotations"]["runbook"] == f"docs/operators.md#{rule['alert']}"
