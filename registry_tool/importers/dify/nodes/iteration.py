"""`iteration` nodes: a `map` for each of the nodes inside where these follow one another, else a `loop`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.core.values import Object
from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.reasoning import is_parted
from registry_tool.importers.dify.nodes.rounds import MOST, NodeBuilder, Rounds, carried_variables
from registry_tool.importers.dify.references import ValueReference, selector_of, unique
from registry_tool.importers.dify.work import NodeStep, NodeStepBuilder, Work
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.generated_code import AT
from registry_tool.importers.imported import NodeReport, NotRunnableError
from registry_tool.importers.project import EdgeEnds

_ERRORS: Final = {
    "continue-on-error": "null",
    "remove-abnormal-output": "skip",
    "terminated": "fail",
}
_FLAT: Final = """def flat(found):
    there = [one for one in found if one is not None]
    if not there or not all(isinstance(one, list) for one in there):
        return found
    return [item for one in there for item in one]
"""
_INNER: Final = frozenset({"llm", "code", "template", "http", "search", "retrieve"})


def iteration(
    node: Node, work: Work, steps: Mapping[str, NodeStepBuilder], build: NodeBuilder
) -> str:
    """What `output_selector` names for each item: by `map` where one node follows another, else by rounds."""
    inside = Control(work.app, node.id)
    if not inside.order:
        raise NotRunnableError("nothing stands in it")
    back = work.checkpoint()
    if inside.in_a_row(inside.order) and all(_is_mapped(one, steps) for one in inside.order):
        try:
            return _in_a_row(node, work, inside, steps)
        except NotRunnableError:
            back()
    return _round_by_round(node, work, build)


def _is_mapped(one: Node, steps: Mapping[str, NodeStepBuilder]) -> bool:
    alone = one.type in steps and one.type != "answer" and not is_parted(one)
    return alone and not text_of(one.data, "error_strategy")


def _in_a_row(node: Node, work: Work, inside: Control, steps: Mapping[str, NodeStepBuilder]) -> str:
    row = _Row(node, work, inside)
    for one in inside.order:
        row.add(one, steps[one.type])
    return row.result()


def _round_by_round(node: Node, work: Work, build: NodeBuilder) -> str:
    """One item after the other, by a `loop` edge."""
    if node.data.get("is_parallel") is True:
        work.lose(node, "items at once", "with branches inside, one follows the other")
    found = work.of(node, node.data.get("iterator_selector"))
    rounds = Rounds(node, work)
    rounds.begin(carried_variables(node, work))
    limit = f"an iteration has at most {MOST} items here"
    rounds.first(
        f"    items = {found.python} or []\n"
        f"    if len(items) > {MOST}:\n        raise ValueError({limit!r})\n"
        "    item, more = at(items, 0), bool(items)\n",
        {},
        [found.block],
    )
    work.outputs[node.id] = {
        name: ValueReference(rounds.state, (name,)) for name in ("item", "index")
    }
    soft = _ERRORS.get(text_of(node.data, "error_handle_mode"), "fail") != "fail"
    rounds.build(build, soft=soft)
    rounds.end(
        selector_of(node.data.get("output_selector")),
        f"    items = {found.python} or []\n"
        "    item, more = at(items, index), index < len(items)\n",
        [found.block],
    )
    rounds.close(MOST)
    results = f"at(inputs, {rounds.next!r}, 'results') or []"
    code = f"{AT}\n\n{_FLAT}\n\ndef main(inputs):\n    return {_flat(node)}({results})\n"
    block = work.compute(node, code, [rounds.next], stem=f"{node.title} results")
    work.outputs[node.id] = {"output": ValueReference(block)}
    return block


def _flat(node: Node) -> str:
    """Dify puts lists of lists into one list, unless configured not to."""
    return "list" if node.data.get("flatten_output") is False else "flat"


class _Row:
    """The maps of one iteration: each over a list of the items with what was made of them so far."""

    def __init__(self, node: Node, work: Work, inside: Control) -> None:
        self._node, self._work, self._inner = node, work, work.inside(node, inside)
        self._items = self._listed()
        self._results = ""
        self._of_lists = False
        self._done: list[str] = []

    def add(self, one: Node, build: NodeStepBuilder) -> None:
        """One more node."""
        if self._done:
            self._items = self._together()
        self._tell_names()
        step = build(one, self._inner)
        if step.type not in _INNER:
            raise NotRunnableError(f"a map edge can't do {step.type} with each item")
        if step.why:
            self._work.reports[one.id] = NodeReport(one.id, one.type, step.status, step.why)
        self._results = self._map(one, step)
        self._of_lists = step.target == "structured"
        self._work.inner[one.id] = dict(step.fields)
        self._done.append(one.id)

    def result(self) -> str:
        """The block with the list that the iteration gives."""
        selector = selector_of(self._node.data.get("output_selector"))
        wanted = selector[0] if selector else self._done[-1]
        if wanted not in self._done:
            raise NotRunnableError("its output is not of a node in it")
        fields = self._work.inner[wanted]
        path = (*(fields.get(selector[1], ()) if len(selector) > 1 else ()), *selector[2:])
        block = self._results
        if wanted != self._done[-1]:
            block, path = self._items, (wanted, *path)
        if not path and not self._of_lists:
            self._work.outputs[self._node.id] = {"output": ValueReference(block)}
            self._work.gates.setdefault((self._node.id, ""), block)
            return block
        parts = "".join(f", {step!r}" for step in path)
        each = f"[at(item{parts}) for item in inputs[{block!r}]]"
        code = f"{AT}\n\n{_FLAT}\n\ndef main(inputs):\n    return {_flat(self._node)}({each})\n"
        block = self._work.compute(self._node, code, [block], stem=f"{self._node.title} results")
        self._work.outputs[self._node.id] = {"output": ValueReference(block)}
        self._work.gates.setdefault((self._node.id, ""), block)
        return block

    def _listed(self) -> str:
        found = self._work.of(self._node, self._node.data.get("iterator_selector"))
        if not found.path and not found.name:
            return found.block
        project = self._work.project
        name = project.block(project.new_id(f"{self._node.title} items", "items"), "structured")
        config: Object = {"modify_type": "copy", "content": found.placeholder}
        project.edge(
            name, "modify", EdgeEnds([found.block], [name], self._work.when(self._node)), config
        )
        return name

    def _tell_names(self) -> None:
        """What nodes inside call the item, its position, and each other."""
        item = ValueReference(self._items, name="item")
        self._work.outputs[self._node.id] = {
            "item": item.below(("item",)) if self._done else item,
            "index": ValueReference(self._items, name="index"),
        }
        for before in self._done:
            fields = self._work.inner[before].items()
            self._work.outputs[before] = {key: item.below((before, *path)) for key, path in fields}

    def _map(self, one: Node, step: NodeStep) -> str:
        data, project = self._node.data, self._work.project
        name = project.new_id(f"{one.title} each", f"{one.type} each")
        project.block(name, "structured", one.title)
        parallel = data.get("parallel_nums")
        several = data.get("is_parallel") is True and isinstance(parallel, int) and parallel > 0
        config: Object = {
            "over": self._items,
            "edge": {"type": step.type, "config": step.config},
            "parallel": parallel if several else 1,
            "on_error": _ERRORS.get(text_of(data, "error_handle_mode"), "fail"),
        }
        ends = EdgeEnds(unique([self._items, *step.reads]), [name], self._work.when(self._node))
        project.edge(name, "map", ends, config)
        return name

    def _together(self) -> str:
        """A list of objects: each item with what the nodes before made of it."""
        item = '"item": item' if len(self._done) == 1 else "**item"
        code = (
            "def main(inputs):\n"
            f"    pairs = zip(inputs[{self._items!r}], inputs[{self._results!r}])\n"
            f"    return [{{{item}, {self._done[-1]!r}: result}} for item, result in pairs]\n"
        )
        reads = [self._items, self._results]
        return self._work.compute(self._node, code, reads, stem=f"{self._node.title} so far")
