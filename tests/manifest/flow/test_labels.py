from __future__ import annotations

from registry_tool.manifest.flow.labels import MOST, Arc, Entry, LabelNode, Labels
from registry_tool.manifest.flow.origins import DataOrigin

WEB = DataOrigin("found", "the web", untrusted=True)
MINE = DataOrigin("documents", "mine", private=True)


def node(name: str) -> LabelNode:
    return LabelNode("block", name, name)


def arcs(way: str, *, text: bool = True) -> list[Arc]:
    """`a-ab-b` leads from the block a by the edge ab to b."""
    source, edge, target = way.split("-")
    between = LabelNode("out", edge, edge)
    return [Arc(node(source), between), Arc(between, node(target), text)]


def test_labels_spread_by_the_shortest_way() -> None:
    labels = Labels([*arcs("a-ab-b"), *arcs("b-bc-c"), *arcs("a-ac-c")], [Entry(WEB, node("a"))])
    assert labels.at(node("c")) == [(WEB, True)]
    assert labels.way(node("c"), WEB, text=True) == ("a", "ac", "c")


def test_where_words_stop_data_goes_on() -> None:
    entries = [Entry(WEB, node("a")), Entry(MINE, node("a"))]
    labels = Labels([*arcs("a-judge-b", text=False), *arcs("b-send-c")], entries)
    assert labels.at(node("c")) == [(MINE, False)]
    assert labels.way(node("c"), MINE, text=False) == ("a", "judge", "b", "send", "c")


def test_arcs_that_lead_back_end() -> None:
    labels = Labels([*arcs("a-on-b"), *arcs("b-back-a")], [Entry(WEB, node("a"))])
    assert labels.at(node("a")) == labels.at(node("b")) == [(WEB, True)]


def test_an_input_and_the_block_of_its_name_are_one_step() -> None:
    same, other = LabelNode("input", "a", "a"), LabelNode("input", "q", "q")
    hidden = LabelNode("in", "e")
    entries = [Entry(WEB, same), Entry(MINE, other)]
    labels = Labels([Arc(same, node("a")), Arc(other, hidden), Arc(hidden, node("b"))], entries)
    assert labels.way(node("a"), WEB, text=True) == ("a",)
    assert labels.way(node("b"), MINE, text=True) == ("q", "b")


def test_a_node_keeps_some_sources_of_each_nature() -> None:
    many = [Entry(DataOrigin("page", f"p{n}", untrusted=True), node("a")) for n in range(3 * MOST)]
    labels = Labels([], [*many, Entry(MINE, node("a"))])
    assert len(labels.at(node("a"))) == MOST + 1
    assert (MINE, True) in labels.at(node("a"))
