"""The logs of runs on this machine, line by line: which may go, and taking them out.

They lie in the repository's git folder, `registry-tool/logs/<environment>/<workflow>.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from registry_tool.core.appending import rewrite_lines
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.state.branches import StateLocation
from registry_tool.state.runs.logs import logs_folder


@dataclass(frozen=True, slots=True)
class ClearResult:
    """How many lines were (or would be) taken out, and the logs that somebody was writing to."""

    lines: int = 0
    busy: tuple[Path, ...] = ()


def clear(
    location: StateLocation,
    environment: str,
    goes: Callable[[Object], bool],
    *,
    dry_run: bool = False,
) -> ClearResult:
    """Take out the lines that `goes` names. A line that can't be read stays: it is still being written."""
    lines, busy = 0, list[Path]()
    for path in _logs(location, environment):
        count = _count(path, goes) if dry_run else rewrite_lines(path, lambda x: not _read(x, goes))
        if count is None:
            busy.append(path)
        lines += count or 0
    return ClearResult(lines, tuple(busy))


def of_runs(executions: Collection[str]) -> Callable[[Object], bool]:
    """Names the lines of runs and of those that they called."""
    wanted = frozenset(executions)

    def goes(entry: Object) -> bool:
        workflow = entry.get("workflow")
        name = str(workflow.get("execution_id", "")) if isinstance(workflow, dict) else ""
        return name in wanted or name.split(".")[0] in wanted

    return goes


def environments(location: StateLocation) -> list[str]:
    """Environments of which this machine has logs."""
    folder = logs_folder(location.root)
    return sorted(path.name for path in folder.glob("*") if path.is_dir())


def _logs(location: StateLocation, environment: str) -> Iterator[Path]:
    folder = logs_folder(location.root)
    yield from sorted(folder.glob(f"{environment or '*'}/*.jsonl"))


def _count(path: Path, goes: Callable[[Object], bool]) -> int:
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise RegistryError(f"can't be read: {error.strerror}", location=str(path)) from None
    return sum(_read(line, goes) for line in lines)


def _read(line: bytes, goes: Callable[[Object], bool]) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        return False
    return isinstance(entry, dict) and goes(entry)
