"""What builders of nodes work with: references, texts, gates of branches, and the manifest under way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.checkpoint import kept
from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import App, Node
from registry_tool.importers.dify.references import (
    Text,
    ValueReference,
    can_be_named,
    first_of,
    literal,
    pieces,
    selector_of,
    selectors_of,
    unique,
)
from registry_tool.importers.imported import Loss, NodeReport, NodeStatus
from registry_tool.importers.project import EdgeEnds, Project

_FILLED_BY_CALLER: Final[dict[str, tuple[str, Value]]] = {
    "query": ("string", None),
    "files": ("array", []),
    "dialogue_count": ("number", 0),
}
"""What Dify's `sys` holds that a caller gives here: type and default (None: required). The others are texts."""


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
    on_error: Value = None


VariableName = tuple[str, str]
"""`conversation` or a loop's node, and the variable's own name."""


@dataclass(slots=True)
class Work:
    """The state of one import, and the place (`control`) whose nodes are built now.

    `outputs` are nodes' values by node and field, `gates` the blocks that are there where a node ran (`""`) or a
    way was taken (its handle), `removed` secrets of the export, `inner` the fields of nodes in iterations,
    `selected` what nodes read of one another, once somebody asked, `files` what comes along beside the manifest.

    In an iteration or loop `around` is the work outside and its node, `entry` are the blocks by which a round
    runs, `ended` says that the round is over. `held` are the variables that a round is given, `assigned` new
    values of variables with the nodes that set them, `answers` what was said, all of this place.
    """

    app: App
    project: Project
    control: Control
    outputs: dict[str, dict[str, ValueReference]] = field(default_factory=dict)
    gates: dict[tuple[str, str], str] = field(default_factory=dict)
    assigned: dict[VariableName, list[tuple[str, str]]] = field(default_factory=dict)
    held: dict[VariableName, ValueReference] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    around: tuple[Work, Node] | None = None
    entry: tuple[str, ...] = ()
    ended: bool = False
    reports: dict[str, NodeReport] = field(default_factory=dict)
    system: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    joined: dict[tuple[ValueReference, ...], str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    inner: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    selected: set[tuple[str, ...]] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)

    def inside(self, node: Node, control: Control, entry: tuple[str, ...] = ()) -> Work:
        """The same import at the nodes of an iteration or loop."""
        here = replace(self, control=control, around=(self, node), entry=entry, ended=False)
        here.assigned, here.held, here.answers = {}, {}, []
        return here

    @property
    def depth(self) -> int:
        """How many iterations and loops are around."""
        return 0 if self.around is None else self.around[0].depth + 1

    def checkpoint(self) -> Callable[[], None]:
        """What takes everything back that is added from now on."""
        project = self.project.checkpoint()
        own = kept(
            *(self.outputs, self.gates, self.assigned, self.system, self.constants, self.joined),
            *(self.removed, self.inner, self.reports, self.answers),
        )

        def back() -> None:
            project()
            own()

        return back

    def of(self, node: Node, selector: Value | Sequence[str]) -> ValueReference:
        """What a selector stands for where a node reads it; an empty block where it stands for nothing."""
        steps = selector_of(list(selector) if isinstance(selector, tuple) else selector)  # type: ignore[arg-type]
        found = self._value(node, steps)
        whole = not found.path or bool(found.name)  # or an item of what the block holds
        if whole or self.project.has_parts(found.block, found.path[0]):
            return found
        self.lose(
            node, f"a reference to {'.'.join(steps)}", "that input has no such part; it is empty"
        )
        return ValueReference(self.project.nothing())

    def _value(self, node: Node, steps: tuple[str, ...]) -> ValueReference:
        owner, rest = (steps[0] if steps else ""), steps[1:]
        if rest and rest[0].startswith("sys."):  # as first versions write it, of the start
            owner, rest = "sys", (rest[0].removeprefix("sys."), *rest[1:])
        if owner == "sys":
            return ValueReference(self._system(rest[0] if rest else "query")).below(rest[1:])
        if owner in {"env", "environment"} and rest:
            return self._environment(node, rest[0]).below(rest[1:])
        if rest and self.is_variable((owner, rest[0])):
            return self.variable((owner, rest[0]), self.before(node)).below(rest[1:])
        known = self.outputs.get(owner)
        if known is None or not rest or not all(map(can_be_named, rest)):
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

    def is_known(self, selector: Sequence[str]) -> bool:
        """Whether a list of texts leads to a node or a variable, and is not a list of other things."""
        owners = {"sys", "env", "environment", "conversation", *self.outputs}
        return len(selector) > 1 and selector[0] in owners

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
        strict = self.project.soft is not None and bool(self.entry)
        for wire in self.control.into(node) if strict else self.control.leads_here(node):
            gate = self.gates.get((wire.source, wire.handle)) or self.gates.get((wire.source, ""))
            found += [gate] if gate else []
        return unique(found) or self.entry

    def add(self, node: Node, step: NodeStep, *, stem: str = "") -> str:
        """An edge and its target for a step of a node; what others read of the node is known then."""
        name = self.project.new_id(stem, node.title, node.type)
        schema: Object = {"schema": dict(step.schema)} if step.schema else {}
        self.project.block(name, step.target, node.title, **schema)
        ends = EdgeEnds(step.reads, [name], self.when(node))
        self.project.edge(name, step.type, ends, step.config, step.on_error)
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

    def is_variable(self, name: VariableName) -> bool:
        """Whether this is a variable of the conversation, or of a loop around."""
        if name[0] == "conversation" or name in self.held:
            return True
        return self.around is not None and self.around[0].is_variable(name)

    def variable(self, name: VariableName, before: frozenset[str]) -> ValueReference:
        """What holds a variable after the assigners in `before` ran."""
        chain: tuple[ValueReference, ...] = ()
        for node, block in reversed(self.assigned.get(name, [])):
            if node in before:
                chain += (ValueReference(block),)
                if self._always(node):
                    break
        else:
            chain += (self._held(name),)
        if len(chain) == 1:
            return chain[0]
        if chain not in self.joined:
            block = self.project.new_id(f"{name[1]}-now", "variable-now")
            self.project.block(block, "structured")
            reads = unique([one.block for one in chain])
            self.project.edge(block, "code", EdgeEnds(reads, [block]), {"code": first_of(chain)})
            self.joined[chain] = block
        return ValueReference(self.joined[chain])

    def _always(self, name: str) -> bool:
        """Whether a node of this place runs and gives its value, whatever ways are taken."""
        node = self.control.nodes.get(name)
        sure = node is not None and not self.control.leads_here(node)
        return sure and self.project.soft is None

    def _held(self, name: VariableName) -> ValueReference:
        if name in self.held:
            return self.held[name]
        if self.around is not None:
            outside, node = self.around
            return outside.variable(name, outside.before(node))
        return ValueReference(self._given(name[1]))

    def at_the_end(self) -> Work:
        """The same place when all its nodes ran."""
        return replace(self, ended=True)

    def before(self, node: Node) -> frozenset[str]:
        """The nodes of this place that ran before one."""
        return frozenset(self.control.nodes) if self.ended else self.control.before(node)

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


def is_read(node: Node, name: str, work: Work) -> bool:
    """Whether some node reads a field of this one."""
    if not work.selected:
        for one in work.app.nodes.values():
            work.selected.update(selector[:2] for selector in selectors_of(dict(one.data)))
        work.selected.add(("", ""))
    return (node.id, name) in work.selected


NodeStepBuilder = Callable[[Node, Work], NodeStep]
