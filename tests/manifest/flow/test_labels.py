from __future__ import annotations

from registry_tool.manifest.flow.labels import MOST, Arc, Entry, Labels, StateLocation
from registry_tool.manifest.flow.origins import DataOrigin

WEB = DataOrigin("found", "the web", untrusted=True)
MINE = DataOrigin("documents", "mine", private=True)


def place(name: str) -> StateLocation:
    return ("block", name)


def arc(source: str, target: str, edge: str, *, text: bool = True) -> Arc:
    return Arc(place(source), place(target), edge, text)


def test_labels_spread_by_the_shortest_way() -> None:
    arcs = [arc("a", "b", "ab"), arc("b", "c", "bc"), arc("a", "c", "ac")]
    labels = Labels(arcs, [Entry(WEB, place("a"), "search")])
    assert labels.at(place("c")) == [(WEB, True)]
    assert labels.way(place("c"), WEB, text=True) == ("search", "a", "ac", "c")


def test_where_words_stop_data_goes_on() -> None:
    arcs = [arc("a", "b", "judge", text=False), arc("b", "c", "send")]
    labels = Labels(arcs, [Entry(WEB, place("a")), Entry(MINE, place("a"))])
    assert labels.at(place("c")) == [(MINE, False)]
    assert labels.way(place("c"), MINE, text=False) == ("a", "judge", "b", "send", "c")


def test_arcs_that_lead_back_end() -> None:
    labels = Labels([arc("a", "b", "on"), arc("b", "a", "back")], [Entry(WEB, place("a"))])
    assert labels.at(place("a")) == labels.at(place("b")) == [(WEB, True)]


def test_an_input_and_the_block_of_its_name_are_one_step() -> None:
    arcs = [Arc(("input", "a"), place("a")), Arc(("input", "q"), place("b"))]
    labels = Labels(arcs, [Entry(WEB, ("input", "a")), Entry(MINE, ("input", "q"))])
    assert labels.way(place("a"), WEB, text=True) == ("a",)
    assert labels.way(place("b"), MINE, text=True) == ("q", "b")


def test_a_place_keeps_some_sources_of_each_nature() -> None:
    many = [Entry(DataOrigin("page", f"p{n}", untrusted=True), place("a")) for n in range(3 * MOST)]
    labels = Labels([], [*many, Entry(MINE, place("a"))])
    assert len(labels.at(place("a"))) == MOST + 1
    assert (MINE, True) in labels.at(place("a"))
