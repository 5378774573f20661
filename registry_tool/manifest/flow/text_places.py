"""Where in a workflow free text can be: in blocks, in inputs, and in what an edge reads of them."""

from __future__ import annotations

from registry_tool.manifest.binding import Binding
from registry_tool.manifest.flow.reads import BLOCK, Read
from registry_tool.manifest.flow.text import carries_text
from registry_tool.manifest.graph import graph_of
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.value_schemas import (
    ANYTHING,
    KnownSchema,
    ValueSchemas,
    item_of,
    step_into,
)


class TextPlaces:
    """What the schemas of one workflow say of its values."""

    def __init__(self, workflow: Workflow, binding: Binding) -> None:
        self._values = ValueSchemas(workflow, graph_of(workflow), binding)
        self._blocks: dict[str, bool] = {}

    def block(self, name: str) -> bool:
        """Whether a block's value can hold free text."""
        if name not in self._blocks:
            self._blocks[name] = _carries(self._values.block(name))
        return self._blocks[name]

    def input(self, name: str) -> bool:
        """Whether an input can."""
        return _carries(self._values.input(name))

    def read(self, edge: Edge, read: Read) -> bool:
        """Whether what an edge reads can: of a block or an input the part at its path."""
        if read.kind == BLOCK and not self.block(read.name):
            return False
        seen = (
            self._values.seen_by(edge, read.name)
            if read.kind == BLOCK
            else self._values.input(read.name)
        )
        if read.each:  # of an object its pairs, whose keys nobody knows
            seen = item_of(seen) if seen.types == {"array"} else ANYTHING
        for step in read.path:
            _, seen = step_into(seen, step)
        return _carries(seen)


def _carries(known: KnownSchema) -> bool:
    return carries_text(known.schema, closed=known.closed)
