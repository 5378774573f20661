"""Plants orders in one run: in its inputs, in what edges bring in, and in answers by hand that obey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.testing.canaries.orders import word_of, words_in
from registry_tool.engine.testing.canaries.planting import obeyed, planted
from registry_tool.manifest.binding import bind, block_schemas, port_schema
from registry_tool.manifest.flow.dataflow import Dataflow
from registry_tool.manifest.flow.origins import input_origin
from registry_tool.manifest.flow.reads import BLOCK, reads_of
from registry_tool.manifest.model import Edge, TestCase, Workflow
from registry_tool.manifest.scope import Scopes
from registry_tool.manifest.written_answers import asks_for_words

_MOST_SOURCES: Final = 64


@dataclass(frozen=True, slots=True)
class PlantingPlaces:
    """Words of the places where orders are planted: inputs by name, edges by id; and what each is."""

    inputs: dict[str, str]
    edges: dict[str, str]
    names: dict[str, str]


def sources_in(workflow: Workflow, callees: Mapping[str, Workflow]) -> PlantingPlaces:
    """Every input and every edge that brings in words from outside."""
    found, flows = PlantingPlaces({}, {}, {}), Dataflow(workflow, callees)
    for port in workflow.interface.inputs:
        words = port.type != "file" and flows.input_holds_words(port.name)
        if words and len(found.names) < _MOST_SOURCES:
            word = found.inputs[port.name] = word_of(len(found.names))
            found.names[word] = input_origin(workflow, port).words
    for edge in workflow.edges:
        texts = flows.words_from_outside(edge)
        if texts and len(found.names) < _MOST_SOURCES:
            word = found.edges[edge.id] = word_of(len(found.names))
            found.names[word] = texts[0].words
    return found


class RunPlanting:
    """One run's orders. `obeying` are edges answered by hand: those that ask a model obey what they read."""

    def __init__(
        self, workflow: Workflow, places: PlantingPlaces, case: TestCase, obeying: frozenset[str]
    ) -> None:
        self._workflow, self._places, self._obeying = workflow, places, obeying
        self._binding = bind(workflow)
        self._schemas = block_schemas(workflow, self._binding)
        self._scopes = Scopes(workflow)
        self.inputs = self._planted_inputs(case)
        filled = self._binding.inputs.items()
        self._held = {block: words_in(self.inputs.get(name)) for name, block in filled}

    def alter(self, edge: Edge, results: dict[str, Value]) -> dict[str, Value]:
        """What an edge gives, with its order, or as a model gives it that obeys the orders in its question."""
        word = self._places.edges.get(edge.id)
        if edge.id in self._obeying and asks_for_words(edge) and (words := self._read(edge)):
            results = {
                target: obeyed(value, words, self._schemas.get(target, {}))
                for target, value in results.items()
            }
        elif word is not None:
            results = {
                target: planted(value, word, self._schemas.get(target, {}))
                for target, value in results.items()
            }
        self._held |= {target: words_in(value) for target, value in results.items()}
        return results

    def _read(self, edge: Edge) -> frozenset[str]:
        """The words in what an edge reads."""
        found = frozenset[str]()
        for read in reads_of(self._workflow, edge, self._scopes):
            if read.kind == BLOCK:
                found |= self._held.get(read.name, frozenset())
            else:
                found |= words_in(self.inputs.get(read.name))
        return found

    def _planted_inputs(self, case: TestCase) -> Frozen:
        ports = {port.name: port for port in self._workflow.interface.inputs}
        return {
            name: planted(value, self._places.inputs[name], port_schema(ports[name]))
            if name in self._places.inputs
            else value
            for name, value in case.inputs.items()
        }
