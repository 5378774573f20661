"""Debian's real Prometheus scrapes the exporter, with our rules; and notices when it is gone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.monitor.monitoring import write_monitoring
from registry_tool.commands.run.execute import execute
from registry_tool.runtime.run_program import RunOptions
from registry_tool.state.target import Target
from tests.bounded import PATIENCE
from tests.monitoring.pushgateway import free_port

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        shutil.which("prometheus") is None,
        reason="Prometheus (Debian package prometheus) is not installed",
    ),
]

CONFIG = """\
global: {{ scrape_interval: 1s, evaluation_interval: 1s }}
rule_files: [alerts.yml]
scrape_configs:
  - job_name: workflow
    static_configs: [{{ targets: ["{target}"] }}]
"""


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    write_monitoring(folder)
    (folder / "prometheus.yml").write_text(CONFIG.format(target=target))
    address = f"127.0.0.1:{free_port()}"
    words = ["--config.file=prometheus.yml", "--storage.tsdb.path=data"]
    with subprocess.Popen(
        ["prometheus", *words, f"--web.listen-address={address}"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield f"http://{address}"
        finally:
            process.terminate()


def until(address: str, query: str, wanted: Callable[[list[Any]], bool]) -> list[Any]:
    """What a query gives, asked until it is as wanted."""
    found: list[Any] = []
    for _ in range(600):
        try:
            with urlopen(f"{address}/api/v1/query?{urlencode({'query': query})}") as answer:  # noqa: S310
                found = json.load(answer)["data"]["result"]
        except URLError:
            found = []  # it is not up yet
        if wanted(found):
            return found
        time.sleep(0.1)
    raise AssertionError(f"{query} gave {found}")


def test_prometheus_scrapes_the_exporter_and_notices_its_end(
    make_registry: Callable[..., Any], tmp_path: Path
) -> None:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    target = Target(made.root)
    deploy(target, "hello", "development")
    execute(target, "hello", {"who": "Ada"}, RunOptions("development"))
    command = [Path(sys.executable).with_name("registry-tool"), "exporter", "--port", "0"]
    with subprocess.Popen(
        [*command, "--root", made.root], stderr=subprocess.PIPE, text=True
    ) as exporter:
        assert exporter.stderr is not None
        host = exporter.stderr.readline().strip().removeprefix("http://").removesuffix("/metrics")
        with prometheus(tmp_path / "prometheus", host) as address:
            [up] = until(address, 'up{job="workflow"} == 1', bool)
            assert up["metric"]["instance"] == host
            [run] = until(address, "workflow_executions_total", bool)
            labels = {k: run["metric"][k] for k in ("workflow_name", "version", "status")}
            assert labels == {"workflow_name": "hello", "version": "1.0.0", "status": "success"}
            exporter.terminate()
            exporter.wait(timeout=PATIENCE)
            [alert] = until(address, 'ALERTS{alertname="workflow_down",alertstate="firing"}', bool)
            assert alert["metric"]["severity"] == "critical"
