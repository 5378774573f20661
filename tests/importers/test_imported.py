"""What an importer tells is safe to print."""

from __future__ import annotations

from registry_tool.importers.imported import Loss, NodeReport, NodeStatus


def test_a_loss_in_words() -> None:
    assert str(Loss("blocks.a", "x\x1b[31m", "why")) == "blocks.a: x\\x1b[31m (why)"


def test_a_node_in_words_and_in_json() -> None:
    node = NodeReport("1", "tool", NodeStatus.CARRIED, "a\x07 plug-in")
    assert str(node) == "1 (tool): carried, a\\x07 plug-in"
    assert node.to_value() == {
        "id": "1",
        "type": "tool",
        "status": "carried",
        "why": "a\x07 plug-in",
    }


def test_a_node_is_told_by_what_its_editor_shows() -> None:
    node = NodeReport("17375", "agent", NodeStatus.RUNS, title="Plan\x07 a trip" + "!" * 99)
    assert str(node).startswith("17375 (agent, Plan\\x07 a trip!!!")
    assert str(node).endswith("!): runs")
    assert len(str(node)) < 100
    assert "title" not in node.to_value()
