"""The graph of a workflow: who feeds whom, in what order, what is a cycle, what is never reached."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from registry_tool.core.once import once
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.scope import Scopes

LOOP = "loop"


class Graph:
    """Dependencies between an edge and the blocks that it reads and writes.

    An edge reads its sources, every block that its templates name, and those that decide whether it runs (`when`).
    `loop` edges lead back and don't count for order.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    @cached_property
    def reads(self) -> dict[str, tuple[str, ...]]:
        """Block ids that each edge needs, by edge id; sources first, in declared order."""
        return {
            edge.id: tuple(dict.fromkeys((*self.values[edge.id], *self._known(edge.when))))
            for edge in self.workflow.edges
        }

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Block ids whose values each edge takes in, by edge id: its `reads` but for those that only decide."""
        scopes = Scopes(self.workflow)
        result = {}
        for edge in self.workflow.edges:
            named = (
                use.referent.name
                for use in scopes.uses(edge)
                if use.referent is not None and use.referent.kind == "block"
            )
            result[edge.id] = self._known((*edge.sources, *named))
        return result

    def _known(self, blocks: Iterable[str]) -> tuple[str, ...]:
        known = self.workflow.block_by_id
        return tuple(block for block in dict.fromkeys(blocks) if block in known)

    @cached_property
    def producers(self) -> dict[str, tuple[Edge, ...]]:
        """Edges that write each block, without `loop` edges, by block id."""
        return self._writers(loops=False)

    @cached_property
    def loops(self) -> dict[str, tuple[Edge, ...]]:
        """`loop` edges that lead back to each block, by block id."""
        return self._writers(loops=True)

    def _writers(self, *, loops: bool) -> dict[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.workflow.edges:
            if (edge.type == LOOP) is loops:
                for target in edge.targets:
                    found.setdefault(target, []).append(edge)
        return {block: tuple(edges) for block, edges in found.items()}

    @cached_property
    def readers(self) -> dict[str, tuple[Edge, ...]]:
        """Edges that read each block, by block id."""
        found: dict[str, list[Edge]] = {}
        for edge in self.workflow.edges:
            for block in self.reads[edge.id]:
                found.setdefault(block, []).append(edge)
        return {block: tuple(edges) for block, edges in found.items()}

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Blocks that no edge writes, in declared order."""
        return tuple(block.id for block in self.workflow.blocks if block.id not in self.producers)

    @cached_property
    def terminals(self) -> tuple[str, ...]:
        """Blocks that an edge writes and none but a `loop` reads, in declared order."""
        return tuple(
            block.id
            for block in self.workflow.blocks
            if block.id in self.producers
            and all(edge.type == LOOP for edge in self.readers.get(block.id, ()))
        )

    @cached_property
    def order(self) -> tuple[Edge, ...]:
        """Edges, each after all that feed it, declared order kept; edges in a cycle are missing."""
        needs = {edge.id: self._feeders(edge) for edge in self.workflow.edges if edge.type != LOOP}
        feeds: dict[str, list[str]] = {}
        for name, feeders in needs.items():
            for feeder in feeders:
                feeds.setdefault(feeder, []).append(name)
        position = {name: number for number, name in enumerate(needs)}
        missing = {name: len(feeders) for name, feeders in needs.items()}
        done: dict[str, Edge] = {}
        ready = [name for name, count in missing.items() if count == 0]
        while ready:
            following: list[str] = []
            for name in ready:
                done[name] = self.workflow.edge_by_id[name]
                for reader in feeds.get(name, ()):
                    missing[reader] -= 1
                    if missing[reader] == 0:
                        following.append(reader)
            ready = sorted(following, key=position.__getitem__)
        return tuple(done.values())

    def _feeders(self, edge: Edge) -> set[str]:
        """Ids of the edges that write what an edge reads."""
        return {
            producer.id
            for block in self.reads[edge.id]
            for producer in self.producers.get(block, ())
        }

    @cached_property
    def cycle(self) -> tuple[str, ...]:
        """The block ids of one cycle that no `loop` edge closes, first repeated last; or empty."""
        ordered = {edge.id for edge in self.order}
        stuck = [e for e in self.workflow.edges if e.type != LOOP and e.id not in ordered]
        if not stuck:
            return ()
        return self._walk_back(stuck, {edge.id for edge in stuck})

    def _walk_back(self, stuck: list[Edge], names: set[str]) -> tuple[str, ...]:
        edge, path = stuck[0], list[str]()
        while True:
            block, producer = next(
                (block, producer)
                for block in self.reads[edge.id]
                for producer in self.producers.get(block, ())
                if producer.id in names
            )
            if block in path:
                return tuple(reversed([*path[path.index(block) :], block]))
            path.append(block)
            edge = producer

    @cached_property
    def unreachable(self) -> tuple[str, ...]:
        """Blocks that neither feed nor are fed by any edge, in a workflow that has edges."""
        if not self.workflow.edges:
            return ()
        return tuple(
            block.id
            for block in self.workflow.blocks
            if block.id not in self.producers
            and block.id not in self.readers
            and block.id not in self.loops
        )


@once
def graph_of(workflow: Workflow) -> Graph:
    """The graph of a workflow, worked out once."""
    return Graph(workflow)
