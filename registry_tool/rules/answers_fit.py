"""Answers that a test gives by hand are of edges that ask somebody, and could be theirs."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.values import Route, Value
from registry_tool.manifest.asserting import asserted
from registry_tool.manifest.model import Edge, TestCase
from registry_tool.manifest.written_answers import asks_somebody, unfit_answer
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import near


def _check(subject: Subject) -> Iterator[Problem]:
    for position, case in enumerate(subject.workflow.tests):
        for name, value in case.answers.items():
            route: Route = ("spec", "tests", position, "answers", name)
            edge = subject.workflow.edge_by_id.get(name)
            if edge is None:
                yield _unknown(subject, case, name, route)
            elif not asks_somebody(subject.workflow, edge):
                yield _computed(case, edge, route)
            elif wrong := _misfit(subject, edge, value):
                yield Problem(
                    route,
                    f"the edge {name} could not give the answer in the test {case.name!r}: {wrong}",
                    "write what its target would hold",
                )
            else:
                yield from _given_away(subject, case, edge, route)


def _unknown(subject: Subject, case: TestCase, name: str, route: Route) -> Problem:
    return Problem(
        route,
        f"the test {case.name!r} answers for the edge {name!r}, which does not exist",
        near(name, [*subject.workflow.edge_by_id], "edges"),
        on_key=True,
    )


def _computed(case: TestCase, edge: Edge, route: Route) -> Problem:
    return Problem(
        route,
        f"the test {case.name!r} answers for the {edge.type} edge {edge.id}, which asks nobody",
        "leave it out: the test runs the edge itself",
        on_key=True,
    )


def _given_away(subject: Subject, case: TestCase, edge: Edge, route: Route) -> Iterator[Problem]:
    """What a test asserts of an output that its own answer fills proves little."""
    asserts = asserted(case, subject.workflow).outputs
    bound = {name for name, block in subject.binding.outputs.items() if block in edge.targets}
    for name in sorted(asserts & bound):
        yield Problem(
            route,
            f"the test {case.name!r} asserts the output {name!r}, which is its own answer for {edge.id}",
            "record an answer (puppy-cli test --record), or assert what is made of it",
            Severity.INFO,
        )


def _misfit(subject: Subject, edge: Edge, value: Value) -> str | None:
    blocks = subject.workflow.block_by_id
    looped = any(name in blocks and blocks[name].looped for name in edge.sources)
    try:
        return unfit_answer(edge, value, subject.values.schemas, looped=looped)
    except ValueError:
        return None  # the rule `values-fit` says that the schema is invalid


RULE = Rule("answers-fit", "Answers written by hand are ones that their edges can give.", _check)
