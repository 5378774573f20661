"""Replays recorded tests in the confined process, which starts while the rules still look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from registry_tool.core.values import Object
from registry_tool.rules.base import Replayed
from registry_tool.rules.planted import CanaryReport, canary_report_from
from registry_tool.runtime.confined import PLANTING, REPLAYING, Confined, ConfinedError
from registry_tool.sources.program import Program


class Replayer:
    """One process that replays programs; `close` ends it, asked or not."""

    def __init__(self, confined: Confined | None = None) -> None:
        self._confined = confined or Confined("replay")

    def replay(self, programs: Sequence[tuple[str, Program]]) -> Mapping[str, Replayed]:
        """How each program's tests went, by its label."""
        try:
            for found in list(self._confined.ask("replay", list(programs))):
                return {label: _replayed(label, cast(Object, it)) for label, it in found.items()}
        except ConfinedError:  # whatever else a stranger's tests brought about
            crash = _TOO_MUCH
        else:
            crash = f"they took {self._confined.stopped(REPLAYING)}"
        return {label: Replayed(label, crash=crash) for label, _ in programs}

    def plant(self, programs: Sequence[tuple[str, Program]]) -> Mapping[str, CanaryReport]:
        """How each program's tests went with planted instructions, by its label."""
        try:
            for found in list(self._confined.ask("plant", list(programs))):
                return {label: canary_report_from(cast(Object, it)) for label, it in found.items()}
        except ConfinedError:  # whatever else a stranger's tests brought about
            crash = _TOO_MUCH
        else:
            crash = f"they took {self._confined.stopped(PLANTING)}"
        return {label: CanaryReport(untold=crash) for label, _ in programs}

    def close(self) -> None:
        """End the process."""
        self._confined.close()


_TOO_MUCH: Final = "they used more memory, time or disk than they may"


def _replayed(label: str, item: Object) -> Replayed:
    return Replayed(
        label,
        passed=cast(int, item.get("passed", 0)),
        failures=tuple(cast(list[str], item.get("failures") or [])),
        missing=tuple(cast(list[str], item.get("missing") or [])),
        crash=cast(str, item.get("crash", "")),
    )
