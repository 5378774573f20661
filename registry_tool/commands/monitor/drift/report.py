"""What was found of drift, as text, as Markdown, and as metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry

from registry_tool.commands.monitor.drift.drift import Checked
from registry_tool.core.files import write_atomic
from registry_tool.monitoring.gateway import DRIFT_JOB, push
from registry_tool.monitoring.metrics import openmetrics
from registry_tool.monitoring.series import DriftSeries
from registry_tool.report.drift import drift_body
from registry_tool.report.markdown import plain
from registry_tool.security.handling import private_text


def drift_metrics(checked: Iterable[Checked], when: float) -> CollectorRegistry:
    """How many differences each workflow has, and when that was found out; `when` in Unix time."""
    registry = CollectorRegistry()
    series = DriftSeries(registry)
    found: dict[tuple[str, str], int] = {}
    for one in checked:
        if one.asked:
            key = (one.workflow, one.environment)
            found[key] = found.get(key, 0) + len(one.comparison.differences)
    for (name, environment), differences in found.items():
        series.checked(name, environment, differences, when)
    return registry


def drift_text(checked: Iterable[Checked]) -> Iterator[str]:
    """A line a version, and one for each difference."""
    for one in checked:
        found = one.comparison
        known = one.skipped or ("drifted" if one.drifted else "as recorded")
        state = f"inconclusive, {one.trouble}" if one.trouble else known
        counts = f"{found.same} same, {found.reworded} reworded, {found.unrecorded} not recorded"
        age = f"; recordings {one.recordings.age}" if one.recordings.count else ""
        detail = "" if one.skipped else f" ({counts}{age})"
        yield f"{one.workflow}:{one.version} in {one.environment}: {state}{detail}"
        for difference in () if one.trouble else found.differences:
            yield f"  {difference.kind} {difference.what}: {difference.words}"


def _summary(checked: Sequence[Checked]) -> str:
    """What drifted as its issue tells it, or else a line for each version."""
    if drifted := [one.shown for one in checked if one.drifted]:
        return drift_body(drifted)
    return private_text("".join(f"- {plain(line)}\n" for line in drift_text(checked)))


def publish_drift(
    checked: Sequence[Checked],
    when: float,
    summary: Path | None,
    metrics: Path | None,
    gateway: str,
) -> None:
    """Write the Markdown and the OpenMetrics file, and push, where each is wanted."""
    if summary:
        write_atomic(summary, _summary(checked))
    registry = drift_metrics(checked, when)
    if metrics:
        write_atomic(metrics, openmetrics(registry))
    if gateway and checked:
        push(gateway, registry, checked[0].environment, DRIFT_JOB)
