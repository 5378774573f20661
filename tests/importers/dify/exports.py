"""Small exports of Dify for tests, and runs of what they become."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import Services
from registry_tool.engine.run import RunResult
from registry_tool.engine.sandbox.base import CodeError, SandboxLimits
from registry_tool.importers.dify.read import read
from registry_tool.importers.imported import Imported
from registry_tool.manifest.load import workflow_from
from tests.engine.small import ScriptedModel, go

MODEL: Object = {"provider": "openai", "name": "gpt-4o", "mode": "chat", "completion_params": {}}


class HereSandbox:
    """Runs code in this process, for generated code alone: quick, and no sandbox at all."""

    name = "here"

    async def call(self, code: str, arguments: Mapping[str, Value], limits: SandboxLimits) -> Value:
        """What the function `main` returns."""
        finders = list(sys.meta_path)
        names: dict[str, Any] = {"__name__": "guest"}
        try:
            exec(compile(code, "code", "exec"), names)  # noqa: S102 - what the importer generated
            wanted = inspect.signature(names["main"]).parameters
            value: Value = names["main"](**{name: arguments[name] for name in wanted})
            return value
        except Exception as error:  # whatever the code raises, as a sandbox tells it
            raise CodeError(f"{type(error).__name__}: {error}") from error
        finally:
            sys.meta_path[:] = finders


def export(
    nodes: dict[str, Object], wires: str = "", mode: str = "workflow", **workflow: Any
) -> Any:
    """An export: data by node id (with `inside`, the id of its iteration), wires as `a > b, b:handle > c`."""
    graph: Any = {
        "nodes": [
            {
                "id": name,
                "data": {"title": name, **{k: v for k, v in data.items() if k != "inside"}},
                **({"parentId": data["inside"]} if "inside" in data else {}),
            }
            for name, data in nodes.items()
        ],
        "edges": [_wire(wire) for wire in wires.split(",") if wire.strip()],
    }
    app = {"name": "My flow", "mode": mode, "description": "Does it"}
    return {"app": app, "kind": "app", "version": "0.1.5", "workflow": {"graph": graph, **workflow}}


def _wire(text: str) -> Object:
    source, _, target = text.partition(">")
    name, _, handle = source.strip().partition(":")
    return {"source": name, "sourceHandle": handle or "source", "target": target.strip()}


def form(*names: str, **more: Any) -> Object:
    """A start with required texts."""
    fields: Any = [
        {"variable": name, "label": name, "type": "text-input", "required": True, **more}
        for name in names
    ]
    return {"type": "start", "variables": fields}


def given(*outputs: str) -> Object:
    """An end that gives `name=node.field`."""
    pairs = [text.split("=") for text in outputs]
    return {
        "type": "end",
        "outputs": [
            {"variable": name, "value_selector": list[Value](path.split("."))}
            for name, path in pairs
        ],
    }


def imported(nodes: dict[str, Object], wires: str = "", **more: Any) -> Imported:
    """What an export becomes."""
    return read(export(nodes, wires, **more), name="flow")


def ran(
    what: Imported,
    inputs: Object | None = None,
    model: ScriptedModel | None = None,
    resources: Path | None = None,
) -> RunResult:
    """A run of it; `model` says the question in capitals where none is given."""
    flow = workflow_from(what.manifest, "workflow-resource.yaml")
    services = Services(model=model or ScriptedModel(), sandbox=HereSandbox(), resources=resources)
    return go(flow, inputs, services=services)


def outputs(
    what: Imported, inputs: Object | None = None, model: ScriptedModel | None = None
) -> Object:
    """The outputs of a run that must go well."""
    result = ran(what, inputs, model)
    assert not result.error, result.error
    return dict(result.outputs)


def statuses(what: Imported) -> dict[str, str]:
    """What became of each node."""
    return {node.id: node.status.value for node in what.nodes}
