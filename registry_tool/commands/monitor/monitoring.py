"""`registry-tool monitoring`: the alert rules for Prometheus and the dashboard for Grafana, as files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from registry_tool.core.files import write_atomic
from registry_tool.core.output_folder import demand_outside_git
from registry_tool.core.put_aside import back_up

FILES = ("alerts.yml", "dashboard.json")


def write_monitoring(folder: Path) -> tuple[list[Path], list[Path]]:
    """Write both files into a folder; their places, and where others of the same name are kept now."""
    source = resources.files("registry_tool.monitoring") / "files"
    contents = {folder / name: (source / name).read_bytes() for name in FILES}
    demand_outside_git(folder)
    kept = [back_up(path, data) for path, data in contents.items()]
    for path, data in contents.items():
        write_atomic(path, data)
    return [*contents], [path for path in kept if path is not None]
