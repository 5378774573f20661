"""What travels with a workflow as a tool: digest, tests and their pass rate, egress, recorded cost, time limit.

Pure, and of one version alone: what an agent, or a policy, decides by before it calls the tool.
"""

from __future__ import annotations

import json
from typing import Any

from registry_tool.core.values import Object, Value
from registry_tool.manifest.asserting import asserting_tests
from registry_tool.manifest.destinations import destinations
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.names import MAX_NUMBER


def tool_facts(workflow: Workflow, digest: str, cassettes: bytes) -> Object:
    """`digest`, `egress`, `tests`, `usage` (of the recorded answers, per run of all tests) and `timeout`.

    `tests.pass_rate` is the lowest that any test asks for; each published version has passed its tests in replay.
    `usage` is None where nothing is recorded, `timeout` empty where the manifest bounds no run.
    """
    sent = list[Value](egress(workflow))
    return {"digest": digest, "egress": sent, **facts_of_tests(workflow, cassettes)}


def facts_of_tests(workflow: Workflow, cassettes: bytes) -> Object:
    """The facts that neither the digest nor the destinations tell."""
    return {
        "tests": {
            "count": len(workflow.tests),
            "asserting": len(asserting_tests(workflow)),
            "pass_rate": min((test.pass_rate for test in workflow.tests), default=None),
        },
        "usage": recorded_usage(cassettes),
        "timeout": workflow.requirements.timeout,
    }


def egress(workflow: Workflow) -> tuple[str, ...]:
    """Where it sends what it gets, in words, sorted: models, services, hosts."""
    return tuple(sorted({to for edge in workflow.edges for to in destinations(workflow, edge)}))


def recorded_usage(cassettes: bytes) -> Object | None:
    """Calls, tokens and cost (None where a price is not known) of recorded answers; None where there are none."""
    try:
        found = [item["answer"].get("usage") or {} for item in json.loads(cassettes)["recordings"]]
        counts = {key: _sum(found, key) for key in ("calls", "input_tokens", "output_tokens")}
        costs = [usage.get("cost_usd") for usage in found]
        known = [float(cost) for cost in costs if cost is not None]
        total = round(sum(known), 6) if len(known) == len(costs) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None  # a broken file, which a rule tells
    return {**counts, "cost_usd": total} if found else None


def _sum(usages: list[dict[str, Any]], key: str) -> int:
    return min(sum(int(usage.get(key, 0)) for usage in usages), MAX_NUMBER)
