"""Small workflows of n8n for tests, and runs of what they become."""

from __future__ import annotations

from typing import Any

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchAnswer, FetchRequest
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.run import RunResult
from registry_tool.importers.imported import Imported
from registry_tool.importers.n8n.read import read
from registry_tool.manifest.load import workflow_from
from tests.engine.small import ScriptedModel, go
from tests.importers.dify.exports import HereSandbox

BASE = "n8n-nodes-base."
CHAIN = "@n8n/n8n-nodes-langchain."


def node(type_: str, version: float = 1, settings: Object | None = None, **parameters: Any) -> Any:
    """A node of n8n's own packages; `settings` is what stands beside its parameters."""
    own = {"chatTrigger", "chainLlm", "agent", "openAi", "informationExtractor", "textClassifier"}
    serving = type_.startswith(("lm", "outputParser", "tool", "memory"))
    package = CHAIN if type_ in own or serving else BASE
    return {
        "type": package + type_,
        "typeVersion": version,
        "parameters": parameters,
        **(settings or {}),
    }


def flow(nodes: dict[str, Any], wires: str = "") -> Any:
    """A workflow: wires as `a > b`, `a:1 > b:2` (output, input), `m ~ai_languageModel~ a`."""
    connections: dict[str, Any] = {}
    for wire in filter(str.strip, wires.split(",")):
        kind = "main"
        if "~" in wire:
            source, kind, target = (part.strip() for part in wire.split("~"))
        else:
            source, target = (part.strip() for part in wire.split(">"))
        name, _, output = source.partition(":")
        end, _, entry = target.partition(":")
        outputs = connections.setdefault(name, {}).setdefault(kind, [])
        while len(outputs) <= int(output or 0):
            outputs.append([])
        outputs[int(output or 0)].append({"node": end, "type": kind, "index": int(entry or 0)})
    listed = [{"name": name, **data} for name, data in nodes.items()]
    return {"name": "My flow", "nodes": listed, "connections": connections}


def items(*found: Any) -> Any:
    """A node that gives these items."""
    return node("code", 2, language="python", pythonCode=f"return {list(found)!r}")


def imported(nodes: dict[str, Any], wires: str = "") -> Imported:
    """What a workflow becomes; `t` starts it."""
    return read(flow({"t": node("manualTrigger"), **nodes}, wires), name="flow")


class UnreachableHosts:
    """A way to hosts that are all down."""

    async def fetch(self, request: FetchRequest) -> FetchAnswer:
        """No answer."""
        raise ProviderError("the host can't be reached", location=request.url)


def ran(
    what: Imported, inputs: Object | None = None, model: ScriptedModel | None = None
) -> RunResult:
    """A run of it."""
    services = Services(
        model=model or ScriptedModel(),
        sandbox=HereSandbox(),
        outbound=OutboundServices(fetcher=UnreachableHosts()),
    )
    return go(workflow_from(what.manifest, "workflow-resource.yaml"), inputs, services=services)


def outputs(
    what: Imported, inputs: Object | None = None, model: ScriptedModel | None = None
) -> Any:
    """The outputs of a run that must go well."""
    result = ran(what, inputs, model)
    assert not result.error, result.error
    return dict(result.outputs)


def statuses(what: Imported) -> dict[str, str]:
    """What became of each node."""
    return {one.id: one.status.value for one in what.nodes}


def edges(what: Imported, type_: str) -> Any:
    """The edges of a type."""
    spec: Any = what.manifest["spec"]
    return [edge for edge in spec["edges"] if edge["type"] == type_]
