"""The picture of a graph: every part links to its definition, and nothing a stranger wrote is markup."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given

from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import Block, Edge, Fallback, Metadata, Workflow
from registry_tool.site.diagram import Diagram, diagram
from tests.manifest.test_graph import graphs

SVG = "{http://www.w3.org/2000/svg}"


def made(*blocks: Block, edges: tuple[Edge, ...] = ()) -> Diagram:
    return Diagram(Workflow(Metadata("w", "1.0.0"), blocks, edges))


def links(picture: ElementTree.Element) -> list[str]:
    return [link.get("href", "") for link in picture.iter(f"{SVG}a")]


@given(graphs())
def test_every_block_and_edge_links_to_its_definition(graph: Graph) -> None:
    workflow = graph.workflow
    picture = ElementTree.fromstring(diagram(Diagram(workflow), "t", page="v.html"))
    wanted = [f"v.html#block-{block.id}" for block in workflow.blocks]
    wanted += [f"v.html#edge-{edge.id}" for edge in workflow.edges]
    assert links(picture) == wanted


@given(graphs())
def test_data_flows_down(graph: Graph) -> None:
    if graph.cycle:
        return
    drawn = Diagram(graph.workflow)
    for (start, end), back in drawn.arcs:
        if not back:
            assert drawn.layout.centres[start][1] < drawn.layout.centres[end][1]


def test_a_loop_leads_back() -> None:
    edges = (Edge("e", "llm", ("a",), ("b",)), Edge("again", "loop", ("b",), ("a",)))
    picture = diagram(made(Block("a", "text"), Block("b", "text"), edges=edges), "t")
    assert picture.count('class="wire back"') == 1


def test_what_decides_and_what_may_fail_looks_otherwise() -> None:
    edges = (
        Edge("e", "llm", ("a",), ("b",), when=("c",), on_error=Fallback()),
        Edge("f", "llm", ("b",), ("d",), when=("b",), on_error=Fallback("x", has_value=True)),
    )
    picture = diagram(made(*(Block(name, "text") for name in "abcd"), edges=edges), "t")
    assert picture.count('class="wire when"') == 1  # b is a value of f, too
    assert picture.count('class="wire"') == 4
    assert picture.count('class="edge llm passes"') == 2
    assert "<title>e: llm · when: c · on_error: skip</title>" in picture
    assert "<title>f: llm · when: b · on_error: value</title>" in picture


def test_a_strangers_words_are_words() -> None:
    hostile = '</text><script>x</script>"&'
    blocks = (
        Block("a", 't"x', label=hostile, description=hostile),
        Block("b", "text", label="很长的标签很长的标签很长"),
    )
    edges = (Edge(hostile, hostile, ("a",), ("b",)), Edge("l", "loop", ("b",), ("a",)))
    picture = ElementTree.fromstring(diagram(made(*blocks, edges=edges), hostile))
    assert picture.get("aria-label") == hostile
    assert not list(picture.iter(f"{SVG}script"))
    texts = [text.text or "" for text in picture.iter(f"{SVG}text")]
    assert "很长的标签很长的标…" in texts


def test_two_pictures_of_a_page_share_no_id() -> None:
    drawn = made(Block("a", "text"))
    assert 'id="before"' in diagram(drawn, "t", mark="before")
    assert 'id="tip"' in diagram(drawn, "t")


def test_the_same_graph_is_the_same_picture() -> None:
    assert diagram(made(Block("a", "text")), "t") == diagram(made(Block("a", "text")), "t")
    assert ElementTree.fromstring(diagram(made(), "t")) is not None
