"""The picture of a graph: nothing overlaps, data flows to the right, and nothing a stranger wrote is markup."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given

from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow
from registry_tool.site.diagram import HEIGHT, WIDTH, diagram, layout
from tests.manifest.test_graph import graphs

SVG = "{http://www.w3.org/2000/svg}"


@given(graphs())
def test_no_two_blocks_overlap_and_all_are_inside_the_picture(graph: Graph) -> None:
    locations = list(layout(graph.workflow).values())
    assert len(locations) == len(graph.workflow.blocks)
    for number, one in enumerate(locations):
        for other in locations[number + 1 :]:
            assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    picture = ElementTree.fromstring(diagram(graph.workflow, "t"))
    width, height = int(picture.get("width", 0)), int(picture.get("height", 0))
    assert all(0 < p.x < p.x + WIDTH < width and 0 < p.y < p.y + HEIGHT < height for p in locations)


@given(graphs())
def test_data_flows_to_the_right(graph: Graph) -> None:
    if not graph.cycle:
        locations = layout(graph.workflow)
        for edge in graph.order:
            for source in graph.reads[edge.id]:
                assert all(locations[source].x < locations[target].x for target in edge.targets)


def test_a_strangers_words_are_words() -> None:
    hostile = '</text><script>x</script>"&'
    blocks = (
        Block("a", 't"x', label=hostile, description=hostile),
        Block("b", "text", label="很长的标签很长的标签很长"),
    )
    edges = (Edge(hostile, hostile, ("a",), ("b",)), Edge("l", "loop", ("b",), ("a",)))
    picture = ElementTree.fromstring(
        diagram(Workflow(Metadata("w", "1.0.0"), blocks, edges), hostile)
    )
    assert picture.find(f"{SVG}title") is not None
    assert picture.find(f"{SVG}title").text == hostile  # type: ignore[union-attr]
    assert not list(picture.iter(f"{SVG}script"))
    texts = [text.text or "" for text in picture.iter(f"{SVG}text")]
    assert "很长的标签很长的…" in texts
    assert len(list(picture.iter(f"{SVG}path"))) == 3  # the tip, a wire and the way back


def test_the_same_graph_is_the_same_picture() -> None:
    made = Workflow(Metadata("w", "1.0.0"), (Block("a", "text"),), ())
    assert diagram(made, "t") == diagram(made, "t")
    assert (
        ElementTree.fromstring(diagram(Workflow(Metadata("w", "1.0.0"), (), ()), "t")) is not None
    )
