"""Which inputs reach which service outside: a walk over the graph, without running anything.

A block is tainted by an input that fills it, and by every edge that reads a tainted block or names the input in a
template. `code` edges run in the sandbox and send nothing. Whatever reaches an edge that calls a workflow reaches
all that the workflow sends anything to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry_tool.core.once import once
from registry_tool.manifest.binding import bind
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.destinations import destinations, nested_config
from registry_tool.manifest.graph import Graph, graph_of
from registry_tool.manifest.model import Edge, Environment, Workflow
from registry_tool.manifest.scope import Scopes, parameters_of

_NONE: Mapping[str, Workflow] = MappingProxyType({})


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
        """The destination's bare name."""
        return recipient_of(self.destination)


def recipient_of(destination: str) -> str:
    """A destination's bare name: `gpt-4o-mini`, `api.example.com`; `the environment's model` is one."""
    kind, _, name = destination.removeprefix("the ").partition(" ")
    return name if kind in {"model", "host", "service"} else destination


def egress(
    workflow: Workflow,
    callees: Mapping[str, Workflow] = _NONE,
    here: Environment | None = None,
) -> frozenset[Flow]:
    """Every flow of a workflow in the environment `here`, or in any that its manifest has.

    Through `callees` (by name) where they are known, each as it runs there.
    """
    if here is None and not callees:
        return _own(workflow)
    return _flows(workflow, callees, here, here)


@once
def _own(workflow: Workflow) -> frozenset[Flow]:
    """What a workflow sends itself, in any environment."""
    return _flows(workflow, _NONE, None, None)


def _flows(
    workflow: Workflow,
    callees: Mapping[str, Workflow],
    here: Environment | None,
    run: Environment | None,
) -> frozenset[Flow]:
    """Those of a workflow that runs in `here`; the whole run's environment is `run`."""
    graph = graph_of(workflow)
    inner = _named_inputs(workflow)
    tainted = _tainted(workflow, graph, inner)
    personal = {port.name for port in workflow.interface.inputs if port.pii}
    return frozenset(
        Flow(name, destination, name in personal, by)
        for edge in workflow.edges
        for name in _reaching(edge, graph, tainted, inner)
        for destination, by in _ends(workflow, edge, callees, here, run)
    )


def _ends(
    workflow: Workflow,
    edge: Edge,
    callees: Mapping[str, Workflow],
    here: Environment | None,
    run: Environment | None,
) -> Iterator[tuple[str, str]]:
    """Where an edge sends what it reads, and which workflow sends it."""
    for destination in destinations(workflow, edge, here):
        yield destination, ""
    name = called(edge)
    if name in callees:
        others = {other: flow for other, flow in callees.items() if other != name}
        there = callee_environment(callees[name], run) if run is not None else None
        for flow in _flows(callees[name], others, there, run):
            yield flow.destination, flow.by or name


def called(edge: Edge) -> str:
    """The name of the workflow that an edge calls, or that a `map` calls for each item; empty for none."""
    nested = edge.config.get("edge")
    if edge.type == "map" and isinstance(nested, dict) and nested.get("type") == "workflow":
        return str(nested_config(nested).get("name", ""))
    return str(edge.config.get("name", "")) if edge.type == "workflow" else ""


def _tainted(workflow: Workflow, graph: Graph, inner: dict[str, set[str]]) -> dict[str, set[str]]:
    """Input names by the block that they reach; walked until nothing is new, since loops lead back."""
    found: dict[str, set[str]] = {}
    for name, block in bind(workflow, graph).inputs.items():
        found.setdefault(block, set()).add(name)
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
    """Inputs that an edge's templates, or the parameters of its code, name directly; by edge id."""
    scopes = Scopes(workflow)
    ports = {port.name for port in workflow.interface.inputs}
    return {
        edge.id: {
            use.referent.name
            for use in scopes.uses(edge)
            if use.referent is not None and use.referent.kind == "input"
        }
        | (ports & parameters_of(edge))
        for edge in workflow.edges
    }


def _reaching(
    edge: Edge, graph: Graph, tainted: dict[str, set[str]], inner: dict[str, set[str]]
) -> set[str]:
    blocks = graph.reads[edge.id]
    return inner[edge.id].union(*(tainted.get(block, set()) for block in blocks))
