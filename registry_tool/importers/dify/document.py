"""An export of Dify as it is read: app, nodes and the wires between them; nothing in here knows our manifest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.chat_app import graph_of_chat
from registry_tool.importers.foreign_values import as_list, as_object, sub_object, text_of
from registry_tool.importers.imported import ForeignError

NOTE = "note"
_STARTS = frozenset({"iteration-start", "loop-start"})
_GRAPHS = frozenset({"workflow", "advanced-chat"})
_MOST_NODES = 1000


@dataclass(frozen=True, slots=True)
class Node:
    """A node; `parent` is the iteration or loop that it stands in, empty at the top."""

    id: str
    type: str
    title: str
    data: Frozen
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """From a node, by one of its handles (a case of a branch), to the next."""

    source: str
    handle: str
    target: str


@dataclass(frozen=True, slots=True)
class App:
    """The whole export; `environment` and `conversation` are variables as they stand there."""

    name: str
    description: str
    mode: str
    version: str
    nodes: dict[str, Node]
    wires: tuple[Wire, ...]
    environment: tuple[Object, ...] = ()
    conversation: tuple[Object, ...] = ()
    features: Frozen = field(default_factory=dict)

    def inside(self, parent: str) -> list[Node]:
        """The nodes that stand directly in an iteration or loop; at the top for an empty name."""
        return [node for node in self.nodes.values() if node.parent == parent]

    def below(self, parent: str) -> list[Node]:
        """The nodes that stand in an iteration or loop, and in those in it."""
        found, seen = list[Node](), set[str]()
        waiting = [parent]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                found += self.inside(name)
                waiting += [node.id for node in self.inside(name)]
        return found


def recognises(value: Value) -> bool:
    """Whether a parsed file looks like an export of Dify."""
    if not isinstance(value, dict):
        return False
    app = value.get("app")
    return isinstance(app, dict) and ("workflow" in value or "model_config" in value)


def read_app(value: Value) -> App:
    """The app of a parsed export; `ForeignError` names what is broken."""
    root = as_object(value, "the document")
    app = sub_object(root, "app")
    mode = text_of(app, "mode", "workflow")
    if mode in _GRAPHS or "workflow" in root:
        workflow = as_object(root.get("workflow"), "workflow")
        graph = as_object(workflow.get("graph"), "workflow.graph")
    elif "model_config" in root:
        workflow, graph = {}, graph_of_chat(mode, sub_object(root, "model_config"))
    else:
        raise ForeignError(
            f"an app of mode {mode!r} holds neither a graph nor a model's configuration",
            location="the document",
            hint="export the app from Dify's studio (Export DSL)",
        )
    nodes = _nodes(as_list(graph.get("nodes"), "workflow.graph.nodes"))
    return App(
        text_of(app, "name"),
        text_of(app, "description"),
        mode,
        text_of(root, "version"),
        nodes,
        tuple(_wires(as_list(graph.get("edges") or [], "workflow.graph.edges"), nodes)),
        _variables(workflow, "environment_variables"),
        _variables(workflow, "conversation_variables"),
        sub_object(workflow, "features"),
    )


def _nodes(items: list[Value]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    if len(items) > _MOST_NODES:
        raise ForeignError(f"has more than {_MOST_NODES} nodes", location="workflow.graph.nodes")
    for position, item in enumerate(items):
        where = f"workflow.graph.nodes.{position}"
        node = as_object(item, where)
        name, data = node.get("id"), sub_object(node, "data")
        if not isinstance(name, str) or not name or len(name) > 256:
            raise ForeignError(
                "an id must be a text of 1 to 256 characters", location=f"{where}.id"
            )
        if name in nodes:
            raise ForeignError(f"the id {name!r} is there twice", location=f"{where}.id")
        type_ = text_of(data, "type") or NOTE
        parent = (
            text_of(node, "parentId") or text_of(data, "iteration_id") or text_of(data, "loop_id")
        )
        nodes[name] = Node(name, type_, " ".join(text_of(data, "title").split()), data, parent)
    return {name: node for name, node in nodes.items() if node.type not in _STARTS}


def _wires(items: list[Value], nodes: dict[str, Node]) -> Iterator[Wire]:
    for position, item in enumerate(items):
        wire = as_object(item, f"workflow.graph.edges.{position}")
        source, target = text_of(wire, "source"), text_of(wire, "target")
        if source in nodes and target in nodes:
            yield Wire(source, text_of(wire, "sourceHandle", "source"), target)


def _variables(workflow: Frozen, key: str) -> tuple[Object, ...]:
    found = workflow.get(key)
    items = found if isinstance(found, list) else []
    return tuple(item for item in items if isinstance(item, dict) and text_of(item, "name"))
