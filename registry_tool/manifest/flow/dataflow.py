"""What flows where in one workflow and in those that it calls: its sources, its arcs and its ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from registry_tool.core.records import Record
from registry_tool.manifest.binding import bind
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.destinations import destinations, parts
from registry_tool.manifest.egress import called
from registry_tool.manifest.flow.labels import MOST, Arc, Entry, Labels, StateLocation
from registry_tool.manifest.flow.origins import INPUT as GIVEN
from registry_tool.manifest.flow.origins import (
    DataOrigin,
    authority,
    hosts_of,
    input_origin,
    only_reads,
    origins_of,
    secret_of,
)
from registry_tool.manifest.flow.reads import (
    ALL,
    BLOCK,
    INPUT,
    Read,
    passed_to,
    reads_for,
    reads_of,
)
from registry_tool.manifest.flow.text_places import TextPlaces
from registry_tool.manifest.model import Edge, Environment, Workflow
from registry_tool.manifest.scope import Scopes

SAVED_FILES: Final = "the saved files"
"""The way out of a `save` edge, in words."""
_MOST_OF_CALLED: Final = 256


class WayOut(Record, frozen=True):
    """An edge that sends what it takes in to a destination, in words; `by` is the called workflow that does.

    `edge` is its id, `step` its part of a way. `inflow` are the places that it takes in, each with whether their
    words go along; `own` are sources that come in at the edge itself. `opened` are the secret and the host of a
    request that only reads there.
    """

    edge: str
    step: str
    destination: str
    inflow: tuple[tuple[StateLocation, bool], ...]
    own: tuple[tuple[DataOrigin, bool], ...] = ()
    by: str = ""
    opened: tuple[str, str] = ("", "")


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
        self._inner, self._run = called_flows is not None, here
        self._here = callee_environment(workflow, here) if here and self._inner else here
        self._callees = {name: flow for name, flow in callees.items() if name != workflow.name}
        self._called_flows = called_flows if called_flows is not None else {}
        self._scopes = Scopes(workflow)
        self.binding = bind(workflow)
        self._text = TextPlaces(workflow, self.binding)
        self._reads = {
            edge.id: self._known(reads_of(workflow, edge, self._scopes)) for edge in workflow.edges
        }

    @cached_property
    def inputs(self) -> dict[DataOrigin, str]:
        """The inputs' names by what they are as sources."""
        return {
            (
                DataOrigin(GIVEN, port.name, untrusted=True, private=True)
                if self._inner
                else input_origin(self.workflow, port)
            ): port.name
            for port in self.workflow.interface.inputs
        }

    @cached_property
    def labels(self) -> Labels:
        """Which sources reach which places."""
        entries = [
            Entry(origin, (INPUT, name), None, self._text.input(name))
            for origin, name in self.inputs.items()
        ]
        arcs = [
            Arc((INPUT, name), (BLOCK, block), None, self._text.block(block))
            for name, block in self.binding.inputs.items()
        ]
        for edge in self.workflow.edges:
            arcs += self._arcs(edge)
            entries += self._entries(edge)
        return Labels(arcs, entries, _MOST_OF_CALLED if self._inner else MOST)

    @cached_property
    def ways_out(self) -> tuple[WayOut, ...]:
        """Every way out, by edge."""
        return tuple(way for edge in self.workflow.edges for way in self._ways_out(edge))

    def complete(self) -> Dataflow:
        """Itself, with everything worked out."""
        _ = self.labels, self.ways_out
        return self

    def of_output(self, name: str) -> list[tuple[DataOrigin, bool]]:
        """The sources that reach an output, each with whether its words do."""
        block = self.binding.outputs.get(name)
        return list(self.labels.at((BLOCK, block))) if block is not None else []

    def arriving(self, way: WayOut) -> Iterator[tuple[DataOrigin, bool, StateLocation | None]]:
        """The sources at a way out, with whether their words get there, and from which place (None: its own)."""
        for place, text in way.inflow:
            yield from ((origin, words and text, place) for origin, words in self.labels.at(place))
        yield from ((origin, words, None) for origin, words in way.own)

    def _arcs(self, edge: Edge) -> Iterator[Arc]:
        callee = self._called(edge)
        for target in self._targets(edge):
            goes_on = self._text.block(target)
            if callee is None:
                for read in reads_for(self.workflow, edge, target, self._reads[edge.id]):
                    text = goes_on and self._text.read(edge, read)
                    yield Arc((read.kind, read.name), (BLOCK, target), shown(edge), text)
                continue
            for origin, words in self._taken(edge, target, callee):
                for read in self._passed(edge, callee.inputs.get(origin)):
                    text = goes_on and words and self._text.read(edge, read)
                    yield Arc((read.kind, read.name), (BLOCK, target), shown(edge), text)

    def _entries(self, edge: Edge) -> Iterator[Entry]:
        for target in self._targets(edge):
            goes_on = self._text.block(target)
            brings = self._brings_words(edge, target)
            brought = [(origin, brings) for origin in origins_of(self.workflow, edge)]
            for origin, words in (*brought, *self._from_inside(edge, target)):
                yield Entry(origin, (BLOCK, target), shown(edge), goes_on and words)

    def words_from_outside(self, edge: Edge) -> tuple[DataOrigin, ...]:
        """The sources that an edge brings in whose words get into one of its targets at least."""
        lets_in = any(
            self._text.block(target) and self._brings_words(edge, target)
            for target in self._targets(edge)
        )
        found = [origin for origin in origins_of(self.workflow, edge) if origin.untrusted]
        return tuple(found) if lets_in else ()

    def _brings_words(self, edge: Edge, target: str) -> bool:
        """Whether what an edge gives a target can hold words: of a known called workflow, its outputs tell."""
        callee = self._called(edge)
        return callee is None or any(
            callee.output_holds_words(name) for name in self._outputs_for(edge, target, callee)
        )

    def output_holds_words(self, name: str) -> bool:
        """Whether an output's value can hold free text."""
        block = self.binding.outputs.get(name)
        return block is not None and self._text.block(block)

    def input_holds_words(self, name: str) -> bool:
        """Whether an input's value can."""
        return self._text.input(name)

    def _from_inside(self, edge: Edge, target: str) -> Iterator[tuple[DataOrigin, bool]]:
        """Sources of a called workflow's own that it gives to a target."""
        callee = self._called(edge)
        for origin, words in self._taken(edge, target, callee) if callee else ():
            if callee is not None and origin not in callee.inputs:
                yield inside(origin, callee.workflow), words

    def _ways_out(self, edge: Edge) -> Iterator[WayOut]:
        inflow = tuple(
            ((read.kind, read.name), self._text.read(edge, read)) for read in self._reads[edge.id]
        )
        own = [
            (origin, True)
            for origin in origins_of(self.workflow, edge)
            if edge.type == "deep_research"
        ]
        if (secret := authority(self.workflow, edge)) is not None:
            own.append((secret, False))
        for destination in self._destinations(edge):
            yield WayOut(
                edge.id,
                shown(edge),
                destination,
                inflow,
                tuple(own),
                "",
                self._opened(edge, destination),
            )
        callee = self._called(edge)
        if callee is not None:
            yield from (self._through(edge, callee, way) for way in callee.ways_out)

    def _through(self, edge: Edge, callee: Dataflow, way: WayOut) -> WayOut:
        """A way out of a called workflow, as its caller sees it."""
        inflow: dict[tuple[StateLocation, bool], None] = {}
        own: dict[tuple[DataOrigin, bool], None] = {}
        for origin, words, _ in callee.arriving(way):
            if origin not in callee.inputs:
                own[inside(origin, callee.workflow), words] = None
            for read in self._passed(edge, callee.inputs.get(origin)):
                inflow[(read.kind, read.name), words and self._text.read(edge, read)] = None
        by = way.by or callee.workflow.name
        return WayOut(
            edge.id, shown(edge), way.destination, tuple(inflow), tuple(own), by, way.opened
        )

    def _destinations(self, edge: Edge) -> list[str]:
        found = sorted(destinations(self.workflow, edge, self._here))
        saves = any(kind == "save" for kind, _ in parts(edge))
        return [*found, *([SAVED_FILES] if saves else [])]

    def _opened(self, edge: Edge, destination: str) -> tuple[str, str]:
        """The secret and the host of a request that only reads: what the one opened at the other may go back."""
        if not only_reads(edge):
            return "", ""
        secret = next((secret_of(config) for kind, config in parts(edge) if kind == "http"), "")
        host = next(
            (h for h in hosts_of(self.workflow, edge) if destination == f"the host {h}"), ""
        )
        return (secret, host) if secret and host else ("", "")

    def _called(self, edge: Edge) -> Dataflow | None:
        """The flows of the workflow that an edge calls; None for one that is not known, or calls itself."""
        name = called(edge)
        if name not in self._callees:
            return None
        if name not in self._called_flows:
            self._called_flows[name] = None
            inner = Dataflow(self._callees[name], self._callees, self._run, self._called_flows)
            self._called_flows[name] = inner.complete()
        return self._called_flows[name]

    def _taken(self, edge: Edge, target: str, callee: Dataflow) -> list[tuple[DataOrigin, bool]]:
        """What a called workflow's outputs bring to one target."""
        taken = self._outputs_for(edge, target, callee)
        return list(dict.fromkeys(label for name in taken for label in callee.of_output(name)))

    def _outputs_for(self, edge: Edge, target: str, callee: Dataflow) -> list[str]:
        names = [port.name for port in callee.workflow.interface.outputs]
        wanted = [_written(edge, "output")] if len(edge.targets) == 1 else self._called_like(target)
        return [name for name in names if name in wanted] or names

    def _called_like(self, target: str) -> list[str]:
        block = self.workflow.block_by_id[target]
        return [block.id, block.label]

    def _passed(self, edge: Edge, name: str | None) -> list[Read]:
        if name is None:
            return []
        passed = passed_to(self.workflow, edge, self._scopes)
        return self._known((*passed.get(name, ()), *passed.get(ALL, ())))

    def _known(self, reads: Iterable[Read]) -> list[Read]:
        known = self.workflow.block_by_id
        return [read for read in reads if read.kind == INPUT or read.name in known]

    def _targets(self, edge: Edge) -> list[str]:
        return [target for target in edge.targets if target in self.workflow.block_by_id]


def shown(edge: Edge) -> str:
    """An edge as a step of a way: `ask (llm)`."""
    return f"{edge.id} ({edge.type})"


def inside(origin: DataOrigin, workflow: Workflow) -> DataOrigin:
    """A source of a called workflow, as its caller names it."""
    return replace(origin, within=origin.within or workflow.name)


def _written(edge: Edge, key: str) -> str:
    return str(
        next(
            (config[key] for kind, config in parts(edge) if kind == "workflow" and config.get(key)),
            "",
        )
    )
