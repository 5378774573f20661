"""Texts that Python code puts together from constants, and calls that run such texts: nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from registry_tool.core.records import Record
from registry_tool.security.scanning.folding import NotConstantError, fold_constant

_RUNS: Final = frozenset({"exec", "eval", "compile", "__import__"})
_MOST_ITEMS: Final = 5_000
_MOST_NODES: Final = 40  # of what a comprehension does with each item


class AssembledText(Record, frozen=True):
    """A text that code puts together, and the line and column (from 1) of the expression."""

    text: str
    line: int
    column: int


class CodeConstants:
    """What the expressions of a piece of code are worth, each from its parts."""

    def __init__(self, tree: ast.AST) -> None:
        self._nodes = list(_children_first(tree))
        self._names: dict[str, object] = {}
        self._values: dict[int, object] = {}
        for node in self._nodes:
            if isinstance(node, ast.expr):
                self._keep(node)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    self._name(target, node.value)

    def texts(self) -> Iterator[AssembledText]:
        """Every text of an expression that is no literal."""
        for node in self._nodes:
            value = self._values.get(id(node))
            if isinstance(node, ast.expr) and not isinstance(node, ast.Constant | ast.Name):
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                if isinstance(text, str):
                    yield AssembledText(text, node.lineno, node.col_offset + 1)

    def runs(self) -> Iterator[tuple[int, int]]:
        """Line and column of each call that runs as code what is no literal."""
        for node in self._nodes:
            if not isinstance(node, ast.Call) or self._called(node.func) not in _RUNS:
                continue
            if node.args and not isinstance(node.args[0], ast.Constant):
                yield node.lineno, node.col_offset + 1

    def _called(self, function: ast.expr) -> str:
        """The name of what is called, also where a text gives it."""
        match function:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=ast.Name(id="builtins" | "__builtins__"), attr=name):
                return name
            case ast.Call(func=ast.Name(id="getattr"), args=[_, part, *_]):
                return str(self._values.get(id(part), ""))
            case ast.Subscript(slice=part):
                return str(self._values.get(id(part), ""))
        return ""

    def _keep(self, node: ast.expr) -> None:
        try:
            self._values[id(node)] = self._worth(node)
        except NotConstantError:
            return

    def _worth(self, node: ast.expr) -> object:
        if isinstance(node, ast.Name):
            return self._named(node.id)
        if isinstance(node, ast.GeneratorExp | ast.ListComp):
            return self._each(node)
        return fold_constant(node, self._of)

    def _of(self, node: ast.expr) -> object:
        if id(node) not in self._values:
            raise NotConstantError
        return self._values[id(node)]

    def _named(self, name: str) -> object:
        if name not in self._names:
            raise NotConstantError
        return self._names[name]

    def _name(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, part in zip(target.elts, value.elts, strict=False):
                self._name(one, part)
        elif isinstance(target, ast.Name) and id(value) in self._values:
            self._names[target.id] = self._values[id(value)]
        elif isinstance(target, ast.Name):
            self._names.pop(target.id, None)

    def _each(self, node: ast.GeneratorExp | ast.ListComp) -> list[object]:
        """A comprehension of one loop without a condition over a constant."""
        loop = node.generators[0]
        items = self._of(loop.iter)
        if len(node.generators) > 1 or loop.ifs or not isinstance(loop.target, ast.Name):
            raise NotConstantError
        if not isinstance(items, str | bytes | list) or len(items) > _MOST_ITEMS:
            raise NotConstantError
        if sum(1 for _ in ast.walk(node.elt)) > _MOST_NODES:
            raise NotConstantError
        return [self._bound(node.elt, loop.target.id, item) for item in items]

    def _bound(self, node: ast.expr, name: str, item: object) -> object:
        if isinstance(node, ast.Name):
            return item if node.id == name else self._named(node.id)
        return fold_constant(node, lambda part: self._bound(part, name, item))


def _children_first(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node behind all of its own, in the order of the text."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, seen = waiting.pop()
        if seen:
            yield node
            continue
        waiting.append((node, True))
        waiting += [(child, False) for child in reversed(list(ast.iter_child_nodes(node)))]
