"""The editor shape: nodes and wires become blocks and edges of the engine shape."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.importers.puppyflow.editor import engine_shape
from tests.importers.puppyflow.canvas import convert, node


def test_inputs_stand_in_the_order_of_the_wires() -> None:
    document, _ = convert(node("op", "copy"), wires="b>op a>op op>c")
    data = document["edges"]["op"]["data"]
    assert list(data["inputs"]) == ["b", "a"]
    assert data["content"] == "{{B}}"


def test_what_does_nothing_is_reported() -> None:
    _, losses = convert(
        node("op", "copy"),
        node("idle", "llmnew"),
        node("g", "group"),
        node("z", "hologram"),
        wires="a>op op>c a>idle a>b a>ghost",
    )
    assert [(loss.where, loss.why) for loss in losses] == [
        ("blocks.g", "groups only arrange the canvas"),
        ("blocks.z", "its type is unknown"),
        ("edges[3]", "it joins a and b, which are not a block and an operation"),
        ("edges[4]", "there is no node 'ghost'"),
        ("blocks.idle", "no wire leads from it to a block, so it computes nothing"),
    ]


def test_structured_text_is_parsed() -> None:
    good = node("s", "structured", content='[{"a": 1}]')
    bad = node("t", "structured", content="[1, ")
    big = node("u", "structured", content="[9007199254740993]")
    document, losses = convert(good, bad, big, wires="")
    contents = [document["blocks"][name]["data"]["content"] for name in "stu"]
    assert contents == [[{"a": 1}], "[1, ", "[9007199254740993]"]
    assert [loss.where for loss in losses] == ["blocks.t", "blocks.u"]


def test_empty_roots_wait_for_somebody() -> None:
    document, _ = convert(node("d", "text", content=""), wires="")
    assert document["blocks"]["d"]["data"]["content"] is None


@pytest.mark.parametrize(
    ("blocks", "location"),
    [
        ([node("a", "text"), node("a", "text")], "blocks[1].id"),
        ([{"type": "text"}], "blocks[0].id"),
        (["a"], "blocks[0]"),
    ],
)
def test_broken_nodes_are_refused(blocks: Any, location: str) -> None:
    with pytest.raises(RegistryError) as error:
        engine_shape({"blocks": blocks, "edges": []}, [])
    assert error.value.location == location
