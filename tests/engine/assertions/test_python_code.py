"""Assertions in code run in the sandbox."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.assertions.base import Outcome, RunSeen
from registry_tool.engine.edges.base import Services
from registry_tool.engine.sandbox.wasm import WasmSandbox
from tests.engine.assertions.judged import ERROR, FAILED, PASSED, judged


@pytest.mark.parametrize(
    ("code", "extra", "outcome", "expected"),
    [
        ("len(output) == 5", {}, PASSED, ""),
        ("output == context['vars']['who']", {}, FAILED, "says no"),
        ("x = len(output) / 10\nreturn x", {"threshold": 0.6}, FAILED, "0.5"),
        (
            "def get_assert(output, context):\n    return {'pass': False, 'score': 0.2,"
            " 'reason': 'why: ' + context['config']['a']}",
            {"config": {"a": "because"}},
            FAILED,
            "why: because",
        ),
        ("open('/etc/passwd').read() == ''", {}, ERROR, "its code failed"),
        ("'text'", {}, ERROR, "must give"),
        ("file://x.py", {}, ERROR, "other files"),
    ],
)
def test_code_runs_in_the_sandbox(
    code: str, extra: Object, outcome: Outcome, expected: str
) -> None:
    run = RunSeen({}, {"who": "Ada"}, services=Services(sandbox=WasmSandbox()))
    found = judged({"type": "python", "value": code, **extra}, "Hello", run)
    assert found.outcome is outcome, found
    assert expected in found.reason
