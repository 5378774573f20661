"""Answers to requests, and the outputs of a workflow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.n8n.flows import imported, items, node, outputs, statuses


def answering(**parameters: Any) -> Any:
    nodes = {"i": items({"a": 1}, {"a": 2}), "r": node("respondToWebhook", **parameters)}
    return imported(nodes, "t > i, i > r")


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({}, {"a": 1}),
        ({"respondWith": "allIncomingItems"}, [{"a": 1}, {"a": 2}]),
        (
            {"respondWith": "text", "responseBody": "={{ $json.a }} of {{ $input.all().length }}"},
            "1 of 2",
        ),
        ({"respondWith": "noData"}, None),
    ],
)
def test_the_response(parameters: Any, wanted: Any) -> None:
    assert outputs(answering(**parameters)) == {"response": wanted}


def test_a_file_is_no_answer_here() -> None:
    assert statuses(answering(respondWith="binary"))["r"] == "carried"


def test_every_end_is_an_output() -> None:
    nodes = {"a": node("noOp"), "b": node("noOp"), "c": node("noOp")}
    assert set(outputs(imported(nodes, "t > a, t > b, a > c"))) == {"b", "c"}
