"""What one run tells its listeners, and what it adds up meanwhile: tokens used, and notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.events import Event
from registry_tool.engine.inputs import personal_ports
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import ERROR, SUCCESS, RunSettings
from registry_tool.manifest.model import Workflow
from registry_tool.security.handling import PERSONAL, PrivateText

_ASKING = frozenset({events.MODEL_CALLED, events.SERVICE_CALLED})
_NOTED = frozenset({events.EDGE_PASSED_OVER, events.TEXT_LEFT_OUT, events.USAGE_DOUBTED})


class RunLog:
    """Events of a run, in which no input that is marked personal is shown.

    `usage` sums what models and services took, `notices` has each sentence once, in order (its keys).
    """

    def __init__(
        self, workflow: Workflow, inputs: Mapping[str, Value], settings: RunSettings
    ) -> None:
        marked = personal_ports(workflow)
        self._settings = settings
        self._shown = {n: PERSONAL if n in marked else v for n, v in inputs.items()}
        self._about = (workflow.metadata.name, workflow.metadata.version, settings.execution_id)
        self.private = PrivateText(inputs[name] for name in marked if name in inputs)
        self.usage = Usage()
        self.notices: dict[str, None] = {}

    def emit(self, name: str, metadata: Frozen) -> None:
        """Tell every listener of an event."""
        if name in _ASKING and "usage" in metadata:
            self.usage += Usage.from_value(cast(Frozen, metadata["usage"]))
        if name in _NOTED:
            self.notices[f"edge {metadata['edge']}: {metadata['what']}"] = None
        if not self._settings.listeners:
            return
        if "error" in metadata:  # it may quote what the edge was given
            metadata = {**metadata, "error": self.private(str(metadata["error"]))}
        event = Event(self._settings.now(), name, *self._about, metadata)
        for listener in self._settings.listeners:
            listener(event)

    def started(self) -> None:
        """The run begins."""
        metadata: Object = {"environment": self._settings.environment, "inputs": self._shown}
        self.emit(events.EXECUTION_STARTED, metadata)

    def finished(self, error: str, seconds: float, kind: str) -> None:
        """The run is over, with an `error` of a `kind` or, where it is empty, well."""
        metadata: Object = {
            "environment": self._settings.environment,
            "status": ERROR if error else SUCCESS,
            "seconds": round(seconds, 6),
            "usage": cast(Value, self.usage.to_value()),
        }
        if error:
            metadata |= {"error": error, "error_kind": kind}
        self.emit(events.EXECUTION_FAILED if error else events.EXECUTION_FINISHED, metadata)

    def add(self, name: str, usage: Usage, notices: tuple[str, ...]) -> None:
        """What a called workflow took and had to say."""
        self.usage += usage
        self.notices |= dict.fromkeys(f"{name}: {notice}" for notice in notices)
