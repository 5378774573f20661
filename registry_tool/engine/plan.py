"""The plan of a run: edges grouped into steps, each with the blocks it waits for.

A step is one edge, or a loop: the edges between a `loop` edge's target and its source, run again and again
until the loop edge stops leading back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen
from registry_tool.manifest.binding import Binding, bind, block_schemas
from registry_tool.manifest.graph import LOOP, Graph
from registry_tool.manifest.model import Block, Edge, Workflow
from registry_tool.manifest.scope import Referent, Scopes


class EdgeStep(Record, frozen=True):
    """One edge. `reads` are block ids, sources first."""

    edge: Edge
    reads: tuple[str, ...]

    @property
    def writes(self) -> tuple[str, ...]:
        """Block ids that the step writes."""
        return self.edge.targets

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges of the step."""
        return (self.edge,)


class LoopStep(Record, frozen=True, dict=True):
    """A `loop` edge and the steps that it repeats."""

    loop: Edge
    body: tuple[Step, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges of the step, the loop edge last."""
        return (*(edge for step in self.body for edge in step.edges), self.loop)

    @cached_property
    def batch(self) -> Batch:
        """The steps of one round."""
        return batch(self.body)

    @property
    def written_anew(self) -> tuple[str, ...]:
        """Block ids that each round writes from nothing: all but those that the loop leads back to."""
        return tuple(block for block in self.writes if block not in self.loop.targets)


Step = EdgeStep | LoopStep


class Batch(Record, frozen=True):
    """Steps that run together: how many others each waits for, and which it lets go when it is done."""

    steps: tuple[Step, ...]
    waits: tuple[int, ...]
    feeds: tuple[tuple[int, ...], ...]


class PreparedEdge(Record, frozen=True):
    """What every run of an edge needs and no run changes.

    `schemas` are those of what one computation writes, `lists` those of the lists that looped ones make.
    `produced` are the blocks that decide whether it runs, its `when` or else all that it reads of edges: when all
    of them were skipped, so is the edge.
    """

    edge: Edge
    names: Mapping[str, Referent]
    sources: tuple[Block, ...]
    targets: tuple[Block, ...]
    schemas: Mapping[str, Frozen]
    looped: tuple[str, ...]
    produced: tuple[str, ...]
    lists: Mapping[str, Frozen] = field(default_factory=dict)


class RunPlan(Record, frozen=True, dict=True):
    """Everything about a run that doesn't depend on its inputs."""

    workflow: Workflow
    graph: Graph
    binding: Binding
    steps: tuple[Step, ...]
    schemas: dict[str, object] = field(default_factory=dict)

    @property
    def stages(self) -> tuple[tuple[str, ...], ...]:
        """Edge ids in waves: each wave needs only the waves before it."""
        depth: dict[str, int] = {}
        waves: dict[int, list[str]] = {}
        for step in self.steps:
            level = max((depth.get(block, -1) for block in step.reads), default=-1) + 1
            for block in step.writes:
                depth[block] = max(level, depth.get(block, -1))
            waves.setdefault(level, []).extend(edge.id for edge in step.edges)
        return tuple(tuple(waves[level]) for level in sorted(waves))

    @cached_property
    def input_of(self) -> dict[str, str]:
        """Names of inputs by the block that they fill."""
        return {block: name for name, block in self.binding.inputs.items()}

    @cached_property
    def frames(self) -> dict[str, PreparedEdge]:
        """Frames by edge id."""
        scopes = Scopes(self.workflow)
        return {edge.id: self._frame(edge, scopes) for edge in self.workflow.edges}

    @cached_property
    def batch(self) -> Batch:
        """All steps."""
        return batch(self.steps)

    @cached_property
    def constants(self) -> Mapping[str, Frozen]:
        """The schemas of the blocks whose own value a run takes, by block id."""
        return {
            block.id: block.schema
            for block in self.workflow.blocks
            if block.has_value and block.schema and block.id not in self.graph.producers
        }

    def _frame(self, edge: Edge, scopes: Scopes) -> PreparedEdge:
        blocks = self.workflow.block_by_id
        sources = tuple(blocks[source] for source in edge.sources)
        looped = tuple(block.id for block in sources if block.looped)
        schemas = cast(Mapping[str, Frozen], self.schemas)
        own = {target: schemas[target] for target in edge.targets if target in schemas}
        return PreparedEdge(
            edge,
            scopes.names(edge),
            sources,
            tuple(blocks[target] for target in edge.targets),
            {target: _item_schema(schema) for target, schema in own.items()} if looped else own,
            looped,
            edge.when or tuple(b for b in self.graph.reads[edge.id] if b in self.graph.producers),
            {t: schema for t, schema in own.items() if _of_list(schema)} if looped else {},
        )


def _of_list(schema: Frozen) -> bool:
    return schema.get("type") == "array"


def _item_schema(schema: Frozen) -> Frozen:
    """What one item of a looped edge's target obeys: the target's schema describes the list, or else each item."""
    if not _of_list(schema):
        return schema
    items = schema.get("items")
    return items if isinstance(items, dict) else {}


def batch(steps: tuple[Step, ...]) -> Batch:
    """Who waits for whom: a step for the writers before it of every block that it reads or writes.

    Writers of one block take turns in declared order, so the last one wins.
    """
    writers: dict[str, list[int]] = {}
    waits: list[int] = []
    feeds: list[list[int]] = [[] for _ in steps]
    for position, step in enumerate(steps):
        own = set(step.writes) if isinstance(step, LoopStep) else set[str]()
        blocks = [*(block for block in step.reads if block not in own), *step.writes]
        needed = {writer for block in blocks for writer in writers.get(block, ())}
        waits.append(len(needed))
        for writer in needed:
            feeds[writer].append(position)
        for block in step.writes:
            writers.setdefault(block, []).append(position)
    return Batch(steps, tuple(waits), tuple(map(tuple, feeds)))


class _ById:
    """A workflow, known by its identity: it never changes, and the mappings in it have no hash."""

    __slots__ = ("workflow",)

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    def __hash__(self) -> int:
        return id(self.workflow)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.workflow is self.workflow


def plan(workflow: Workflow) -> RunPlan:
    """The plan of a workflow, made once for each; `RegistryError` where its graph can't be ordered."""
    return _planned(_ById(workflow))


@lru_cache(maxsize=128)
def _planned(known: _ById) -> RunPlan:
    return _plan(known.workflow)


def _plan(workflow: Workflow) -> RunPlan:
    graph = Graph(workflow)
    if graph.cycle:
        raise RegistryError(
            f"the blocks {' → '.join(graph.cycle)} wait for each other",
            location=workflow.reference,
            hint="lead back with an edge of type loop",
        )
    binding = bind(workflow, graph)
    loops = [edge for edge in workflow.edges if edge.type == LOOP]
    steps = _steps(graph, list(graph.order), loops)
    return RunPlan(workflow, graph, binding, steps, dict(block_schemas(workflow, binding)))


def _steps(graph: Graph, edges: list[Edge], loops: list[Edge]) -> tuple[Step, ...]:
    bodies = sorted(
        ((_body(graph, loop, edges), loop) for loop in loops), key=lambda pair: -len(pair[0])
    )
    placed: dict[str, LoopStep] = {}  # edge id → the loop step that holds it
    for body, loop in bodies:
        if body & placed.keys():
            continue  # nested: planned inside the outer loop
        inner = [other for names, other in bodies if other is not loop and names <= body]
        step = _loop_step(graph, loop, [edge for edge in edges if edge.id in body], inner)
        placed.update(dict.fromkeys(body, step))
    return _ordered(graph, edges, placed)


def _ordered(graph: Graph, edges: list[Edge], placed: dict[str, LoopStep]) -> tuple[Step, ...]:
    """Steps such that each comes after those that feed it; a loop counts as one step, after what begins it."""
    if not placed:  # `edges` is in order already
        return tuple(EdgeStep(edge, graph.reads[edge.id]) for edge in edges)
    found: dict[int, Step] = {}
    for edge in edges:
        step: Step = placed.get(edge.id) or EdgeStep(edge, graph.reads[edge.id])
        found[id(step)] = step
    waiting = list(found.values())
    done: list[Step] = []
    while waiting:
        pending = {block for step in waiting for block in step.writes}
        begun = {b for step in waiting if isinstance(step, EdgeStep) for b in step.writes}
        ready = [
            step
            for step in waiting
            if not (set(step.reads) - set(step.writes)) & pending
            and not (isinstance(step, LoopStep) and begun & set(step.loop.targets))
        ]
        if not ready:
            raise RegistryError("two loops wait for each other", hint="nest one in the other")
        done += ready
        waiting = [step for step in waiting if step not in ready]
    return tuple(done)


def _loop_step(graph: Graph, loop: Edge, body: list[Edge], inner: list[Edge]) -> LoopStep:
    steps = _steps(graph, body, inner)
    writes = tuple(dict.fromkeys([*(b for e in body for b in e.targets), *loop.targets]))
    reads = dict.fromkeys(b for e in (*body, loop) for b in graph.reads[e.id])
    return LoopStep(loop, steps, tuple(reads), writes)


def _body(graph: Graph, loop: Edge, edges: list[Edge]) -> set[str]:
    """Ids of the edges that lie between the loop's target and its source."""
    below: set[str] = set()
    reached = set(loop.targets)
    for edge in edges:  # in order, so one pass is enough
        if reached & set(graph.reads[edge.id]):
            below.add(edge.id)
            reached.update(edge.targets)
    above: set[str] = set()
    needed = set(loop.sources)
    for edge in reversed(edges):
        if needed & set(edge.targets):
            above.add(edge.id)
            needed.update(graph.reads[edge.id])
    return below & above
