"""Which block an interface input fills and an output reads (SPEC.md §1).

By `block`; else by the same id; else, when one required input and one root block are left, they bind;
else an input is only a template name. Outputs bind the same way to terminal blocks.
"""

from __future__ import annotations

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.graph import Graph, graph_of
from registry_tool.manifest.json_schema.meet import met
from registry_tool.manifest.model import ANY_TYPE, Port, Workflow


class Binding(Record, frozen=True):
    """Block ids by input name and by output name; what is not bound is missing."""

    inputs: dict[str, str]
    outputs: dict[str, str]


def bind(workflow: Workflow, graph: Graph | None = None) -> Binding:
    """The binding of a workflow's interface."""
    graph = graph or graph_of(workflow)
    inputs = _by_name(workflow, workflow.interface.inputs)
    waiting = [
        port for port in workflow.interface.inputs if port.required and port.name not in inputs
    ]
    free = [block for block in _open_roots(workflow, graph) if block not in inputs.values()]
    if len(waiting) == 1 and len(free) == 1:
        inputs[waiting[0].name] = free[0]
    outputs = _by_name(workflow, workflow.interface.outputs)
    unread = [block for block in graph.terminals if block not in outputs.values()]
    nameless = [port for port in workflow.interface.outputs if port.name not in outputs]
    if len(nameless) == 1 and len(unread) == 1:
        outputs[nameless[0].name] = unread[0]
    return Binding(inputs, outputs)


def _by_name(workflow: Workflow, ports: tuple[Port, ...]) -> dict[str, str]:
    known = workflow.block_by_id
    return {port.name: block for port in ports if (block := port.block or port.name) in known}


def _open_roots(workflow: Workflow, graph: Graph) -> list[str]:
    """Roots that wait for a value: no constant, and not just a carrier of model settings."""
    known = workflow.block_by_id
    return [
        block for block in graph.roots if not known[block].has_value and known[block].type != "llm"
    ]


def port_schema(port: Port) -> Object:
    """The JSON Schema of a port: its type, enum and schema together."""
    schema: Object = dict(port.schema)
    if port.type not in {ANY_TYPE, "file"}:
        schema.setdefault("type", port.type)
    if port.enum:
        schema.setdefault("enum", list[Value](port.enum))
    return schema


def block_schemas(workflow: Workflow, binding: Binding) -> dict[str, Frozen]:
    """The schema that each block's value must obey, by block id; blocks without one are missing.

    A block's own schema and that of every output that reads it.
    """
    schemas: dict[str, Frozen] = {
        block.id: block.schema for block in workflow.blocks if block.schema
    }
    for port in workflow.interface.outputs:
        block = binding.outputs.get(port.name)
        if block is not None and (schema := port_schema(port)):
            schemas[block] = met(schemas.get(block, {}), schema)
    return schemas
