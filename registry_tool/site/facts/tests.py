"""A version's tests: inputs, what is expected of the outputs, and what was answered when they were recorded."""

from __future__ import annotations

import json

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.answerers import same_model
from registry_tool.manifest.model import TestCase, Workflow
from registry_tool.site.contexts import Context
from registry_tool.site.diagram import Diagram
from registry_tool.site.facts.ports import plain, pretty
from registry_tool.site.facts.recordings import (
    RecordedAnswer,
    edge_of,
    of_test,
    recorded_answers,
)


def tests(version: PublishedVersion, drawn: Diagram) -> list[Context]:
    """Every test, in the manifest's order."""
    answers = recorded_answers(version.cassettes)
    return [_test(test, version.workflow, drawn, answers) for test in version.workflow.tests]


def _test(
    test: TestCase, workflow: Workflow, drawn: Diagram, answers: tuple[RecordedAnswer, ...]
) -> Context:
    mine = [answer for answer in answers if of_test(test, workflow.tests, answer)]
    return {
        "name": test.name,
        "inputs": [(name, pretty(value)) for name, value in test.inputs.items()],
        "inputs_json": json.dumps(dict(test.inputs), ensure_ascii=False),
        "expected": [(name, pretty(value)) for name, value in test.expected.items()],
        "assertions": [_assertion(item) for item in test.assertions],
        "environment": test.environment,
        "runs": test.runs,
        "pass_rate": f"{test.pass_rate:.0%}",
        "answers": [_answer(answer, workflow, drawn) for answer in mine],
        "by_hand": [(edge, pretty(value)) for edge, value in test.answers.items()],
        "input_tokens": sum(answer.input_tokens for answer in mine),
        "output_tokens": sum(answer.output_tokens for answer in mine),
    }


def _assertion(item: Frozen) -> Context:
    value: Value = item.get("value")
    return {
        "type": str(item.get("type", "")),
        "output": str(item.get("output", "")),
        "value": "" if value is None else plain(value),
    }


def _answer(answer: RecordedAnswer, workflow: Workflow, drawn: Diagram) -> Context:
    edge = edge_of(workflow, answer)
    outputs = {block: name for name, block in drawn.bound.outputs.items()}
    targets = edge.targets if edge else ()
    return {
        "edge": edge.id if edge else "",
        "output": next((outputs[name] for name in targets if name in outputs), ""),
        "text": pretty(answer.value) if answer.value is not None else answer.text,
        "asked": answer.asked,
        "answered": answer.answered,
        "stand_in": not same_model(answer.asked, answer.answered),
    }
