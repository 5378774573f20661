from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import NotFoundError
from registry_tool.deploy.model import Deployment, Serving

IDS = st.text(min_size=1, max_size=40)


def shared(weight: int) -> Deployment:
    new, old = Serving("2.0.0", "sha256:b", weight), Serving("1.0.0", "sha256:a", 100 - weight)
    return Deployment("hello", "production", (new, old))


@given(IDS, st.integers(0, 100))
def test_an_execution_has_one_version(execution: str, weight: int) -> None:
    deployment = shared(weight)
    assert deployment.choose(execution) == deployment.choose(execution)
    assert deployment.choose(execution).weight > 0


@given(IDS, st.integers(0, 100), st.integers(0, 100))
def test_a_growing_weight_moves_runs_only_to_the_candidate(
    execution: str, one: int, other: int
) -> None:
    before, after = shared(min(one, other)), shared(max(one, other))
    if before.choose(execution).version == "2.0.0":
        assert after.choose(execution).version == "2.0.0"


@pytest.mark.parametrize("weight", [1, 10, 25, 50, 99])
def test_shares_come_out_as_weights(weight: int) -> None:
    deployment = shared(weight)
    runs = 20_000
    hits = sum(deployment.choose(f"exec-{n:012x}").version == "2.0.0" for n in range(runs))
    assert hits / runs == pytest.approx(weight / 100, abs=0.015)


def test_where_nothing_serves_nothing_is_chosen() -> None:
    with pytest.raises(NotFoundError, match="nothing of hello serves"):
        Deployment("hello", "production").choose("exec-1")
