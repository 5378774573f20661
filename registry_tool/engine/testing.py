"""A workflow's own tests: run each case, compare, tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine.assertions.all_assertions import failure
from registry_tool.engine.assertions.expected import differences, tolerance
from registry_tool.engine.run import ERROR, RunResult
from registry_tool.manifest.binding import bind
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import TestCase, Workflow

_ASKING = frozenset({"llm", "generate", "deep_research", "query_rewrite", "rerank"})

RunCase = Callable[[TestCase], Awaitable[RunResult]]
"""Runs a case once; called again for a case with several runs."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case went: `passes` of `runs`, and the reasons of failures, first run first. `seconds` in all."""

    name: str
    passed: bool
    runs: int
    passes: int
    seconds: float
    reasons: tuple[str, ...]

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "name": self.name,
            "passed": self.passed,
            "runs": self.runs,
            "passes": self.passes,
            "seconds": round(self.seconds, 6),
            "reasons": list[Value](self.reasons),
        }


async def test_workflow(
    workflow: Workflow, run_case: RunCase, *, runs: int | None = None
) -> tuple[CaseResult, ...]:
    """Every case in declared order; `runs` takes the place of the cases' own number."""
    asked = model_outputs(workflow)
    return tuple([await _case(case, run_case, asked, runs or case.runs) for case in workflow.tests])


async def _case(case: TestCase, run_case: RunCase, asked: set[str], runs: int) -> CaseResult:
    passes, seconds, reasons = 0, 0.0, list[str]()
    for _ in range(runs):
        try:
            result = await run_case(case)
        except RegistryError as error:  # wrong inputs
            reasons.append(str(error))
            continue
        seconds += result.seconds
        wrong = list(_failures(case, result, asked))
        passes += not wrong
        reasons += wrong
    passed = passes >= case.pass_rate * runs
    return CaseResult(case.name, passed, runs, passes, seconds, tuple(reasons))


def _failures(case: TestCase, result: RunResult, asked: set[str]) -> Iterator[str]:
    if result.status == ERROR:
        yield result.error
        return
    for name, expected in case.expected.items():
        if name not in result.outputs:
            yield f"there is no output {name}"
            continue
        near = tolerance(from_model=name in asked, chosen=case.tolerance)
        yield from differences(result.outputs[name], expected, near, name)
    for assertion in case.assertions:
        try:
            reason = failure(assertion, result.outputs, result.seconds)
        except (RegistryError, ValueError) as error:
            reason = str(error)
        if reason:
            yield reason


def model_outputs(workflow: Workflow) -> set[str]:
    """Outputs that a model had a hand in: an asking edge, or a called workflow, lies before them."""
    graph = Graph(workflow)
    touched: set[str] = set()
    for edge in graph.order:
        inner = edge.config.get("edge")
        kinds = {edge.type, inner.get("type") if isinstance(inner, dict) else ""}
        by_model = edge.config.get("chunking_mode") == "llm"
        if kinds & _ASKING or by_model or touched & set(graph.reads[edge.id]):
            touched.update(edge.targets)
    outputs = bind(workflow, graph).outputs
    return {name for name, block in outputs.items() if block in touched}
