from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.commands.run.limits import RunLimits, ceiling, limits_of, timeout_of
from registry_tool.core.values import Object
from registry_tool.deploy.model import Serving
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow
from registry_tool.monitoring.quota import RemainingQuota
from tests.conftest import MANIFEST


def hello(runtime: str = "memory: 512Mi", environments: str = "") -> Workflow:
    text = MANIFEST.replace("NAME", "hello").replace("VERSION", "1.0.0").replace("REQUIRES", "[]")
    text = text.replace("memory: 512Mi", runtime)
    if environments:
        text = text.replace("  runtime:\n", f"  runtime:\n    environments: {environments}\n")
    return load(text.encode(), "m").workflow


_AMOUNT = st.none() | st.integers(1, 1000)


@settings(deadline=None)
@given(_AMOUNT, _AMOUNT, _AMOUNT, st.integers(1, 5))
def test_the_least_bound_counts(
    each: int | None, wished: int | None, rest: int | None, runs: int
) -> None:
    limits: Object = {} if each is None else {"tokens_per_run": each}
    found = ceiling(limits, RemainingQuota(tokens=rest), wished, None, runs).tokens
    bounds = [b for b in (each and each * runs, wished, rest) if b is not None]
    assert found == min(bounds, default=None)


def test_dollars_are_bounded_alike() -> None:
    assert ceiling({"cost_per_run": 0.5}, RemainingQuota(cost=0.2), None, 3.0) == RunLimits(
        None, 0.2
    )
    assert ceiling({"cost_per_run": 0.5}, RemainingQuota(), None, None, 3).cost == 1.5
    assert ceiling({}, RemainingQuota(), None, 0.0).cost == 0.0


def test_neither_manifest_nor_registry_can_raise_the_others_limit() -> None:
    own = "{ production: { limits: { tokens_per_run: 100, concurrency: 4 } } }"
    workflow = hello(environments=own)
    registry: Object = {"tokens_per_run": 500, "concurrency": 2, "memory": "1Gi"}
    assert limits_of(workflow, "production", registry) == {"tokens_per_run": 100, "concurrency": 2}
    assert limits_of(workflow, "staging", registry) == {"tokens_per_run": 500, "concurrency": 2}


@pytest.mark.parametrize(
    ("own", "given", "allowed", "seconds"),
    [
        ("", "", "", 3600.0),
        ("timeout: 5m", "", "", 300.0),
        ("timeout: 5m", "2m", "10m", 120.0),
        ("", "10m", "90s", 90.0),
    ],
)
def test_the_shortest_time_counts(own: str, given: str, allowed: str, seconds: float) -> None:
    serving = Serving("1.0.0", "sha256:0", allocation={"timeout": given} if given else {})
    limits: Object = {"timeout": allowed} if allowed else {}
    assert timeout_of(hello(own), serving, limits) == seconds


def test_a_ceiling_in_words() -> None:
    assert RunLimits(500, 0.5).words(60) == "at most 500 tokens, at most $0.5, 60 s"
    assert RunLimits().words(60) == "no bound on tokens, no bound on dollars, 60 s"
