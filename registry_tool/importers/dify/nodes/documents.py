"""`document-extractor` nodes: files that the run's `resources/` hold, read by `load` edges."""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Object
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import ValueReference
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.imported import NodeStatus, NotRunnableError
from registry_tool.importers.project import EdgeEnds

_WHY: Final = (
    "give paths of files below resources/ (Dify uploads them); "
    "tables come as lists of objects, anything else as text"
)
_FILE: Final[Object] = {"block_type": "file"}


def document_extractor(node: Node, work: Work) -> NodeStep:
    """The text of a file, or of each in a list."""
    selector = node.data.get("variable_selector")
    if not isinstance(selector, list) or len(selector) < 2:
        raise NotRunnableError("it names no file")
    block = _whole(node, work, work.of(node, selector))
    if node.data.get("is_array_file") is True:
        config: Object = {"over": block, "edge": {"type": "load", "config": _FILE}}
        return _step("map", config, block)
    return _step("load", _FILE, block)


def _step(type_: str, config: Object, block: str) -> NodeStep:
    fields: dict[str, tuple[str, ...]] = {"text": ()}
    return NodeStep(
        type_, config, (block,), fields, "structured", status=NodeStatus.NEEDS, why=_WHY
    )


def _whole(node: Node, work: Work, found: ValueReference) -> str:
    """A block that holds the value alone: an edge reads whole blocks."""
    if not found.path and not found.name:
        return found.block
    project = work.project
    name = project.block(project.new_id(f"{node.title} file", "file"), "structured")
    config: Object = {"modify_type": "copy", "content": found.placeholder}
    project.edge(name, "modify", EdgeEnds([found.block], [name], work.when(node)), config)
    return name
