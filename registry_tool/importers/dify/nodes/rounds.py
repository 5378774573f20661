"""Containers whose nodes run round after round, by a `loop` edge: any nodes, with branches among them.

One block holds what a round is given (its state), a `branch` lets the round run where there is one more, and
generated code (`round_code.py`) makes the state of the next round of what the nodes gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.round_code import RoundEnd, first_state
from registry_tool.importers.dify.nodes.values import changes_of
from registry_tool.importers.dify.references import ValueReference, selector_of, unique
from registry_tool.importers.dify.work import VariableName, Work
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.imported import NodeReport, NotRunnableError
from registry_tool.importers.project import EdgeEnds

NodeBuilder = Callable[[Node, Work], NodeReport]
MOST: Final = 1000
"""The most rounds of a `loop` edge."""
DEEPEST: Final = 8
"""The most containers in one another."""


@dataclass(slots=True)
class Rounds:
    """One container: `begin`, `first`, `build`, `end` and `close`, in this order.

    `state` is the block of a round's state, `next` that of the following one's; `inside` is where its nodes are
    built.
    """

    node: Node
    outside: Work
    inside: Work = field(init=False)
    state: str = field(init=False)
    next: str = field(init=False)
    _keys: dict[VariableName, str] = field(default_factory=dict)
    _parts: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    _leaves: list[str] = field(default_factory=list)

    def begin(self, names: Sequence[VariableName]) -> None:
        """The blocks of the state; `names` are the variables that it holds."""
        if self.outside.depth >= DEEPEST:
            raise NotRunnableError(f"it stands in {DEEPEST} others of its kind")
        project, title = self.outside.project, self.node.title or self.node.type
        self.state = project.new_id(f"{title} round", "round")
        self.next = project.new_id(f"{title} next", "next")
        entry = project.new_id(f"{title} in round", "in-round")
        for block in (self.state, self.next, entry):
            project.block(block, "structured")
        control = Control(self.outside.app, self.node.id)
        self.inside = self.outside.inside(self.node, control, (entry,))
        for number, name in enumerate(names, 1):
            self._keys[name] = f"v{number}"
            self.inside.held[name] = ValueReference(self.state, self.path_of(name))

    def path_of(self, name: VariableName) -> tuple[str, ...]:
        """The path of a variable in the state."""
        return ("variables", self._keys[name])

    def first(self, lines: str, values: Mapping[VariableName, str], reads: Iterable[str]) -> None:
        """The first state: `lines` set `item` and `more`, `values` are variables' Python.

        A variable without one stays what it is outside.
        """
        before = self.outside.before(self.node)
        kept = {n: self.outside.variable(n, before) for n in self._keys if n not in values}
        written = {**values, **{name: found.python for name, found in kept.items()}}
        given = [*reads, *(found.block for found in kept.values())]
        code = first_state({key: written[name] for name, key in self._keys.items()}, lines)
        ends = EdgeEnds(unique(given), [self.state], self.outside.when(self.node))
        self._edge(f"{self.state} begin", "code", ends, {"code": code})
        (entry,) = self.inside.entry
        more = {**_is_more(self.state), "operation": "/"}
        case: Object = {"conditions": [more], "thens": [{"from": self.state, "to": entry}]}
        ends = EdgeEnds([self.state], [entry], [self.state])
        self._edge(f"{entry} way", "branch", ends, {"cases": {"more": case}})
        self.outside.project.by_chance([entry])

    def build(self, build: NodeBuilder, *, soft: bool) -> None:
        """The nodes of a round; where `soft`, one that fails ends its round alone."""
        project = self.outside.project
        before, start = project.soft, len(project.edges)
        if soft:
            project.soft = []
        for node in self.inside.control.order:
            self.inside.reports[node.id] = build(node, self.inside)
        self._parts = list(project.soft or []) if soft else []
        project.soft = before
        self._leaves = _leaves(project.edges[start:])

    def over(self) -> Work:
        """The work inside when all nodes of the round ran."""
        return self.inside.at_the_end()

    def end(self, output: Sequence[str], lines: str, reads: Iterable[str]) -> None:
        """The next state: `output` is the selector of a round's result, `lines` set `item` and `more`.

        They may use `index` (of the next round), `state` and `variables`; `reads` are blocks that they read.
        """
        over = self.over()
        result = over.of(self.node, list(output)) if output else None
        now = {key: over.variable(name, over.before(self.node)) for name, key in self._keys.items()}
        said = self.inside.answers
        parts = [block for when, name in self._parts for block in (*when, name)]
        end = RoundEnd(
            self.state,
            result.python if result else "None",
            {key: found.python for key, found in now.items()},
            said,
            self._parts,
            text_of(self.node.data, "error_handle_mode") == "remove-abnormal-output",
            lines,
        )
        blocks = [found.block for found in (*now.values(), *([result] if result else []))]
        given = unique([self.state, *reads, *blocks, *said, *parts, *self._leaves])
        ends = EdgeEnds(given, [self.next], [self.state])
        self._edge(f"{self.next} state", "code", ends, {"code": end.code})

    def close(self, most: int) -> None:
        """The `loop` edge; variables from outside that were set, and what was said, are known outside then."""
        config: Object = {"max_iterations": most, "while": [_is_more(self.next)]}
        self._edge(f"{self.state} again", "loop", EdgeEnds([self.next], [self.state]), config)
        self.outside.gates.setdefault((self.node.id, ""), self.next)
        for name in self._keys:
            if name[0] != self.node.id:
                block = self._part(self.path_of(name), name[1])
                self.outside.assigned.setdefault(name, []).append((self.node.id, block))
        if self.inside.answers:
            self.outside.answers.append(self._part(("said",), f"{self.node.title} said"))

    def _part(self, path: tuple[str, ...], title: str) -> str:
        project = self.outside.project
        name = project.block(project.new_id(title, "part"), "structured")
        content = ValueReference(self.next, path).placeholder
        ends = EdgeEnds([self.next], [name], self.outside.when(self.node))
        project.edge(name, "modify", ends, {"modify_type": "copy", "content": content})
        return name

    def _edge(self, name: str, type_: str, ends: EdgeEnds, config: Object) -> None:
        project = self.outside.project
        project.edge(project.new_id(name), type_, ends, config)


def _is_more(block: str) -> Object:
    return {"block": block, "path": "more", "condition": "is", "parameters": {"value": True}}


def carried_variables(node: Node, work: Work) -> list[VariableName]:
    """The variables from outside that nodes in a container set."""
    found: dict[VariableName, None] = {}
    for one in work.app.below(node.id):
        for change in changes_of(one) if one.type == "assigner" else ():
            selector = selector_of(change.get("variable_selector"))
            name = (selector[0], selector[1]) if len(selector) > 1 else ("", "")
            if name[0] != node.id and work.is_variable(name):
                found[name] = None
    return list(found)


def _leaves(edges: Sequence[Object]) -> list[str]:
    """Blocks that some of these edges write and none of them reads."""
    read = {block for edge in edges for key in ("source", "when") for block in _ids(edge.get(key))}
    written = [block for edge in edges if edge["type"] != "loop" for block in _ids(edge["target"])]
    return [block for block in unique(written) if block not in read]


def _ids(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
