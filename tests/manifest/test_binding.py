"""Which block an input fills and an output reads (SPEC.md §1)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry_tool.manifest.binding import bind, block_schemas, port_schema
from registry_tool.manifest.model import Block, Edge, Interface, Metadata, Port, Workflow

NEEDED = Port("n", required=True)


def workflow(
    blocks: Sequence[Block], edges: dict[str, str], interface: Interface | None = None
) -> Workflow:
    """Edges are given as sources → targets, blocks by one letter each."""
    made = tuple(Edge(f"e{n}", "llm", tuple(s), tuple(t)) for n, (s, t) in enumerate(edges.items()))
    return Workflow(Metadata("w", "1.0.0"), tuple(blocks), made, interface or Interface())


def blocks(names: str) -> list[Block]:
    return [Block(name, "text") for name in names]


@pytest.mark.parametrize(
    ("inputs", "roots", "wanted"),
    [
        ((Port("a"),), blocks("a"), {"a": "a"}),  # the same id
        ((Port("x", block="a"),), blocks("a"), {"x": "a"}),  # by `block`
        ((Port("a", block="b"),), blocks("ab"), {"a": "b"}),  # `block` before the same id
        ((NEEDED,), blocks("a"), {"n": "a"}),  # one is left on both sides
        ((NEEDED, Port("a")), blocks("ab"), {"a": "a", "n": "b"}),
        ((NEEDED, Port("optional")), blocks("a"), {"n": "a"}),
        ((Port("optional"),), blocks("a"), {}),  # an optional one never guesses
        ((NEEDED,), blocks("ab"), {}),  # two blocks to choose from
        ((NEEDED, Port("m", required=True)), blocks("a"), {}),  # two inputs that want it
        ((NEEDED,), [Block("a", "text", value=None, has_value=True)], {}),  # a constant waits not
        ((NEEDED,), [Block("a", "llm"), Block("b", "text")], {"n": "b"}),  # settings wait not
        ((Port("x", block="gone"),), blocks("a"), {}),  # a rule tells
    ],
)
def test_inputs(inputs: tuple[Port, ...], roots: list[Block], wanted: dict[str, str]) -> None:
    names = "".join(block.id for block in roots)
    flow = workflow([*roots, Block("z", "text")], {names: "z"}, Interface(inputs))
    assert bind(flow).inputs == wanted


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        ((Port("b"),), {"b": "b"}),
        ((Port("x"), Port("b")), {"b": "b", "x": "c"}),
        ((Port("x", block="a"),), {"x": "a"}),
        ((Port("x"),), {}),
        ((Port("x"), Port("y"), Port("b")), {"b": "b"}),
    ],
)
def test_outputs_bind_to_what_nobody_reads(
    outputs: tuple[Port, ...], wanted: dict[str, str]
) -> None:
    flow = workflow(blocks("abc"), {"a": "bc"}, Interface(outputs=outputs))
    assert bind(flow).outputs == wanted


def test_type_enum_and_schema_are_one_schema() -> None:
    assert port_schema(Port("x", "string", enum=("a",))) == {"type": "string", "enum": ["a"]}
    assert port_schema(Port("x")) == port_schema(Port("x", "file")) == {}
    own = Port("x", "number", schema={"type": "integer", "minimum": 1})
    assert port_schema(own) == {"type": "integer", "minimum": 1}


def test_a_block_s_own_schema_and_its_outputs_hold_together() -> None:
    made = [Block("a", "text"), Block("b", "text", schema={"type": "object"}), Block("c", "text")]
    ports = (Port("b", "string"), Port("c", "number"), Port("d"))
    flow = workflow(made, {"a": "bc"}, Interface(outputs=ports))
    assert block_schemas(flow, bind(flow)) == {
        "b": {"type": "object", "allOf": [{"type": "string"}]},
        "c": {"type": "number"},
    }
