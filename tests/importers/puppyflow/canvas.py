"""A canvas of two texts, an operation and its target, and the edge that it becomes."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.editor import engine_shape


def node(name: str, type_: str, **data: Any) -> dict[str, Any]:
    return {"id": name, "type": type_, "data": {"label": name.upper(), **data}}


def wire(source: str, target: str) -> dict[str, Any]:
    return {"id": f"{source}{target}", "source": source, "target": target}


def convert(*nodes: Any, wires: str = "a>op b>op op>c") -> tuple[Any, list[Loss]]:
    losses: list[Loss] = []
    usual = [node("a", "text", content="x"), node("b", "text", content="y"), node("c", "text")]
    ends = [wire(*pair.split(">")) for pair in wires.split()]
    return engine_shape({"blocks": [*usual, *nodes], "edges": ends}, losses), losses


def data_of(type_: str, **data: Any) -> tuple[str, dict[str, Any]]:
    document, losses = convert(node("op", type_, **data))
    assert losses == []
    edge = document["edges"]["op"]
    assert edge["data"].pop("inputs") == {"a": "A", "b": "B"}
    assert edge["data"].pop("outputs") == {"c": "C"}
    return edge["type"], edge["data"]


CHOICE = {"modelAndProvider": {"id": "m"}}
