"""A workflow as a tool: its interface becomes the schemas, its egress the annotations. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from mcp_types import Tool, ToolAnnotations

from registry_tool.catalogue.tool_facts import egress, tool_facts
from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.destinations import parts
from registry_tool.manifest.model import Port, Workflow
from registry_tool.sources.program import Program

META: Final = "puppyai.com/"
"""What the names of our own members of `_meta` begin with."""
_HARMLESS: Final = frozenset({"GET", "HEAD", ""})


class WorkflowTool(Record, frozen=True):
    """A program under a tool's name."""

    name: str
    program: Program

    @property
    def workflow(self) -> Workflow:
        """The workflow."""
        return self.program.workflow


def tools_of(programs: Sequence[Program]) -> Mapping[str, WorkflowTool]:
    """Tools by name, in the order of names: a workflow's own, with the version where several of one are there.

    `UsageError` for one that has no interface, so that nobody could say what it takes, and for one that is twice
    there.
    """
    names = [program.workflow.name for program in programs]
    found: dict[str, WorkflowTool] = {}
    for program in programs:
        workflow = program.workflow
        if not workflow.interface.outputs:
            raise UsageError(
                f"{workflow.name} declares no outputs, so it can't be a tool",
                location=program.location,
                hint="give it `spec.interface`",
            )
        alone = names.count(workflow.name) == 1
        version = workflow.version.replace(".", "_").replace("+", "_")
        name = workflow.name if alone else f"{workflow.name}-{version}"
        if name in found:
            raise UsageError(f"{workflow.name}:{workflow.version} is named twice")
        found[name] = WorkflowTool(name, program)
    return dict(sorted(found.items()))


def described(
    name: str, workflow: Workflow, digest: str, cassettes: bytes, latency: Object | None = None
) -> Tool:
    """What a client hears of a version under a tool's name; `cassettes` are its recorded answers.

    `latency` is what runs of it took, None where none was measured.
    """
    about = workflow.metadata
    facts: Object = {**tool_facts(workflow, digest, cassettes), "latency": latency}
    sent = egress(workflow)
    return Tool(
        name=name,
        title=f"{workflow.name} {workflow.version}",
        description=about.description or f"Runs the workflow {workflow.name}.",
        input_schema=_object(workflow.interface.inputs, closed=True),
        output_schema=_object(workflow.interface.outputs),
        annotations=ToolAnnotations(
            read_only_hint=is_read_only(workflow),
            destructive_hint=False if is_read_only(workflow) else None,
            open_world_hint=any(not to.startswith("the model ") for to in sent),
        ),
        _meta={
            f"{META}version": workflow.version,
            f"{META}digest": digest,
            f"{META}egress": list(sent),
            f"{META}tests": len(workflow.tests),
            f"{META}tool": facts,
        },
    )


def is_read_only(workflow: Workflow) -> bool:
    """Whether no edge saves a file, calls another workflow, or asks a host by more than reading."""
    return all(
        kind not in {"save", "workflow"} and (kind != "http" or _reads(config.get("method")))
        for edge in workflow.edges
        for kind, config in parts(edge)
    )


def _reads(method: object) -> bool:
    return str(method or "").upper() in _HARMLESS


def _object(ports: Iterable[Port], *, closed: bool = False) -> Object:
    """The schema of an object with a member for each port."""
    ports = tuple(ports)
    schema: Object = {
        "type": "object",
        "properties": {port.name: _member(port) for port in ports},
    }
    if required := [port.name for port in ports if port.required and not port.has_default]:
        schema["required"] = list[Value](required)
    if closed:
        schema["additionalProperties"] = False
    # Values of a manifest are frozen; a schema that goes out is plain JSON.
    return cast(Object, json.loads(json.dumps(schema, default=list)))


def _member(port: Port) -> Object:
    schema = port_schema(port)
    if port.type == "file":
        schema.setdefault("type", "string")
    if port.description:
        schema.setdefault("description", port.description)
    if port.has_default:
        schema.setdefault("default", port.default)
    return schema
