"""The files for Prometheus and Grafana, read by promtool and held against the metrics that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry_tool.commands.monitor.monitoring import write_monitoring

ROOT = Path(__file__).parents[2]
promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (Debian package prometheus) is not installed"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written, kept = write_monitoring(tmp_path)
    assert ([path.name for path in written], kept) == (["alerts.yml", "dashboard.json"], [])
    return tmp_path


def test_rules_that_somebody_changed_are_kept(folder: Path) -> None:
    (folder / "alerts.yml").write_text("groups: []\n")
    _, kept = write_monitoring(folder)
    assert [path.read_text() for path in kept] == ["groups: []\n"]


def ask(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["promtool", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@promtool
def test_prometheus_takes_the_rules_and_they_fire_on_what_they_are_for(folder: Path) -> None:
    assert "23 rules found" in ask(folder, "check", "rules", "alerts.yml")
    for name in ("alerts_test.yml", "alerts_days_test.yml", "alerts_disasters_test.yml"):
        shutil.copy(Path(__file__).with_name(name), folder)
        assert "SUCCESS" in ask(folder, "test", "rules", name)


DOCUMENT = {
    "high_error_rate": ("rate(workflow_executions_total{status='error'}[5m]) > 0.1", "warning"),
    "workflow_down": ("up{job='workflow'} == 0", "critical"),
}
"""The design document's alerts, to the letter."""


@promtool
def test_the_design_documents_alerts_keep_their_meaning(folder: Path) -> None:
    """What its expressions find, ours find: same severity, same workflow or target, same moment."""
    ours = {rule["alert"]: rule for rule in rules(folder) if "alert" in rule}
    found = {"high_error_rate": "workflow_name", "workflow_down": "instance"}
    for name, (_, severity) in DOCUMENT.items():
        assert (ours[name]["labels"]["severity"], ours[name].get("for")) == (severity, None)
    runs = 'workflow_executions_total{workflow_name="%s",version="1.0.0",status="%s"}'
    series = {
        runs % ("bad", "error"): "0+12x10",
        runs % ("bad", "success"): "0+600x10",
        runs % ("fine", "error"): "0+3x10",
        'up{job="workflow",instance="a"}': "0x10",
        'up{job="workflow",instance="b"}': "1x10",
    }
    tests = [
        {
            "expr": f"count by ({label}) ({expr})",
            "eval_time": "8m",
            "exp_samples": [_one(label, who)],
        }
        for (name, label), who in zip(found.items(), ("bad", "a"), strict=True)
        for expr in (DOCUMENT[name][0], ours[name]["expr"])
    ]
    wanted: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": tests,
    }
    written = {"evaluation_interval": "1m", "rule_files": ["alerts.yml"], "tests": [wanted]}
    (folder / "document.yml").write_text(yaml.safe_dump(written))
    assert "SUCCESS" in ask(folder, "test", "rules", "document.yml")


def _one(label: str, value: str) -> dict[str, Any]:
    return {"labels": f'{{{label}="{value}"}}', "value": 1}


def rules(folder: Path) -> list[dict[str, Any]]:
    groups = yaml.safe_load((folder / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels(folder: Path) -> list[str]:
    """What the dashboard asks, its variables filled in."""
    board = json.loads((folder / "dashboard.json").read_text())
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return [expression.replace("$workflow", ".*") for expression in asked]


@promtool
def test_prometheus_can_read_what_the_dashboard_asks(folder: Path) -> None:
    names = [f"panel:{number}" for number in range(len(panels(folder)))]
    asked = [
        {"record": name, "expr": text} for name, text in zip(names, panels(folder), strict=True)
    ]
    group = {"groups": [{"name": "panels", "rules": asked}]}
    (folder / "panels.yml").write_text(yaml.safe_dump(group))
    assert f"{len(asked)} rules found" in ask(folder, "check", "rules", "panels.yml")


def test_every_alert_has_its_page(folder: Path) -> None:
    page = (ROOT / "docs/monitoring.md").read_text()
    alerts = [rule for rule in rules(folder) if "alert" in rule]
    for rule in alerts:
        assert f"### {rule['alert']}\n" in page
        assert rule["annotations"]["runbook"] == f"docs/monitoring.md#{rule['alert']}"
    result = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert result == [rule["alert"] for rule in alerts]
