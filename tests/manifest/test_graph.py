"""The graph's laws on random workflows, and its answers on small ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow

NAMES = "abcde"
ENDS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple)


def graph(*edges: tuple[str, str, str], blocks: str = NAMES) -> Graph:
    """`graph(("ab", "c", "modify"))`: blocks are letters; sources, targets and type of each edge."""
    made = tuple(Edge(f"e{n}", kind, tuple(s), tuple(t)) for n, (s, t, kind) in enumerate(edges))
    return Graph(Workflow(Metadata("w", "1.0.0"), tuple(Block(b, "text") for b in blocks), made))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    kinds = st.sampled_from(["modify", "modify", "llm", "loop"])
    edges = draw(st.lists(st.tuples(ENDS, ENDS, kinds), max_size=6))
    made = tuple(Edge(f"e{n}", kind, s, t) for n, (s, t, kind) in enumerate(edges))
    blocks = tuple(Block(name, "text") for name in NAMES)
    return Graph(Workflow(Metadata("w", "1.0.0"), blocks, made))


@given(graphs())
def test_either_all_edges_are_ordered_or_a_cycle_is_named(found: Graph) -> None:
    plain = {edge.id for edge in found.workflow.edges if edge.type != "loop"}
    ordered = [edge.id for edge in found.order]
    assert len(ordered) == len(set(ordered))
    assert (set(ordered) == plain) is (found.cycle == ())


@given(graphs())
def test_an_edge_comes_after_everyone_who_writes_what_it_reads(found: Graph) -> None:
    location = {edge.id: number for number, edge in enumerate(found.order)}
    for edge in found.order:
        for block in found.reads[edge.id]:
            for writer in found.producers.get(block, ()):
                assert location[writer.id] < location[edge.id]


@given(graphs())
def test_every_step_of_a_named_cycle_is_an_edge(found: Graph) -> None:
    if found.cycle:
        assert found.cycle[0] == found.cycle[-1]
        assert len(set(found.cycle)) == len(found.cycle) - 1
    for source, target in zip(found.cycle, found.cycle[1:], strict=False):
        assert any(
            source in found.reads[e.id] and target in e.targets and e.type != "loop"
            for e in found.workflow.edges
        )


@given(graphs())
def test_roots_and_terminals_are_the_ends(found: Graph) -> None:
    written = {t for e in found.workflow.edges if e.type != "loop" for t in e.targets}
    read = {b for e in found.workflow.edges if e.type != "loop" for b in found.reads[e.id]}
    assert set(found.roots) == set(NAMES) - written
    assert set(found.terminals) == written - read


def test_ready_edges_keep_their_declared_order() -> None:
    found = graph(("c", "d", "modify"), ("a", "b", "modify"), ("b", "c", "modify"))
    assert [edge.id for edge in found.order] == ["e1", "e2", "e0"]
    found = graph(("a", "d", "modify"), ("a", "c", "modify"), ("a", "b", "modify"))
    assert [edge.id for edge in found.order] == ["e0", "e1", "e2"]


def test_a_cycle_is_named_without_the_way_to_it() -> None:
    found = graph(("a", "b", "llm"), ("d", "b", "llm"), ("b", "c", "llm"), ("c", "d", "llm"))
    assert sorted(found.cycle[1:]) == ["b", "c", "d"]
    assert graph(("a", "a", "llm")).cycle == ("a", "a")


def test_a_loop_edge_closes_no_cycle() -> None:
    found = graph(("a", "b", "llm"), ("b", "a", "loop"), blocks="ab")
    assert (found.cycle, found.roots, found.terminals) == ((), ("a",), ("b",))
    assert [edge.id for edge in found.loops["a"]] == ["e1"]


def test_a_template_reads_a_block_that_is_no_source() -> None:
    edges = (
        Edge("late", "modify", ("a",), ("c",), {"content": "{{a}} {{ Bee }} {{b.x}}"}),
        Edge("early", "modify", ("a",), ("b",), {"content": "{{a}}"}),
    )
    blocks = (Block("a", "text"), Block("b", "text", label="Bee"), Block("c", "text"))
    found = Graph(Workflow(Metadata("w", "1.0.0"), blocks, edges))
    assert found.reads["late"] == ("a", "b")
    assert [edge.id for edge in found.order] == ["early", "late"]


def test_blocks_that_nobody_touches() -> None:
    assert graph(("a", "b", "llm"), ("b", "c", "loop")).unreachable == ("d", "e")
    assert graph().unreachable == ()  # a workflow without edges only holds values


def test_unknown_ends_are_left_to_a_rule() -> None:
    found = graph(("ax", "by", "llm"), blocks="ab")
    assert found.reads["e0"] == ("a",)
    assert [edge.id for edge in found.order] == ["e0"]
    assert found.terminals == ("b",)
