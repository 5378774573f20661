"""What a version calls is followed, and it is said where not all of it was."""

from __future__ import annotations

import pytest

from registry_tool.manifest.load import load
from registry_tool.resolver.candidates import Candidate, FixedSource
from registry_tool.rules.base import RuleContext, Subject
from registry_tool.rules.callees import MOST
from registry_tool.rules.toxic_flow import RULE
from tests.manifest.flow.build import workflow

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: {{name: t, version: "1.0.0"}}
spec:
  blocks: [{{id: a, type: text, value: x}}]
  runtime: {{dependencies: {{workflows: [{needs}]}}}}
"""


@pytest.mark.parametrize(("count", "reported"), [(MOST - 1, 0), (MOST + 1, 1)])
def test_more_called_workflows_than_are_followed_are_reported(count: int, reported: int) -> None:
    names = [f"w{number}" for number in range(count)]
    needs = ", ".join(f'{{name: {name}, version: "^1.0.0"}}' for name in names)
    known = {name: [Candidate(name, "1.0.0")] for name in names}
    context = RuleContext(FixedSource(known), workflow_of=lambda found: workflow(name=found.name))
    judged = Subject(load(MANIFEST.format(needs=needs).encode(), "m.yaml"), {}, context)
    found = [problem.message for problem in RULE.check(judged)]
    assert len(found) == reported
    assert all("the first 64 workflows alone were followed" in message for message in found)
