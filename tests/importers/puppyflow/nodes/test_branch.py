"""The canvas's if/else nodes, of both generations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.canvas import data_of


@pytest.mark.parametrize(
    "condition",
    [
        {"condition": "is greater than [N] characters", "cond_v": "5"},
        {"condition": "", "cond_v": "is greater than [N] characters", "cond_input": "5"},
    ],
)
def test_conditions_of_both_generations(condition: dict[str, Any]) -> None:
    last = {"id": "b", "condition": "contains", "cond_v": "z", "operation": "and"}
    case = {
        "conditions": [{"id": "a", "operation": "OR", **condition}, last],
        "actions": [{"from_id": "b", "outputs": ["c"]}],
    }
    assert data_of("choose", cases=[case, {"conditions": []}]) == (
        "ifelse",
        {
            "cases": {
                "case1": {
                    "conditions": [
                        {
                            "block": "a",
                            "condition": "greater_than_n_chars",
                            "parameters": {"value": 5},
                            "operation": "or",
                        },
                        {
                            "block": "b",
                            "condition": "contain",
                            "parameters": {"value": "z"},
                            "operation": "/",
                        },
                    ],
                    "thens": [{"from": "b", "to": "c"}],
                },
                "case2": {"conditions": [], "thens": [{"from": "a", "to": "c"}]},
            }
        },
    )
