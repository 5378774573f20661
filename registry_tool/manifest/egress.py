"""Which inputs reach which service outside: a walk over the graph, without running anything.

A block is tainted by an input that fills it, and by every edge that reads a tainted block or names the input in a
template. `code` edges run in the sandbox and send nothing. Whatever reaches an edge that calls a workflow reaches
all that the workflow sends anything to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.binding import bind
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.scope import Scopes
from registry_tool.manifest.services import services_asked

ASKING = frozenset({"llm", "generate", "deep_research", "query_rewrite", "rerank"})
_NONE: Mapping[str, Workflow] = MappingProxyType({})
_MODEL_KEYS = ("model", "llm_model")


@dataclass(frozen=True, slots=True, order=True)
class Flow:
    """An input that reaches a destination, in words: `the model gpt-4o-mini`, `the host api.example.com`.

    `personal` inputs are those that the interface marks with `pii`. `by` is the called workflow that sends it,
    empty for the workflow itself.
    """

    input: str
    destination: str
    personal: bool = False
    by: str = ""

    @property
    def recipient(self) -> str:
        """The destination's bare name: `gpt-4o-mini`, `api.example.com`; `the environment's model` is one."""
        kind, _, name = self.destination.removeprefix("the ").partition(" ")
        return name if kind in {"model", "host", "service"} else self.destination


def egress(workflow: Workflow, callees: Mapping[str, Workflow] = _NONE) -> frozenset[Flow]:
    """Every flow of a workflow, in any of its environments; through `callees` (by name) where they are known."""
    graph = Graph(workflow)
    tainted = _tainted(workflow, graph)
    inner = _named_inputs(workflow)
    personal = {port.name for port in workflow.interface.inputs if port.pii}
    return frozenset(
        Flow(name, destination, name in personal, by)
        for edge in workflow.edges
        for name in _reaching(edge, graph, tainted, inner)
        for destination, by in _ends(workflow, edge, callees)
    )


def _ends(
    workflow: Workflow, edge: Edge, callees: Mapping[str, Workflow]
) -> Iterator[tuple[str, str]]:
    """Where an edge sends what it reads, and which workflow sends it."""
    for destination in destinations(workflow, edge):
        yield destination, ""
    name = called(edge)
    if name in callees:
        others = {other: flow for other, flow in callees.items() if other != name}
        for flow in egress(callees[name], others):
            yield flow.destination, flow.by or name


def called(edge: Edge) -> str:
    """The name of the workflow that an edge calls, or that a `map` calls for each item; empty for none."""
    nested = edge.config.get("edge")
    if edge.type == "map" and isinstance(nested, dict) and nested.get("type") == "workflow":
        return str(nested_config(nested).get("name", ""))
    return str(edge.config.get("name", "")) if edge.type == "workflow" else ""


def _tainted(workflow: Workflow, graph: Graph) -> dict[str, set[str]]:
    """Input names by the block that they reach; walked until nothing is new, since loops lead back."""
    found: dict[str, set[str]] = {}
    for name, block in bind(workflow, graph).inputs.items():
        found.setdefault(block, set()).add(name)
    inner = _named_inputs(workflow)
    changed = True
    while changed:
        changed = False
        for edge in workflow.edges:
            reaching = _reaching(edge, graph, found, inner)
            for target in edge.targets:
                new = reaching - found.get(target, set())
                if new:
                    found.setdefault(target, set()).update(new)
                    changed = True
    return found


def _named_inputs(workflow: Workflow) -> dict[str, set[str]]:
    """Inputs that an edge's templates name directly, by edge id."""
    scopes = Scopes(workflow)
    return {
        edge.id: {
            use.referent.name
            for use in scopes.uses(edge)
            if use.referent is not None and use.referent.kind == "input"
        }
        for edge in workflow.edges
    }


def _reaching(
    edge: Edge, graph: Graph, tainted: dict[str, set[str]], inner: dict[str, set[str]]
) -> set[str]:
    blocks = graph.reads[edge.id]
    return inner[edge.id].union(*(tainted.get(block, set()) for block in blocks))


def destinations(workflow: Workflow, edge: Edge) -> frozenset[str]:
    """Where an edge sends what it reads; empty where it sends nothing."""
    nested = edge.config.get("edge")
    kinds = {edge.type, str(nested.get("type")) if isinstance(nested, dict) else ""}
    configs = [edge.config, *([nested_config(nested)] if isinstance(nested, dict) else [])]
    found = {
        f"the service {service.title}"
        for kind in kinds
        for config in configs
        for service in services_asked(kind, config)
    }
    asking = kinds & ASKING
    if asking == {"rerank"} and any(_ranks_alone(config) for config in configs):
        asking = set()
    if asking or edge.config.get("chunking_mode") == "llm":
        found.update(_models(workflow, edge, configs))
    if "http" in kinds or "load" in kinds:
        found.update(f"the host {host}" for host in _hosts(workflow, configs))
    return frozenset(found)


def _ranks_alone(config: Frozen) -> bool:
    """Whether a `rerank` edge asks no model."""
    extra = config.get("extra_configs")
    kind = config.get("reranker_type") or (isinstance(extra, dict) and extra.get("reranker_type"))
    return kind in {"cohere", "embedding", "rrf"}


def nested_config(nested: dict[str, Value]) -> Frozen:
    """The configuration of the edge that a `map` runs for every item."""
    config = nested.get("config")
    return config if isinstance(config, dict) else {}


def _models(workflow: Workflow, edge: Edge, configs: list[Frozen]) -> Iterator[str]:
    known = workflow.block_by_id
    near = [known[name] for name in (*edge.sources, *edge.targets) if name in known]
    blocks = [held for block in near for held in (block.config, block.metadata)]
    named = next((name for config in (*configs, *blocks) if (name := _model(config))), "")
    yield f"the model {named}" if named else "the environment's model"
    for environment in workflow.environments:
        if other := _model(environment.overrides):
            yield f"the model {other}"
        if host := _host(environment.overrides.get("base_url")):
            yield f"the host {host}"


def _model(config: Frozen) -> str:
    for key in _MODEL_KEYS:
        value = config.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, dict) and value:
            return str(next(iter(value)))
    return ""


def _hosts(workflow: Workflow, configs: list[Frozen]) -> Iterator[str]:
    """The hosts that addresses name; where a template stands for one, all that the manifest declares."""
    for config in configs:
        for key in ("url", "path"):
            host = _host(config.get(key))
            if "{{" in host or "}}" in host:
                yield from (known for api in workflow.external_apis for known in api.hosts)
            elif host:
                yield host


def _host(address: Value) -> str:
    try:
        return (urlsplit(address).hostname or "") if isinstance(address, str) else ""
    except ValueError:
        return "that can't be read"
