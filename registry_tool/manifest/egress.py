"""Which inputs reach which service outside: a walk over the graph, without running anything.

A block is tainted by an input that fills it, and by every edge that reads a tainted block or names the input in a
template. `code` edges run in the sandbox and send nothing. Edges that share a collection of the
workspace read what each of them keeps there. Whatever reaches an edge that calls a workflow reaches
all that the workflow sends anything to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry_tool.core.once import once
from registry_tool.manifest.binding import bind
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.code_inputs import inputs_of_code
from registry_tool.manifest.destinations import called, destinations
from registry_tool.manifest.graph import graph_of
from registry_tool.manifest.kept_documents import sharing
from registry_tool.manifest.model import Edge, Environment, Workflow
from registry_tool.manifest.scope import Scopes

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
    return _EgressWalk(callees, here).flows(workflow, here)


@once
def _own(workflow: Workflow) -> frozenset[Flow]:
    """What a workflow sends itself, in any environment."""
    return _EgressWalk(_NONE, None).flows(workflow, None)


class _EgressWalk:
    """One answer: what each called workflow sends is worked out once, however often it is called.

    `run` is the whole run's environment.
    """

    def __init__(self, callees: Mapping[str, Workflow], run: Environment | None) -> None:
        self._callees, self._run = callees, run
        self._found: dict[str, frozenset[Flow]] = {}

    def flows(self, workflow: Workflow, here: Environment | None) -> frozenset[Flow]:
        """Those of a workflow that runs in `here`."""
        reads = _Reads(workflow, self._callees)
        tainted = reads.tainted()
        personal = {port.name for port in workflow.interface.inputs if port.pii}
        return frozenset(
            Flow(name, destination, name in personal, by)
            for edge in workflow.edges
            for name in reads.reaching(edge, tainted)
            for destination, by in self._ends(workflow, edge, here)
        )

    def _ends(
        self, workflow: Workflow, edge: Edge, here: Environment | None
    ) -> Iterator[tuple[str, str]]:
        """Where an edge sends what it reads, and which workflow sends it."""
        for destination in destinations(workflow, edge, here):
            yield destination, ""
        name = called(edge)
        if name in self._callees:
            yield from ((flow.destination, flow.by or name) for flow in self._of_callee(name))

    def _of_callee(self, name: str) -> frozenset[Flow]:
        if name not in self._found:
            self._found[name] = frozenset()  # of one that calls itself
            there = callee_environment(self._callees[name], self._run) if self._run else None
            self._found[name] = self.flows(self._callees[name], there)
        return self._found[name]


class _Reads:
    """What each edge reads: blocks, inputs that it names, and what others kept where it looks."""

    def __init__(self, workflow: Workflow, callees: Mapping[str, Workflow]) -> None:
        self._workflow, self._graph = workflow, graph_of(workflow)
        self._shared = sharing(workflow.edges, callees)
        self._named = _named_inputs(workflow)

    def tainted(self) -> dict[str, set[str]]:
        """Input names by the block that they reach; walked until nothing is new, since loops lead back."""
        found: dict[str, set[str]] = {}
        for name, block in bind(self._workflow, self._graph).inputs.items():
            found.setdefault(block, set()).add(name)
        changed = True
        while changed:
            changed = False
            for edge in self._workflow.edges:
                reaching = self.reaching(edge, found)
                for target in edge.targets:
                    new = reaching - found.get(target, set())
                    if new:
                        found.setdefault(target, set()).update(new)
                        changed = True
        return found

    def reaching(self, edge: Edge, tainted: Mapping[str, set[str]]) -> set[str]:
        """The inputs that reach an edge."""
        found = set[str]()
        for one in (edge, *self._shared.get(edge.id, ())):
            blocks = (tainted.get(block, set()) for block in self._graph.reads[one.id])
            found |= self._named[one.id].union(*blocks)
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
        | inputs_of_code(edge, ports)
        for edge in workflow.edges
    }
