"""A workflow's own tests: run each case, compare, judge, tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypedDict, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine.assertions.base import Outcome, RunSeen
from registry_tool.engine.assertions.expected import differences, tolerance
from registry_tool.engine.assertions.judging import Judgement, flat, judge, metrics, summed
from registry_tool.engine.failures import UNRECORDED
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.run import ERROR, RunResult
from registry_tool.engine.testing.pass_rate import outcome_of, wilson
from registry_tool.manifest.binding import bind
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import TestCase, Workflow

_ASKING = frozenset({"llm", "generate", "deep_research", "query_rewrite", "rerank"})

RunCase = Callable[[TestCase], Awaitable[tuple[RunResult, RunSeen]]]
"""Runs a case once; called again for a case with several runs."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case went: `passes` of `runs`, and the reasons of what went wrong, first run first.

    `seconds` in all, `durations` of each run that was made; `score` is the runs' mean from 0 to 1; `metrics` are
    the mean scores of named assertions. `usage` is what the runs took, judges not counted. `by_hand` are the edges
    whose answers stand in the test, `stand_ins` the models that answered for others, as (answered, asked).
    `started` are the edges that ran, None where a run didn't begin. `unrecorded` says that a run, or its judge,
    asked a replay for what was never recorded: by the class of the error, since an output can have any words.
    """

    name: str
    outcome: Outcome
    runs: int = 1
    passes: int = 0
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    durations: tuple[float, ...] = ()
    usage: Usage = field(default_factory=Usage)
    by_hand: tuple[str, ...] = ()
    stand_ins: tuple[tuple[str, str], ...] = ()
    started: frozenset[str] | None = None
    unrecorded: bool = False

    @property
    def passed(self) -> bool:
        """True for a pass; an inconclusive case doesn't pass."""
        return self.outcome is Outcome.PASSED

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true pass rate lies, with 95 % confidence."""
        return wilson(self.passes, self.runs)

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "name": self.name,
            "outcome": self.outcome.value,
            "passed": self.passed,
            "runs": self.runs,
            "passes": self.passes,
            "interval": [round(bound, 4) for bound in self.interval],
            "score": round(self.score, 6),
            "metrics": {name: round(score, 6) for name, score in self.metrics.items()},
            "seconds": round(self.seconds, 6),
            "usage": cast(Value, self.usage.to_value()),
            "answers_by_hand": list[Value](self.by_hand),
            **self._answered(),
            "reasons": list[Value](self.reasons),
        }

    def _answered(self) -> Object:
        """Who answered for whom, in the words of a run's result; nothing where nobody did."""
        if not self.stand_ins:
            return {}
        answered, asked = (
            list(dict.fromkeys(names)) for names in zip(*self.stand_ins, strict=True)
        )
        return {"answered_by": ", ".join(answered), "instead_of": ", ".join(asked)}


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a case, judged."""

    outcome: Outcome
    score: float
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    usage: Usage = field(default_factory=Usage)
    seen: RunSeen | None = None
    unrecorded: bool = False


async def test_workflow(
    workflow: Workflow,
    run_case: RunCase,
    *,
    runs: int | None = None,
    only: Collection[str] | None = None,
) -> tuple[CaseResult, ...]:
    """Every case (of the names in `only`, where they are given) in declared order.

    `runs` takes the place of the cases' own number.
    """
    generated = model_outputs(workflow)
    chosen = [case for case in workflow.tests if only is None or case.name in only]
    return tuple([await _case(case, run_case, generated, runs or case.runs) for case in chosen])


async def _case(case: TestCase, run_case: RunCase, generated: set[str], runs: int) -> CaseResult:
    done = [await _run(case, run_case, generated) for _ in range(runs)]
    outcomes = [run.outcome for run in done]
    return CaseResult(
        name=case.name,
        outcome=outcome_of(outcomes, case.pass_rate),
        runs=runs,
        passes=outcomes.count(Outcome.PASSED),
        seconds=sum(run.seconds for run in done),
        reasons=tuple(reason for run in done for reason in run.reasons),
        score=sum(run.score for run in done) / len(done),
        metrics=metrics(judgement for run in done for judgement in run.judgements),
        durations=tuple(run.seconds for run in done if run.seen),
        usage=sum((run.usage for run in done), Usage()),
        unrecorded=any(run.unrecorded for run in done),
        **_seen([run.seen for run in done]),
    )


class _Seen(TypedDict):
    by_hand: tuple[str, ...]
    stand_ins: tuple[tuple[str, str], ...]
    started: frozenset[str] | None


def _seen(runs: Sequence[RunSeen | None]) -> _Seen:
    """What all runs of a case together showed."""
    complete = [run for run in runs if run is not None]
    return _Seen(
        by_hand=tuple(dict.fromkeys(edge for run in complete for edge in run.by_hand)),
        stand_ins=tuple(dict.fromkeys(pair for run in complete for pair in run.stand_ins)),
        started=_started(complete) if len(complete) == len(runs) else None,
    )


def _started(runs: Sequence[RunSeen]) -> frozenset[str]:
    return frozenset(edge for run in runs for edge in run.started)


async def _run(case: TestCase, run_case: RunCase, generated: set[str]) -> _Run:
    try:
        result, seen = await run_case(case)
    except RegistryError as error:  # wrong inputs
        return _Run(Outcome.ERROR, 0.0, reasons=(str(error),))
    if result.status == ERROR:
        reasons: tuple[str, ...] = (result.error,)
        unrecorded = result.error_kind == UNRECORDED
        return _Run(Outcome.ERROR, 0.0, result.seconds, reasons, (), result.usage, seen, unrecorded)
    wrong = tuple(_differences(case, result, generated))
    judgements = tuple([await judge(form, seen) for form in case.assertions])
    total = summed(judgements, case.threshold)
    outcome = Outcome.FAILED if wrong and total.outcome is not Outcome.ERROR else total.outcome
    score = 0.0 if wrong else total.score
    reasons = (*wrong, *total.reasons)
    unrecorded = any(one.unrecorded for one in flat(judgements))
    return _Run(outcome, score, result.seconds, reasons, judgements, result.usage, seen, unrecorded)


def _differences(case: TestCase, result: RunResult, generated: set[str]) -> Iterator[str]:
    for name, expected in case.expected.items():
        if name not in result.outputs:
            yield f"there is no output {name}"
            continue
        near = tolerance(from_model=name in generated, chosen=case.tolerance)
        yield from differences(result.outputs[name], expected, near, name)


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
