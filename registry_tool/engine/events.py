"""What the engine tells while it runs; monitoring and the CLI listen.

Names and payloads are documented in docs/events.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from registry_tool.core.values import Frozen

EXECUTION_STARTED: Final = "execution_started"
EXECUTION_FINISHED: Final = "execution_finished"
EXECUTION_FAILED: Final = "execution_failed"
EDGE_STARTED: Final = "edge_started"
EDGE_FINISHED: Final = "edge_finished"
EDGE_SKIPPED: Final = "edge_skipped"
EDGE_FAILED: Final = "edge_failed"
LOOP_ITERATION: Final = "loop_iteration"
MODEL_CALLED: Final = "model_called"

LEVELS: Final = {EXECUTION_FAILED: "ERROR", EDGE_FAILED: "ERROR"}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a run. `level` is INFO or ERROR."""

    time: datetime
    name: str
    workflow: str
    version: str
    execution_id: str
    metadata: Frozen = field(default_factory=dict)

    @property
    def level(self) -> str:
        """INFO, or ERROR for failures."""
        return LEVELS.get(self.name, "INFO")


Listener = Callable[[Event], None]
