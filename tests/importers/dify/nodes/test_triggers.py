"""Webhooks and schedules as the beginning of a run."""

from __future__ import annotations

from typing import Any

from tests.importers.dify.exports import form, given, imported, outputs

WEBHOOK: Any = {
    "type": "trigger-webhook",
    "headers": [{"name": "X-Id", "required": True}],
    "params": [{"name": "lang"}],
    "body": [{"name": "n", "type": "number"}, {"name": "tags", "type": "array[string]"}],
}


def test_what_a_request_brings_are_inputs() -> None:
    what = imported(
        {"w": WEBHOOK, "e": given("x=w.X_Id", "y=w.lang", "z=w.n", "t=w.tags")}, "w > e"
    )
    sent = {"X_Id": "7", "lang": "de", "n": 5, "tags": ["a"]}
    assert outputs(what, sent) == {"x": "7", "y": "de", "z": 5, "t": ["a"]}
    assert outputs(what, {"X_Id": "7"}) == {"x": "7", "y": "", "z": None, "t": None}
    assert "POST" in what.nodes[0].why
    assert what.not_carried == ()


def test_one_of_several_beginnings_needs_nothing_and_the_difference_is_reported() -> None:
    nodes: Any = {"s": form("q"), "w": WEBHOOK, "t": {"type": "trigger-schedule"}}
    what = imported(nodes)
    assert [str(loss).split(":")[0] for loss in what.not_carried] == ["nodes.w (w)", "nodes.t (t)"]
    spec: Any = what.manifest["spec"]
    assert [one.get("required") for one in spec["interface"]["inputs"]] == [True, *[None] * 4]
