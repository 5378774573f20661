"""A called workflow runs below the operator's settings, whatever its manifest and its caller's say."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.model import Environment, Metadata, Workflow

RUN = Environment(
    "production",
    {"llm_model": "approved", "temperature": 0, "embedding_model": "vectors", "provider": "openai"},
    {"tone": "Dear", "own": "x"},
    {"tokens_per_run": 9},
    governed=True,
    operator_address="http://10.0.0.1/v1",
    overlay={"llm_model": "approved", "provider": "openai"},
    overlay_variables={"tone": "Dear"},
)


@pytest.mark.parametrize(
    ("own", "overrides", "variables"),
    [
        ((), dict(RUN.overrides), {"tone": "Dear"}),
        ((Environment("staging", {"llm_model": "dear"}),), dict(RUN.overrides), {"tone": "Dear"}),
        (
            (Environment("production", {}, {"tone": "Hi", "sign": "A"}),),
            {"llm_model": "approved", "provider": "openai", "embedding_model": "vectors"},
            {"tone": "Dear", "sign": "A"},
        ),
        (
            (
                Environment(
                    "production",
                    {"llm_model": "dear", "max_tokens": 9, "base_url": "https://a.example"},
                ),
            ),
            {
                **{"llm_model": "approved", "max_tokens": 9, "base_url": "https://a.example"},
                **{"provider": "openai", "embedding_model": "vectors"},
            },
            {"tone": "Dear"},
        ),
        (
            (Environment("production", {"provider": "replay", "substitute": "local"}),),
            {"llm_model": "approved", "provider": "openai", "embedding_model": "vectors"},
            {"tone": "Dear"},
        ),
    ],
)
def test_what_the_operator_sets_holds(
    own: tuple[Environment, ...], overrides: Any, variables: Any
) -> None:
    found = callee_environment(Workflow(Metadata("c", "1.0.0"), (), (), environments=own), RUN)
    assert found.overrides == overrides
    assert found.variables == variables
    assert (found.limits, found.governed) == (RUN.limits, True)
    assert found.operator_address == RUN.operator_address
