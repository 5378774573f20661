"""Small documents of the engine shape, and what becomes of them."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.puppyflow.read import read


def text(content: Any = "x", **more: Any) -> dict[str, Any]:
    return {"type": "text", "data": {"content": content}, **more}


def edge(type_: str, inputs: list[str], outputs: list[str], **data: Any) -> dict[str, Any]:
    ends = {"inputs": dict.fromkeys(inputs, ""), "outputs": dict.fromkeys(outputs, "")}
    return {"type": type_, "data": {**data, **ends}}


def spec_of(blocks: dict[str, Any], edges: dict[str, Any]) -> Any:
    return read({"blocks": blocks, "edges": edges}, name="x").manifest["spec"]


def config_of(foreign: dict[str, Any]) -> Any:
    return spec_of({"a": text(label="A"), "b": text("")}, {"e": foreign})["edges"][0]["config"]


def losses_of(blocks: dict[str, Any], edges: dict[str, Any]) -> list[tuple[str, str]]:
    imported = read({"blocks": blocks, "edges": edges}, name="x")
    return [(loss.where, loss.what) for loss in imported.not_carried]
