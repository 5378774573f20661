"""What flows where in one workflow and in those that it calls: sources, arcs, and the labels that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from registry_tool.manifest.binding import bind
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.destinations import called, parts
from registry_tool.manifest.flow.labels import MOST, Arc, Entry, LabelNode, Labels
from registry_tool.manifest.flow.origins import INPUT as GIVEN
from registry_tool.manifest.flow.origins import DataOrigin, input_origin, origins_of
from registry_tool.manifest.flow.reads import (
    ALL,
    BLOCK,
    INPUT,
    Read,
    moves_of,
    passed_to,
    reads_of,
)
from registry_tool.manifest.flow.text_places import TextPlaces
from registry_tool.manifest.kept_documents import sharing
from registry_tool.manifest.model import Edge, Environment, Workflow
from registry_tool.manifest.scope import Scopes

_IN, _OUT, _PASSED = "in", "out", "passed"
"""What goes into an edge, what comes out of it, and what it passes to an input of the workflow that it calls."""
_MOVING: Final = frozenset({"branch", "loop"})
_MOST_OF_CALLED: Final = 256


class Dataflow:
    """The flows of a workflow, called ones included as far as they are known (`callees`, by name).

    Of a called one, inputs are followed whatever they are: its caller knows what they hold.
    """

    def __init__(
        self,
        workflow: Workflow,
        callees: Mapping[str, Workflow],
        here: Environment | None = None,
        called_flows: dict[str, Dataflow | None] | None = None,
    ) -> None:
        """`here` is the whole run's environment, None for any; `called_flows` are known (None: are at work)."""
        self.workflow = workflow
        self.called_one, self._run = called_flows is not None, here
        self.here = callee_environment(workflow, here) if here and self.called_one else here
        self._callees = {name: flow for name, flow in callees.items() if name != workflow.name}
        self._shared = sharing(workflow.edges, self._callees)
        self._called_flows = called_flows if called_flows is not None else {}
        self._scopes = Scopes(workflow)
        self.binding = bind(workflow)
        self._text = TextPlaces(workflow, self.binding)
        self._passed: dict[str, dict[str, list[Read]]] = {}

    @cached_property
    def inputs(self) -> dict[DataOrigin, str]:
        """The inputs' names by what they are as sources."""
        return {
            (
                DataOrigin(GIVEN, port.name, untrusted=True, private=True)
                if self.called_one
                else input_origin(self.workflow, port)
            ): port.name
            for port in self.workflow.interface.inputs
        }

    @cached_property
    def labels(self) -> Labels:
        """Which sources reach which nodes."""
        entries = [
            Entry(origin, _input(name), self._text.input(name))
            for origin, name in self.inputs.items()
        ]
        arcs = [
            Arc(_input(name), _block(block), self._text.block(block))
            for name, block in self.binding.inputs.items()
        ]
        for edge in self.workflow.edges:
            arcs += self._arcs(edge)
            entries += self._entries(edge)
        return Labels(arcs, entries, _MOST_OF_CALLED if self.called_one else MOST)

    def of_output(self, name: str) -> list[tuple[DataOrigin, bool]]:
        """The sources that reach an output, each with whether its words do."""
        block = self.binding.outputs.get(name)
        return list(self.labels.at(_block(block))) if block is not None else []

    def callee(self, edge: Edge) -> Dataflow | None:
        """The flows of the workflow that an edge calls; None for one that is not known, or calls itself."""
        name = called(edge)
        if name not in self._callees:
            return None
        if name not in self._called_flows:
            self._called_flows[name] = None
            inner = Dataflow(self._callees[name], self._callees, self._run, self._called_flows)
            _ = inner.labels
            self._called_flows[name] = inner
        return self._called_flows[name]

    def words_from_outside(self, edge: Edge) -> tuple[DataOrigin, ...]:
        """The sources that an edge brings in whose words get into one of its targets at least."""
        callee = self.callee(edge)
        lets_in = any(
            self._text.block(target)
            and (callee is None or any(map(callee.output_holds_words, outputs)))
            for target, outputs in self._taken(edge, callee)
        )
        found = [origin for origin in origins_of(self.workflow, edge) if origin.untrusted]
        return tuple(found) if lets_in else ()

    def output_holds_words(self, name: str) -> bool:
        """Whether an output's value can hold free text."""
        block = self.binding.outputs.get(name)
        return block is not None and self._text.block(block)

    def input_holds_words(self, name: str) -> bool:
        """Whether an input's value can."""
        return self._text.input(name)

    def _arcs(self, edge: Edge) -> Iterator[Arc]:
        if edge.type in _MOVING:
            yield from self._moves(edge)
        elif (callee := self.callee(edge)) is not None:
            yield from self._calls(edge, callee)
        else:
            yield from self._reads_into(edge, self.reads(edge), into(edge))
            yield Arc(into(edge), out_of(edge))
            yield from (Arc(node, out_of(edge), text) for node, text in self.kept_for(edge))
            yield from (
                Arc(out_of(edge), _block(target), self._text.block(target))
                for target in self._known_blocks(edge.targets)
            )

    def reads(self, edge: Edge) -> list[Read]:
        """What an edge takes in, as far as it is there."""
        return self._known(reads_of(self.workflow, edge, self._scopes))

    def kept_for(self, edge: Edge) -> Iterator[tuple[LabelNode, bool]]:
        """What other edges keep in a collection that an edge looks into, each with whether it can hold words."""
        for other in self._shared.get(edge.id, ()):
            for arc in self._reads_into(other, self.reads(other), into(other)):
                yield arc.source, arc.text

    def _moves(self, edge: Edge) -> Iterator[Arc]:
        for source, target in moves_of(self.workflow, edge):
            moved = out_of(edge, target)
            yield from self._reads_into(edge, self._known([Read(BLOCK, source)]), moved)
            if target in self.workflow.block_by_id:
                yield Arc(moved, _block(target), self._text.block(target))

    def _calls(self, edge: Edge, callee: Dataflow) -> Iterator[Arc]:
        """Through a called workflow: from what it is passed to what it gives, as its own labels say."""
        for name in callee.inputs.values():
            yield from self._reads_into(edge, self.passed(edge, name), given_to(edge, name))
        for target, outputs in self._taken(edge, callee):
            for output in outputs:
                yield Arc(out_of(edge, output), _block(target), self._text.block(target))
        for output in self._outputs(edge, callee):
            holds = callee.output_holds_words(output)
            for node, text in self.kept_for(edge):
                yield Arc(node, out_of(edge, output), text and holds)
            for origin, words in callee.of_output(output):
                if origin in callee.inputs:
                    passed = given_to(edge, callee.inputs[origin])
                    yield Arc(passed, out_of(edge, output), words)

    def _entries(self, edge: Edge) -> Iterator[Entry]:
        callee = self.callee(edge)
        # what a researcher reads makes its next question
        node = into(edge) if edge.type == "deep_research" else out_of(edge)
        if callee is None:
            yield from (Entry(origin, node) for origin in origins_of(self.workflow, edge))
            return
        for output in self._outputs(edge, callee):
            holds = callee.output_holds_words(output)
            for origin in origins_of(self.workflow, edge):
                yield Entry(origin, out_of(edge, output), holds)
            for origin, words in callee.of_output(output):
                if origin not in callee.inputs:
                    yield Entry(inside(origin, callee.workflow), out_of(edge, output), words)

    def _reads_into(self, edge: Edge, reads: Iterable[Read], node: LabelNode) -> Iterator[Arc]:
        for read in reads:
            source = _block(read.name) if read.kind == BLOCK else _input(read.name)
            yield Arc(source, node, self._text.read(edge, read))

    def passed(self, edge: Edge, name: str) -> list[Read]:
        """What an edge passes to an input of the workflow that it calls."""
        if edge.id not in self._passed:
            found = passed_to(self.workflow, edge, self._scopes)
            self._passed[edge.id] = {key: self._known(reads) for key, reads in found.items()}
        passed = self._passed[edge.id]
        return [*passed.get(name, ()), *passed.get(ALL, ())]

    def _taken(self, edge: Edge, callee: Dataflow | None) -> Iterator[tuple[str, list[str]]]:
        """Each target with the called workflow's outputs that it takes."""
        targets = self._known_blocks(edge.targets)
        if callee is None:
            yield from ((target, []) for target in targets)
        elif len(edge.targets) == 1:
            yield from ((target, self._outputs(edge, callee)) for target in targets)
        else:
            names = set(self._outputs(edge, callee))
            for target in targets:
                label = self.workflow.block_by_id[target].label
                yield target, [name for name in dict.fromkeys((target, label)) if name in names]

    def _outputs(self, edge: Edge, callee: Dataflow) -> list[str]:
        """The outputs of a called workflow that an edge takes."""
        names = [port.name for port in callee.workflow.interface.outputs]
        wanted = _wanted(edge) if len(edge.targets) == 1 else ""
        return [wanted] if wanted in names else names

    def _known(self, reads: Iterable[Read]) -> list[Read]:
        known = self.workflow.block_by_id
        return [read for read in reads if read.kind == INPUT or read.name in known]

    def _known_blocks(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name in self.workflow.block_by_id]


def _block(name: str) -> LabelNode:
    return LabelNode(BLOCK, name, name)


def _input(name: str) -> LabelNode:
    return LabelNode(INPUT, name, name)


def into(edge: Edge) -> LabelNode:
    """What an edge takes in, all together."""
    return LabelNode(_IN, edge.id)


def out_of(edge: Edge, which: str = "") -> LabelNode:
    """What an edge gives, to one target or as one output where they differ."""
    return LabelNode(_OUT, f"{edge.id}\0{which}", shown(edge))


def given_to(edge: Edge, name: str) -> LabelNode:
    """What an edge passes to an input of the workflow that it calls."""
    return LabelNode(_PASSED, f"{edge.id}\0{name}")


def shown(edge: Edge) -> str:
    """An edge as a step of a way: `ask (llm)`."""
    return f"{edge.id} ({edge.type})"


def inside(origin: DataOrigin, workflow: Workflow) -> DataOrigin:
    """A source of a called workflow, as its caller names it."""
    return replace(origin, within=origin.within or workflow.name)


def _wanted(edge: Edge) -> str:
    found = (config.get("output") for kind, config in parts(edge) if kind == "workflow")
    return str(next((name for name in found if name), ""))
