"""A version's tests: inputs, what is expected of the outputs, and what was answered when they were recorded."""

from __future__ import annotations

import json

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.answerers import same_model
from registry_tool.manifest.model import Edge, TestCase
from registry_tool.site.contexts import Context
from registry_tool.site.diagram import Diagram, short
from registry_tool.site.facts.ports import plain, pretty
from registry_tool.site.facts.recordings import (
    RecordedAnswer,
    by_test,
    edges_of,
    recorded_answers,
)

_LONGEST = 4000  # characters of an answer that a page shows; the package has all


def tests(version: PublishedVersion, drawn: Diagram) -> list[Context]:
    """Every test, in the manifest's order."""
    tests, answers = version.workflow.tests, recorded_answers(version.cassettes)
    edges = edges_of(version.workflow, answers)
    found = by_test(tests, answers)
    return [
        _test(test, [(answers[n], edges[n]) for n in mine], drawn)
        for test, mine in zip(tests, found, strict=True)
    ]


def _test(
    test: TestCase, mine: list[tuple[RecordedAnswer, Edge | None]], drawn: Diagram
) -> Context:
    return {
        "name": test.name,
        "inputs": [(name, pretty(value)) for name, value in test.inputs.items()],
        "inputs_json": json.dumps(dict(test.inputs), ensure_ascii=False),
        "expected": [(name, pretty(value)) for name, value in test.expected.items()],
        "assertions": [_assertion(item) for item in test.assertions],
        "environment": test.environment,
        "runs": test.runs,
        "pass_rate": f"{test.pass_rate:.0%}",
        "answers": [_answer(answer, edge, drawn) for answer, edge in mine],
        "by_hand": [(edge, pretty(value)) for edge, value in test.answers.items()],
        "input_tokens": sum(answer.input_tokens for answer, _ in mine),
        "output_tokens": sum(answer.output_tokens for answer, _ in mine),
    }


def _assertion(item: Frozen) -> Context:
    value: Value = item.get("value")
    return {
        "type": str(item.get("type", "")),
        "output": str(item.get("output", "")),
        "value": "" if value is None else plain(value),
    }


def _answer(answer: RecordedAnswer, edge: Edge | None, drawn: Diagram) -> Context:
    outputs = {block: name for name, block in drawn.bound.outputs.items()}
    targets = edge.targets if edge else ()
    return {
        "edge": edge.id if edge else "",
        "output": next((outputs[name] for name in targets if name in outputs), ""),
        "text": short(pretty(answer.value) if answer.value is not None else answer.text, _LONGEST),
        "asked": answer.asked,
        "answered": answer.answered,
        "stand_in": not same_model(answer.asked, answer.answered),
    }
