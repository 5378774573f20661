"""Two runs of a test side by side, without and with planted orders: what these reached and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen
from registry_tool.engine.providers.cassettes.replay import NOT_RECORDED
from registry_tool.engine.testing.canaries.orders import without_orders, words_in
from registry_tool.manifest.destinations import called, destinations, parts
from registry_tool.manifest.flow.reads import BLOCK, Read, reads_of
from registry_tool.manifest.flow.ways_out import SAVED_FILES
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.scope import Scopes
from registry_tool.manifest.template import follow
from registry_tool.rules.planted import CanaryOutcome

_LONGEST: Final = 300
ComparedRun = tuple["RunTrace", "RunTrace"]


class RunTrace(Record, frozen=True):
    """What is left of one run: the edges that began, values by block and output, and why it ended early."""

    case: str
    started: frozenset[str] = frozenset()
    blocks: Frozen = field(default_factory=dict)
    inputs: Frozen = field(default_factory=dict)
    outputs: Frozen = field(default_factory=dict)
    error: str = ""

    @property
    def whole(self) -> bool:
        """Whether it came to its end."""
        return not self.error


def outcome_of_traces(
    model: str, workflow: Workflow, pairs: Sequence[ComparedRun], names: Mapping[str, str]
) -> CanaryOutcome:
    """What all runs with one kind of model show; `names` are the sources by their words."""
    whole_pairs = [(base, found) for base, found in pairs if base.whole]
    reached = {one for _, found in whole_pairs for one in _reached(workflow, found, names)}
    return CanaryOutcome(
        model,
        tuple(sorted(reached)),
        _edges(found.started - base.started for base, found in whole_pairs),
        _edges(base.started - found.started for base, found in whole_pairs if found.whole),
        tuple(sorted({name for base, found in whole_pairs for name in _changed(base, found)})),
        tuple(dict.fromkeys(_failures(pairs))),
    )


def _edges(found: Iterator[frozenset[str]]) -> tuple[str, ...]:
    return tuple(sorted({name for names in found for name in names}))


def _failures(pairs: Sequence[ComparedRun]) -> Iterator[str]:
    for base, found in pairs:
        if not base.whole:
            yield f"{base.case}: without any order, too: {_short(base.error)}"
        elif not found.whole:
            yield f"{found.case}: {_short(found.error)}"


def _short(error: str) -> str:
    if NOT_RECORDED in error:
        return "it asks what was never recorded, so nothing behind that is shown"
    return error if len(error) <= _LONGEST else f"{error[:_LONGEST]}…"


def _reached(
    workflow: Workflow, trace: RunTrace, names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    scopes = Scopes(workflow)
    for edge in workflow.edges:
        if edge.id in trace.started and (places := _places(workflow, edge)):
            held = {w for read in reads_of(workflow, edge, scopes) for w in _held(trace, read)}
            yield from ((names[word], place) for word in held & names.keys() for place in places)
    for output, value in trace.outputs.items():
        yield from (
            (names[word], f"the output {output}") for word in words_in(value) & names.keys()
        )


def _held(trace: RunTrace, read: Read) -> frozenset[str]:
    value = (trace.blocks if read.kind == BLOCK else trace.inputs).get(read.name)
    try:
        return words_in(follow(value, read.path))
    except KeyError:
        return words_in(value)


def _places(workflow: Workflow, edge: Edge) -> list[str]:
    """Where an edge sends what it reads: of models its prompt, all others by name."""
    found = sorted(destinations(workflow, edge))
    named = [place for place in found if place.startswith(("the host ", "the service "))]
    models = [f"the prompt of {edge.id}"] if len(named) < len(found) else []
    if name := called(edge):
        models.append(f"the workflow {name} ({edge.id})")
    saved = [f"{SAVED_FILES} ({edge.id})"] if any(kind == "save" for kind, _ in parts(edge)) else []
    return [*models, *(f"{place} ({edge.id})" for place in named), *saved]


def _changed(base: RunTrace, found: RunTrace) -> Iterator[str]:
    """Outputs that became others, and not by an order that they hold."""
    if found.whole:
        for name in {*base.outputs, *found.outputs}:
            value = found.outputs.get(name)
            if not words_in(value) and without_orders(value) != base.outputs.get(name):
                yield name
