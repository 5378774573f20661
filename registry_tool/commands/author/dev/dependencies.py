"""What a test's result depends on, so that a save runs only those tests again that it can have changed.

A case depends on its own words, on every file that a run reads, and on the workflow; but not on the settings of
edges that it did not come to: those were never looked at. What decides which edges a run comes to (the graph, the
kinds of edges, what their templates read) counts for every case, so a change of it runs all of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.testing.run_cases import CaseResult, model_outputs
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.destinations import parts
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import Edge, Metadata, Workflow
from registry_tool.sources.program import Program
from registry_tool.store import paths

_LOOKED_AT: Final = ("name", "version")
"""Of the metadata, all that a run tells."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Hashes: of what all cases depend on, of each edge's settings by its id, and of each case by its name."""

    common: str
    edges: Mapping[str, str]
    cases: Mapping[str, str]

    def key(self, result: CaseResult) -> str:
        """The hash of all that made a result; empty where that is not known."""
        if result.started is None or not result.started <= self.edges.keys():
            return ""
        reached = [[name, self.edges[name]] for name in sorted(result.started)]
        return _hash([self.common, self.cases.get(result.name, ""), cast(Value, reached)])


def dependencies_of(program: Program) -> Dependencies:
    """What the cases of a program depend on."""
    workflow = program.workflow
    about = Metadata(**{key: getattr(workflow.metadata, key) for key in _LOOKED_AT})
    compiled = compile_value(replace(workflow, metadata=about))
    spec = cast(Object, compiled["spec"])
    tests = cast(list[Object], spec.pop("tests", []))
    edges = cast(list[Object], spec.pop("edges", []))
    common: Object = {
        "workflow": compiled,
        "graph": list(_shape(workflow)),
        "by models": list[Value](sorted(model_outputs(workflow))),
        "files": [*_files(program)],
        "called": {name: callee.digest for name, callee in program.callees.items()},
    }
    return Dependencies(
        _hash(common),
        {str(edge["id"]): _hash(edge) for edge in edges},
        {str(test["name"]): _hash(test) for test in tests},
    )


def _shape(workflow: Workflow) -> Iterator[Value]:
    """All that decides which edges a run comes to, and in which order, apart from values."""
    graph = Graph(workflow)
    for edge in workflow.edges:
        yield [edge.id, _kinds(edge), [*edge.sources], [*edge.targets], [*graph.reads[edge.id]]]


def _kinds(edge: Edge) -> Value:
    return [kind for kind, _ in parts(edge)]


def _files(program: Program) -> Iterator[Value]:
    """The files that runs read: resources and recorded answers."""
    for path, data in sorted(program.files.items()):
        if path == paths.CASSETTES or path.startswith(f"{paths.RESOURCES}/"):
            yield [path, hashlib.sha256(data).hexdigest()]


def _hash(value: Value) -> str:
    """Of a value in the order of its keys: a schema's order is part of what a model is asked."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
