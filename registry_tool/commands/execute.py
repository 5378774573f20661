"""One run of what an environment serves, with its log; the `execute` job and `puppy-cli run NAME --env E`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO, cast

from registry_tool.commands.deploy import Target, deployed, open_deployed
from registry_tool.commands.run_workflow import HowToRun, run_program
from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import pretty_json, write_atomic
from registry_tool.core.values import Object, Value
from registry_tool.engine.events import Listener
from registry_tool.engine.run import RunResult
from registry_tool.monitoring.log import JsonLog
from registry_tool.monitoring.metrics import Metrics
from registry_tool.store.git import Repository

_LOGS = "registry-tool/logs"


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where a run's log and metrics also go, beside the repository's own log."""

    stream: TextIO | None = None
    log: Path | None = None
    metrics: Path | None = None


def execute(
    target: Target,
    name: str,
    inputs: Mapping[str, Value],
    how: HowToRun,
    *,
    sinks: Sinks | None = None,
) -> RunResult:
    """Run the version that serves in `how.environment`, with that environment's configuration."""
    told = sinks or Sinks()
    environment = how.environment
    deployment = deployed(target, name, environment)
    opened = open_deployed(target, deployment)
    metrics = Metrics()
    logs = [log_file(target, name, environment), *([told.log] if told.log else [])]
    with ExitStack() as stack:
        streams = [stack.enter_context(_appending(path)) for path in logs]
        streams += [told.stream] if told.stream else []
        told_to: tuple[Listener, ...] = (*how.listeners, *map(JsonLog, streams), metrics)
        served = replace(how, overlay=deployment.config, listeners=told_to)
        result = run_program(opened.program, inputs, served)
    if told.metrics:
        write_atomic(told.metrics, metrics.openmetrics())
    return result


def write_result(path: Path, result: RunResult) -> None:
    """The result as JSON, in the shape that `puppy-cli run --format json` prints."""
    write_atomic(path, pretty_json(result.to_value()))


def _appending(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a", encoding="ascii")


def log_file(target: Target, name: str, environment: str) -> Path:
    """Where the runs of a registry on this machine are logged: inside its git folder, never in its history."""
    return Repository(target.root).git_dir / _LOGS / environment / f"{name}.jsonl"


def read_log(target: Target, name: str, environment: str) -> Iterator[Object]:
    """Every line that was logged, oldest first; `NotFoundError` where nothing ran."""
    path = log_file(target, name, environment)
    try:
        with path.open(encoding="ascii") as file:
            for line in file:
                if line.endswith("\n"):  # a line without its end is still being written
                    yield cast(Object, json.loads(line))
    except FileNotFoundError:
        raise NotFoundError(
            f"no run of {name} in {environment} was logged on this machine",
            way_out=f"run it with `puppy-cli run {name} --env {environment} --input …`",
        ) from None
