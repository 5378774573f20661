"""Replays recorded tests in a process of its own, which starts while the rules still look."""

from __future__ import annotations

import json
import pickle
import subprocess
from collections.abc import Mapping, Sequence
from typing import cast

from registry_tool.commands.program import Program
from registry_tool.core.children import end, start_python
from registry_tool.core.values import Object
from registry_tool.engine.sandbox.all_sandboxes import SETTING
from registry_tool.rules.base import Replayed

SECONDS = 180


class Replayer:
    """One process that replays any number of programs once; `close` ends it, asked or not."""

    def __init__(self) -> None:
        self._process = start_python("registry_tool.commands.replay_child", also=(SETTING,))

    def replay(self, programs: Sequence[tuple[str, Program]]) -> Mapping[str, Replayed]:
        """How each program's tests went, by its label."""
        try:
            told, _ = self._process.communicate(pickle.dumps(list(programs)), timeout=SECONDS)
            found = cast(dict[str, Object], json.loads(told))
        except subprocess.TimeoutExpired:
            self.close()
            return {label: Replayed(label, crash=_OVER_TIME) for label, _ in programs}
        except ValueError:  # it was killed and said nothing
            return {label: Replayed(label, crash=_TOO_MUCH) for label, _ in programs}
        return {label: _replayed(label, item) for label, item in found.items()}

    def close(self) -> None:
        """End the process."""
        end(self._process)


_OVER_TIME = f"they took longer than {SECONDS} s"
_TOO_MUCH = "they used more memory, time or disk than they may"


def _replayed(label: str, item: Object) -> Replayed:
    return Replayed(
        label,
        passed=cast(int, item.get("passed", 0)),
        failures=tuple(cast(list[str], item.get("failures") or [])),
        missing=tuple(cast(list[str], item.get("missing") or [])),
        crash=cast(str, item.get("crash", "")),
    )
