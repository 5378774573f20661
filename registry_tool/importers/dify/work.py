"""What builders of nodes work with: references, texts, gates of branches, and the manifest under way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import App, Node
from registry_tool.importers.dify.project import EdgeEnds, Project
from registry_tool.importers.dify.references import (
    AT,
    Text,
    ValueReference,
    literal,
    pieces,
    selector_of,
    unique,
)
from registry_tool.importers.imported import Loss, NodeStatus

_FILLED_BY_CALLER: Final[dict[str, tuple[str, Value]]] = {
    "query": ("string", None),
    "files": ("array", []),
    "dialogue_count": ("number", 0),
}
"""What Dify's `sys` holds that a caller gives here: type and default (None: required). The others are texts."""


class NotRunnableError(Exception):
    """A node that no edge of ours does; its words say why, and what would."""


@dataclass(frozen=True, slots=True)
class NodeStep:
    """One edge that does what a node does: `fields` are the node's outputs as paths in the edge's value."""

    type: str
    config: Object
    reads: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    target: str = "text"
    schema: Frozen = field(default_factory=dict)
    status: NodeStatus = NodeStatus.RUNS
    why: str = ""


@dataclass(slots=True)
class Work:
    """The state of one import, and the place (`control`) whose nodes are built now.

    `outputs` are nodes' values by node and field, `gates` the blocks that are there where a node ran (`""`) or a
    way was taken (its handle), `assigned` new values of the conversation's variables with the nodes that set them,
    `removed` secrets of the export, `inner` the fields of nodes in iterations.
    """

    app: App
    project: Project
    control: Control
    outputs: dict[str, dict[str, ValueReference]] = field(default_factory=dict)
    gates: dict[tuple[str, str], str] = field(default_factory=dict)
    assigned: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    system: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    joined: dict[tuple[str, ...], str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    inner: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def inside(self, control: Control) -> Work:
        """The same import at the nodes of an iteration."""
        return replace(self, control=control)

    def of(self, node: Node, selector: Value | Sequence[str]) -> ValueReference:
        """What a selector stands for where a node reads it; an empty block where it stands for nothing."""
        steps = selector_of(list(selector) if isinstance(selector, tuple) else selector)  # type: ignore[arg-type]
        owner, rest = (steps[0] if steps else ""), steps[1:]
        if owner == "sys":
            return ValueReference(self._system(rest[0] if rest else "query")).below(rest[1:])
        if owner in {"env", "environment"} and rest:
            return self._environment(node, rest[0]).below(rest[1:])
        if owner == "conversation" and rest:
            return ValueReference(self.conversation(rest[0], self.control.before(node))).below(
                rest[1:]
            )
        known = self.outputs.get(owner)
        if known is None or not rest:
            self.lose(
                node,
                f"a reference to {'.'.join(steps) or 'nothing'}",
                "no node before it has it; it is empty",
            )
            return ValueReference(self.project.nothing())
        if rest[0] in known:
            return known[rest[0]].below(rest[1:])
        if "" in known:
            return known[""].below(rest)
        self.lose(
            node,
            f"a reference to {'.'.join(steps)}",
            "that node gives no such value here; it is empty",
        )
        return ValueReference(self.project.nothing())

    def text(self, node: Node, template: str) -> Text:
        """A text of Dify with `{{#…#}}` as ours."""
        result, reads = "", list[str]()
        for piece in pieces(template):
            if isinstance(piece, str):
                result += literal(piece)
                continue
            found = self.of(node, piece)
            result += found.placeholder
            reads.append(found.block)
        return Text(result, unique(reads))

    def lose(self, node: Node, what: str, why: str) -> None:
        """Report something of a node that does not come along; once."""
        loss = Loss(f"nodes.{node.id} ({node.title or node.type})", what, why)
        if loss not in self.project.losses:
            self.project.losses.append(loss)

    def when(self, node: Node) -> tuple[str, ...]:
        """The blocks by which a node runs; none where it always does."""
        found = []
        for wire in self.control.leads_here(node):
            gate = self.gates.get((wire.source, wire.handle)) or self.gates.get((wire.source, ""))
            found += [gate] if gate else []
        return unique(found)

    def add(self, node: Node, step: NodeStep, *, stem: str = "") -> str:
        """An edge and its target for a step of a node; what others read of the node is known then."""
        name = self.project.new_id(stem, node.title, node.type)
        schema: Object = {"schema": dict(step.schema)} if step.schema else {}
        self.project.block(name, step.target, node.title, **schema)
        self.project.edge(
            name, step.type, EdgeEnds(step.reads, [name], self.when(node)), step.config
        )
        self.gates.setdefault((node.id, ""), name)
        self.outputs[node.id] = {
            key: ValueReference(name, path) for key, path in step.fields.items()
        }
        return name

    def compute(
        self, node: Node, code: str, reads: Sequence[str], *, stem: str, target: str = "structured"
    ) -> str:
        """An edge of generated Python, and its target."""
        name = self.project.new_id(stem, node.title, node.type)
        self.project.block(name, target)
        self.project.edge(name, "code", EdgeEnds(reads, [name], self.when(node)), {"code": code})
        return name

    def conversation(self, name: str, before: frozenset[str]) -> str:
        """The block that holds a conversation's variable after the assigners in `before` ran."""
        given = self._given(name)
        written = [block for node, block in self.assigned.get(name, []) if node in before]
        if not written:
            return given
        chain = (*reversed(written), given)
        if chain not in self.joined:
            block = self.project.new_id(f"{name}-now", "variable-now")
            self.project.block(block, "structured")
            self.project.edge(
                block,
                "code",
                EdgeEnds(chain, [block]),
                {"code": first_of([ValueReference(b) for b in chain])},
            )
            self.joined[chain] = block
        return self.joined[chain]

    def _given(self, name: str) -> str:
        key = f"conversation.{name}"
        if key not in self.constants:
            about = next((v for v in self.app.conversation if v.get("name") == name), {})
            block = self.project.new_id(name, "variable")
            self.project.block(block, "structured", name)
            default = about.get("value") if about.get("value") is not None else ""
            self.project.input(
                name,
                "any",
                block,
                default=default,
                description="The conversation's variable, as it was after the last turn.",
            )
            self.constants[key] = block
        return self.constants[key]

    def _system(self, name: str) -> str:
        if name not in self.system:
            type_, default = _FILLED_BY_CALLER.get(name, ("string", ""))
            block = self.project.new_id(name, "system")
            self.project.block(block, "text" if type_ == "string" else "structured")
            more: Object = {"required": True} if default is None else {"default": default}
            self.project.input(name, type_, block, **more)
            self.system[name] = block
        return self.system[name]

    def _environment(self, node: Node, name: str) -> ValueReference:
        key = f"env.{name}"
        about = next((v for v in self.app.environment if v.get("name") == name), {})
        secret = about.get("value_type") == "secret"
        if key not in self.constants:
            block = self.project.new_id(name, "environment")
            value = "" if secret else about.get("value", "")
            self.project.block(
                block, "text" if isinstance(value, str) else "structured", name, value=value
            )
            self.constants[key] = block
        if secret:
            self.lose(
                node,
                f"the secret {name}",
                "a manifest holds none, so it is empty here; http edges take secrets by `auth`",
            )
        return ValueReference(self.constants[key])


def first_of(references: Sequence[ValueReference]) -> str:
    """Python that gives the first of some values that is there."""
    lines = "".join(f"        {one.python},\n" for one in references)
    chosen = "next((one for one in found if one is not None), None)"
    return f"{AT}\n\ndef main(inputs):\n    found = [\n{lines}    ]\n    return {chosen}\n"


NodeStepBuilder = Callable[[Node, Work], NodeStep]
