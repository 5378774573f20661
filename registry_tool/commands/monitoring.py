"""`registry-tool monitoring`: the alert rules for Prometheus and the dashboard for Grafana, as files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from registry_tool.core.files import write_atomic

FILES = ("alerts.yml", "dashboard.json")


def write_monitoring(folder: Path) -> list[Path]:
    """Write both files into a folder, over older ones of the same name; their places."""
    source = resources.files("registry_tool.monitoring") / "files"
    written = []
    for name in FILES:
        write_atomic(folder / name, (source / name).read_bytes())
        written.append(folder / name)
    return written
