"""A workflow of n8n as it is read: nodes and the wires between them; nothing in here knows our manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import as_list, as_object, sub_object, text_of
from registry_tool.importers.imported import ForeignError

_PACKAGES = ("n8n-nodes-base.", "@n8n/n8n-nodes-langchain.")
_MOST_NODES = 1000
_MOST_OUTPUTS = 100
MOST_WIRES = 10_000
BATCHES = "splitInBatches"
NOTE = "stickyNote"


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A node; `type` is without the name of n8n's own packages, `settings` is all of it but its parameters."""

    name: str
    type: str
    version: float
    parameters: Frozen
    settings: Frozen

    @property
    def is_disabled(self) -> bool:
        """Whether its editor says that it only passes items on."""
        return self.settings.get("disabled") is True


@dataclass(frozen=True, slots=True)
class FlowWire:
    """Items go from an output of a node to an input of another."""

    source: str
    output: int
    target: str
    input: int


@dataclass(frozen=True, slots=True)
class FlowLink:
    """A node that serves another one: `kind` is what as (`ai_languageModel`, `ai_tool`, …)."""

    source: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class ForeignFlow:
    """The whole workflow. `returns` are wires that lead back to a loop over items, `cycles` other ways back.

    `silent` are wires of nodes that have no items: notes, and those that serve others.
    """

    name: str
    nodes: dict[str, FlowNode]
    wires: tuple[FlowWire, ...]
    links: tuple[FlowLink, ...]
    returns: tuple[FlowWire, ...]
    cycles: tuple[FlowWire, ...]
    silent: tuple[FlowWire, ...] = ()

    def into(self, name: str, number: int = 0) -> list[FlowWire]:
        """The wires that lead to an input."""
        return [wire for wire in self.wires if wire.target == name and wire.input == number]

    def out_of(self, name: str) -> list[FlowWire]:
        """The wires that a node's items leave by."""
        return [wire for wire in (*self.wires, *self.returns) if wire.source == name]

    def serving(self, name: str, kind: str) -> list[FlowNode]:
        """The nodes that serve a node as something."""
        return [
            self.nodes[link.source]
            for link in self.links
            if link.target == name and link.kind == kind
        ]

    def serves(self, name: str) -> bool:
        """Whether a node only serves others."""
        return any(link.source == name for link in self.links)


def recognises(value: Value) -> bool:
    """Whether a parsed file looks like a workflow of n8n."""
    if not isinstance(value, dict) or not isinstance(value.get("connections"), dict):
        return False
    nodes = value.get("nodes")
    return isinstance(nodes, list) and all(
        isinstance(node, dict) and isinstance(node.get("type"), str) for node in nodes
    )


def read_flow(value: Value) -> ForeignFlow:
    """The workflow of a parsed file; `ForeignError` names what is broken."""
    root = as_object(value, "the document")
    nodes = _nodes(as_list(root.get("nodes"), "nodes"))
    connections = as_object(root.get("connections"), "connections")
    found = list(dict.fromkeys(islice(_wires(connections, nodes), MOST_WIRES + 1)))
    if len(found) > MOST_WIRES:
        raise ForeignError(f"has more than {MOST_WIRES:,} connections", location="connections")
    links = tuple(_links(connections, nodes))
    without_items = {link.source for link in links}
    without_items |= {node.name for node in nodes.values() if node.type == NOTE}
    silent = tuple(w for w in found if {w.source, w.target} & without_items)
    found = [wire for wire in found if wire not in set(silent)]
    back = _leading_back(nodes, found)
    returns = [wire for wire in back if nodes[wire.target].type == BATCHES]
    return ForeignFlow(
        text_of(root, "name"),
        nodes,
        tuple(wire for wire in found if wire not in back),
        links,
        tuple(returns),
        tuple(wire for wire in back if wire not in returns),
        silent,
    )


def _nodes(items: list[Value]) -> dict[str, FlowNode]:
    if len(items) > _MOST_NODES:
        raise ForeignError(f"has more than {_MOST_NODES} nodes", location="nodes")
    nodes: dict[str, FlowNode] = {}
    for position, item in enumerate(items):
        where = f"nodes.{position}"
        node = as_object(item, where)
        name, type_ = node.get("name"), text_of(node, "type")
        if not isinstance(name, str) or not name or len(name) > 256:
            raise ForeignError(
                "a name must be a text of 1 to 256 characters", location=f"{where}.name"
            )
        if name in nodes:
            raise ForeignError(f"the name {name!r} is there twice", location=f"{where}.name")
        for package in _PACKAGES:
            type_ = type_.removeprefix(package)
        version = node.get("typeVersion")
        number = float(version) if isinstance(version, int | float) else 1.0
        nodes[name] = FlowNode(name, type_, number, sub_object(node, "parameters"), node)
    return nodes


def _ends(connections: Frozen) -> Iterator[tuple[str, str, int, Object]]:
    for source, kinds in connections.items():
        for kind, outputs in kinds.items() if isinstance(kinds, dict) else ():
            for number, ends in enumerate(outputs if isinstance(outputs, list) else []):
                for end in ends if isinstance(ends, list) else []:
                    if isinstance(end, dict):
                        yield source, kind, number, end


def _wires(connections: Frozen, nodes: dict[str, FlowNode]) -> Iterator[FlowWire]:
    for source, kind, number, end in _ends(connections):
        target, entry = text_of(end, "node"), end.get("index", 0)
        if kind == "main" and source in nodes and target in nodes and isinstance(entry, int):
            if number >= _MOST_OUTPUTS or not 0 <= entry < _MOST_OUTPUTS:
                raise ForeignError(
                    f"a node has at most {_MOST_OUTPUTS} outputs and inputs",
                    location=f"connections.{source}",
                )
            yield FlowWire(source, number, target, entry)


def _links(connections: Frozen, nodes: dict[str, FlowNode]) -> Iterator[FlowLink]:
    for source, kind, _, end in _ends(connections):
        target = text_of(end, "node")
        if kind != "main" and source in nodes and target in nodes:
            yield FlowLink(source, kind, target)


def _leading_back(nodes: dict[str, FlowNode], wires: list[FlowWire]) -> list[FlowWire]:
    """The wires that close a circle: they lead to a node that is on the way to them."""
    out: dict[str, list[FlowWire]] = defaultdict(list)
    for wire in wires:
        out[wire.source].append(wire)
    back: list[FlowWire] = []
    done: set[str] = set()
    entries = {wire.target for wire in wires}
    starts = [*(name for name in nodes if name not in entries), *nodes]
    for start in starts:
        if start in done:
            continue
        way, open_ = {start}, [(start, iter(out[start]))]
        while open_:
            name, left = open_[-1]
            following = next(left, None)
            if following is None:
                way.discard(name)
                done.add(name)
                open_.pop()
            elif following.target in way:
                back.append(following)
            elif following.target not in done:
                way.add(following.target)
                open_.append((following.target, iter(out[following.target])))
    return back
