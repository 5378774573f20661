"""What is known before a run of the value that a block, an input or an item holds, and where paths lead in it."""

from __future__ import annotations

from enum import Enum, auto

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.binding import Binding, block_schemas, port_schema
from registry_tool.manifest.edge_config import settings
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.json_schema.meet import TYPES, met, types_of
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.requested import requested_schema

_ASKING = frozenset({"llm", "generate", "deep_research"})
_BEYOND = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "dependentSchemas"}
)


class KnownSchema(Record, frozen=True):
    """A schema; `closed` where no other property than those it names can be there (a model wrote the value)."""

    schema: Frozen
    closed: bool = False

    @property
    def opaque(self) -> bool:
        """True where keywords are in play that only a validator understands."""
        return bool(_BEYOND & self.schema.keys())

    @property
    def types(self) -> frozenset[str]:
        """The types that the value can have."""
        return TYPES if self.opaque else types_of(self.schema)


ANYTHING = KnownSchema({})


class StepResult(Enum):
    """How a step into a value goes."""

    FITS = auto()
    UNNAMED = auto()  # a property that the schema doesn't name, but lets through
    NOWHERE = auto()


def step_into(known: KnownSchema, step: str | int) -> tuple[StepResult, KnownSchema]:
    """Where a key or a position leads; `ANYTHING` below what nothing is known of."""
    if not known.schema or known.opaque:
        return StepResult.FITS, ANYTHING
    schema, types = known.schema, known.types
    number = isinstance(step, int) or step.isdecimal()
    if "array" in types and number:
        if "object" in types:  # an object's key may be a number, too
            return StepResult.FITS, ANYTHING
        return _item(known, int(step))
    if "object" not in types:
        return StepResult.NOWHERE, ANYTHING
    properties = schema.get("properties")
    named = properties if isinstance(properties, dict) else {}
    if str(step) in named:
        below = named[str(step)]
        return (
            (StepResult.NOWHERE, ANYTHING)
            if below is False
            else (
                StepResult.FITS,
                KnownSchema(below, known.closed) if isinstance(below, dict) else ANYTHING,
            )
        )
    if schema.get("patternProperties"):
        return StepResult.FITS, ANYTHING
    more = schema.get("additionalProperties")
    if more is False or (known.closed and named):
        return StepResult.NOWHERE, ANYTHING
    if isinstance(more, dict) or more is True:
        return StepResult.FITS, KnownSchema(more) if isinstance(more, dict) else ANYTHING
    return (StepResult.UNNAMED if named else StepResult.FITS), ANYTHING


def _item(known: KnownSchema, position: int) -> tuple[StepResult, KnownSchema]:
    most = known.schema.get("maxItems")
    if isinstance(most, int) and position >= most:
        return StepResult.NOWHERE, ANYTHING
    return StepResult.FITS, item_of(known)


def item_of(known: KnownSchema) -> KnownSchema:
    """What is known of an item of a list."""
    items = known.schema.get("items")
    if known.opaque or "prefixItems" in known.schema or not isinstance(items, dict):
        return ANYTHING
    return KnownSchema(items, known.closed)


class ValueSchemas:
    """What is known of the values of one workflow."""

    def __init__(self, workflow: Workflow, graph: Graph, binding: Binding) -> None:
        self._workflow, self._graph = workflow, graph
        self.schemas = block_schemas(workflow, binding)
        self._ports = {port.name: port for port in workflow.interface.inputs}
        self._filled = {block: name for name, block in binding.inputs.items()}
        self._found: dict[str, KnownSchema] = {}

    def input(self, name: str) -> KnownSchema:
        """Of an interface input."""
        return KnownSchema(port_schema(self._ports[name])) if name in self._ports else ANYTHING

    def block(self, name: str) -> KnownSchema:
        """Of a block's value as a whole."""
        if name not in self._found:
            self._found[name] = self._of_block(name)
        return self._found[name]

    def _of_block(self, name: str) -> KnownSchema:
        schema = self.schemas.get(name, {})
        producers = self._graph.producers.get(name, ())
        if any(self._loops(edge) for edge in producers):
            return KnownSchema(schema) if schema.get("type") == "array" else ANYTHING
        looped_back = (
            name in self._graph.loops
        )  # a later round's value obeys the block's own schema alone
        if not producers and name in self._filled and not looped_back:
            return KnownSchema(met(schema, self.input(self._filled[name]).schema))
        asked = [
            edge
            for edge in producers
            if edge.type in _ASKING and not settings(edge.config).get("tools")
        ]
        if len(asked) == 1 and len(producers) == 1 and not looped_back:
            return KnownSchema(met(requested_schema(asked[0].config) or {}, schema), closed=True)
        closed = bool(asked) and len(asked) == len(producers) and not looped_back
        return KnownSchema(schema, closed)

    def seen_by(self, edge: Edge, name: str) -> KnownSchema:
        """Of a block's value as an edge sees it: of a looped source one item."""
        known, block = self.block(name), self._workflow.block_by_id[name]
        if not block.looped or name not in edge.sources:
            return known
        return item_of(known) if known.types == {"array"} else ANYTHING

    def _loops(self, edge: Edge) -> bool:
        blocks = self._workflow.block_by_id
        return any(blocks[name].looped for name in edge.sources if name in blocks)


def properties_of(schema: Frozen) -> list[str]:
    """The names that a schema knows."""
    found: Value = schema.get("properties")
    return list(found) if isinstance(found, dict) else []
