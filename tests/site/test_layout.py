"""Where a picture's parts stand: inside it, nothing over another, arcs of a graph without cycles down."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.site.layout import BOX, MOST_ARCS, PILL, lay_out
from tests import bounded

ARCS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=14)
SIZES = [BOX, PILL] * 6


@given(ARCS)
def test_nothing_overlaps_and_all_is_inside(arcs: list[tuple[int, int]]) -> None:
    found = lay_out(SIZES, arcs)
    assert sorted(found.centres) == list(range(12))
    for node, (x, y) in found.centres.items():
        width, height = SIZES[node]
        assert width // 2 < x <= found.width - width // 2
        assert height // 2 < y <= found.height - height // 2
        for other, (left, top) in found.centres.items():
            if node < other:
                apart = (width + SIZES[other][0]) // 2, (height + SIZES[other][1]) // 2
                assert abs(x - left) >= apart[0] or abs(y - top) >= apart[1], (node, other)


@given(ARCS)
def test_without_cycles_every_arc_leads_down(arcs: list[tuple[int, int]]) -> None:
    down = [(min(arc), max(arc)) for arc in arcs if arc[0] != arc[1]]
    found = lay_out(SIZES, down)
    for source, target in down:
        ways = [found.centres[source], *found.bends[source, target], found.centres[target]]
        assert all(one[1] < other[1] for one, other in pairwise(ways))


def test_crossings_are_taken_out() -> None:
    """Two pairs written crosswise end up side by side."""
    found = lay_out([BOX] * 5, [(4, 0), (4, 1), (0, 3), (1, 2)]).centres
    assert (found[0][0] < found[1][0]) == (found[3][0] < found[2][0])


def test_bends_of_one_part_are_no_nodes_of_another() -> None:
    found = lay_out([BOX] * 6, [(0, 5), (1, 2), (1, 4), (2, 3), (3, 4)])
    assert len(found.bends[1, 4]) == 2
    assert found.bends[0, 5] == ()


def test_nothing_has_a_picture_too() -> None:
    assert lay_out([], []).centres == {}


def test_a_long_chain_and_a_dense_graph_take_no_square() -> None:
    """Each arc once looked through all: a published graph of 15 KB kept a publish busy for more than a minute."""
    chain = [(node, node + 1) for node in range(MOST_ARCS)]
    dense = [(one, other) for one in range(24) for other in range(one + 1, 24)]
    with bounded.ends(20):
        assert len(lay_out([BOX] * (MOST_ARCS + 1), chain).centres) == MOST_ARCS + 1
        assert len(lay_out([BOX] * 24, dense).bends) == len(dense)


def test_a_graph_that_nobody_could_follow_is_shown_in_rows() -> None:
    found = lay_out([BOX] * 1000, [(node, node + 1) for node in range(999)])
    assert (len(found.centres), found.bends) == (1000, {})
