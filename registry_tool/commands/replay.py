"""Replays recorded tests in a process of its own, which starts while the rules still look."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import cast

from registry_tool.commands.program import Program
from registry_tool.core.values import Object
from registry_tool.engine.sandbox.all_sandboxes import SETTING
from registry_tool.rules.base import Replayed

SECONDS = 180
_PASSED_ON = (
    *("PATH", "HOME", "XDG_CACHE_HOME", "LANG", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV"),
    SETTING,
)


class Replayer:
    """One process that replays any number of programs once; `close` ends it, asked or not."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "registry_tool.commands.replay_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={key: value for key, value in os.environ.items() if key in _PASSED_ON},
        )

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
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


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
