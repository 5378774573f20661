"""Where an edge stands in a script: its frame, the names that it sees, and what the script needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry_tool.commands.author.python_script.expressions import Names, quoted
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall
from registry_tool.engine.plan import PreparedEdge
from registry_tool.manifest.model import Edge, Workflow


class NotExportedError(RegistryError):
    """A workflow, or an edge of it, that a script can't do."""


@dataclass(slots=True)
class Script:
    """What expressions need beside themselves: the author's functions by their edge, and modules to install."""

    workflow: Workflow
    functions: dict[str, str] = field(default_factory=dict)
    requirements: set[str] = field(default_factory=set)
    splitters: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class EdgeSite:
    """An edge where it stands: its frame, the names that it sees, and the script around."""

    edge: Edge
    frame: PreparedEdge
    names: Names
    script: Script

    def refuse(self, why: str) -> NotExportedError:
        """The refusal of this edge."""
        return NotExportedError(
            f"the {self.edge.type} edge {self.edge.id} can't be in a script: {why}",
            location=f"edges.{self.edge.id}",
            hint="run it with puppy-cli run, or put another edge in its place",
        )

    def call(self, inputs: Mapping[str, Value]) -> EdgeCall:
        """The edge's call with stand-ins for values."""
        frame = self.frame
        given: dict[str, Value] = {
            port.name: f"inputs.get({quoted(port.name)})"
            for port in self.script.workflow.interface.inputs
        }
        return EdgeCall(
            edge=self.edge,
            inputs=inputs,
            scope={},
            sources=frame.sources,
            targets=frame.targets,
            target_schemas=frame.schemas,
            given=given,
        )
