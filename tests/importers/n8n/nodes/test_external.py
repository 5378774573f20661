"""What nothing of ours does is declared with its parameters."""

from __future__ import annotations

from tests.importers.n8n.flows import edges, imported, node, ran, statuses


def test_service_operation_and_parameters() -> None:
    slack = node(
        "slack", 2, resource="message", operation="post", text="={{ $json.a }}", options={}
    )
    what = imported({"s": slack, "e": node("noOp")}, "t > s, s:1 > e")
    (edge,) = edges(what, "external")
    assert edge["config"]["service"] == "slack"
    assert edge["config"]["operation"] == "post"
    assert edge["config"]["inputs"]["text"] == r"=\{{ $json.a }}"
    assert edge["target"] == ["s", "s-2"]
    assert "slack (post) runs elsewhere" in ran(what).error


def test_a_way_back_that_is_no_loop_is_reported() -> None:
    what = imported({"a": node("noOp"), "b": node("if", 2)}, "t > a, a > b, b:1 > a")
    assert [loss.what for loss in what.not_carried] == ["the way back to a"]
    assert statuses(what)["a"] == "runs"
