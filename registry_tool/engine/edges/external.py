"""`external`: says that a service outside computes the targets, which no edge of ours can ask.

Config: `service`, `operation`, `inputs` ({name: template}), `why`. A run ends here with an error that says what is
missing; a test's hand-written `answers` stand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, MissingServiceError, Services
from registry_tool.engine.edges.config import EdgeConfig


@dataclass(frozen=True, kw_only=True)
class ExternalConfig(EdgeConfig):
    """Who computes what of which inputs, and why not here."""

    service: str
    operation: str = ""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    why: str = ""


class ExternalEdge:
    """Declare what runs elsewhere."""

    type = "external"
    config = ExternalConfig

    async def run(
        self, call: EdgeCall, config: ExternalConfig, services: Services
    ) -> dict[str, Value]:
        """Nothing; `EdgeError` says what can't be asked."""
        what = f"{config.service} ({config.operation})" if config.operation else config.service
        raise MissingServiceError(
            f"{what} runs elsewhere" + (f": {config.why}" if config.why else ""),
            hint="put an edge that runs here in its place, or give its answer in a test (answers)",
        )
