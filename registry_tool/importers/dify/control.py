"""The control flow of a graph's wires: order, what runs only sometimes, and what comes before what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from registry_tool.importers.dify.document import App, Node, Wire
from registry_tool.importers.foreign_values import text_of

FAILED = "fail-branch"
"""The handle, and the strategy, of a node that leads another way where it fails."""
BRANCHING = frozenset({"if-else", "question-classifier", "human-input"})


def may_fail(node: Node) -> bool:
    """Whether a node leads another way where it fails."""
    return text_of(node.data, "error_strategy") == FAILED


class Control:
    """The wires between the nodes that stand in one place: at the top, or in an iteration."""

    def __init__(self, app: App, parent: str = "") -> None:
        self.nodes = {node.id: node for node in app.inside(parent)}
        self.wires = [w for w in app.wires if w.source in self.nodes and w.target in self.nodes]
        self._into: dict[str, list[Wire]] = defaultdict(list)
        self._out: dict[str, list[Wire]] = defaultdict(list)
        for wire in self.wires:
            self._into[wire.target].append(wire)
            self._out[wire.source].append(wire)
        self.order = self._ordered()
        self._conditional = self._sometimes()
        self._before = self._ancestors()

    def _ordered(self) -> list[Node]:
        left = {name: len({w.source for w in self._into[name]}) for name in self.nodes}
        ready = [name for name, count in left.items() if not count]
        done: list[str] = []
        while ready:
            name = ready.pop(0)
            done.append(name)
            for target in dict.fromkeys(wire.target for wire in self._out[name]):
                left[target] -= 1
                if not left[target]:
                    ready.append(target)
        stuck = [name for name in self.nodes if name not in set(done)]
        return [self.nodes[name] for name in (*done, *stuck)]

    def _sometimes(self) -> set[str]:
        found: set[str] = set()
        for node in self.order:
            into = self._into[node.id]
            if into and all(self._by_chance(wire, found) for wire in into):
                found.add(node.id)
        return found

    def _by_chance(self, wire: Wire, known: set[str]) -> bool:
        source = self.nodes[wire.source]
        return source.id in known or source.type in BRANCHING or may_fail(source)

    def _ancestors(self) -> dict[str, frozenset[str]]:
        before: dict[str, frozenset[str]] = {}
        for node in self.order:
            sources = {wire.source for wire in self._into[node.id]}
            before[node.id] = frozenset(sources).union(
                *(before.get(s, frozenset()) for s in sources)
            )
        return before

    def leads_here(self, node: Node) -> list[Wire]:
        """The wires that decide whether a node runs; none where it always does."""
        return self._into[node.id] if node.id in self._conditional else []

    def into(self, node: Node) -> list[Wire]:
        """All wires that lead to a node."""
        return self._into[node.id]

    def handles(self, node: Node) -> list[str]:
        """The handles of a node that wires leave by."""
        return list(dict.fromkeys(wire.handle for wire in self._out[node.id]))

    def before(self, node: Node) -> frozenset[str]:
        """The ids of all nodes that come before one."""
        return self._before.get(node.id, frozenset())

    def in_a_row(self, nodes: Iterable[Node]) -> bool:
        """Whether the nodes follow one another on one way, without branches."""
        return all(len(self._out[n.id]) <= 1 and len(self._into[n.id]) <= 1 for n in nodes)
