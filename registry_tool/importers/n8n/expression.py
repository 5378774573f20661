"""Expressions of n8n, `={{ $json.city.toUpperCase() }}`: the part of JavaScript that is translated to Python.

Read are paths into an item (`$json`, `$('Name').item.json`, `$node["Name"].json`, `$input.first().json`),
literals, lists and objects, operators, `?:`, template literals and the methods in `METHODS`. Anything else is a
`ForeignExpressionError` with the words that aren't read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from registry_tool.importers.n8n.javascript import (
    BINARY,
    FUNCTIONS,
    METHODS,
    OPERATIONS,
    ForeignExpressionError,
    number_of,
    tokens_of,
    unquoted,
)
from registry_tool.importers.n8n.nesting import nests_too_deep

_DEEPEST: Final = 50
_LONGEST: Final = 5000
_MOST_STEPS: Final = 100  # from an item down to a part of it


@dataclass(slots=True)
class Translated:
    """Python of an expression over `item`, `index` and `items`; `path` where it is a plain path into the item.

    `nodes` are other nodes whose items it reads, by the Python name of the function that gives them.
    """

    python: str
    path: tuple[str, ...] | None = None
    nodes: list[str] = field(default_factory=list)


def translated(source: str, outputs_of: Callable[[str], str]) -> Translated:
    """The Python of what stands in `{{ }}`; `outputs_of` gives Python of a node's items by its name."""
    if len(source) > _LONGEST:
        raise ForeignExpressionError("it is too long")
    parser = _Parser(tokens_of(source), outputs_of)
    found = parser.expression()
    if parser.kind:
        raise ForeignExpressionError(f"{parser.word} in it is JavaScript that is not read")
    if nests_too_deep(found.python):
        raise ForeignExpressionError("it is nested too deep")
    return Translated(found.python, found.path, parser.nodes)


@dataclass(frozen=True, slots=True)
class _Part:
    """Python, what kind of thing it gives (a value, an item with `json` below it, items, a named object)."""

    python: str
    kind: str = "value"
    path: tuple[str, ...] | None = None


class _Parser:
    """Recursive descent; every method gives Python."""

    def __init__(
        self, tokens: list[tuple[str, str]], outputs_of: Callable[[str], str], depth: int = 0
    ) -> None:
        self._tokens, self._at, self._depth = tokens, 0, depth
        self._outputs_of = outputs_of
        self.nodes: list[str] = []

    @property
    def kind(self) -> str:
        """The kind of the next token; empty at the end."""
        return self._tokens[self._at][0]

    @property
    def word(self) -> str:
        """The next token."""
        return self._tokens[self._at][1]

    def _take(self) -> str:
        word = self.word
        self._at += 1
        return word

    def _skip(self, sign: str) -> bool:
        if self.kind == "sign" and self.word == sign:
            self._at += 1
            return True
        return False

    def _demand(self, sign: str) -> None:
        if not self._skip(sign):
            raise ForeignExpressionError(f"{self.word} stands in it where {sign} is expected")

    def expression(self) -> _Part:
        """A whole expression, with `?:`."""
        self._go_deeper()
        test = self._binary(0)
        if self._skip("?"):
            yes = self.expression()
            self._demand(":")
            no = self.expression()
            test = _Part(f"({yes.python} if truthy({test.python}) else {no.python})")
        self._depth -= 1
        return test

    def _binary(self, level: int) -> _Part:
        if level == len(BINARY):
            return self._unary()
        left = self._binary(level + 1)
        while self.kind == "sign" and self.word in BINARY[level]:
            sign = self._take()
            left = _Part(OPERATIONS[sign](left.python, self._binary(level + 1).python))
        return left

    def _unary(self) -> _Part:
        if self._skip("!"):
            return _Part(f"(not truthy({self._behind_a_sign()}))")
        if self._skip("-"):
            return _Part(f"(-number({self._behind_a_sign()}))")
        return self._members(self._primary())

    def _behind_a_sign(self) -> str:
        self._go_deeper()
        found = self._unary().python
        self._depth -= 1
        return found

    def _go_deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ForeignExpressionError("it is nested too deep")

    def _primary(self) -> _Part:
        kind, word = self.kind, self._take()
        if kind == "number":
            return _Part(number_of(word))
        if kind == "text":
            return _Part(repr(unquoted(word)))
        if kind == "quasi":
            return self._quasi(word)
        if kind == "name":
            return self._name(word)
        if word == "(":
            found = self.expression()
            self._demand(")")
            return _Part(f"({found.python})")
        if word == "[":
            return _Part(f"[{', '.join(self._listed(']'))}]")
        if word == "{":
            return _Part(f"{{{', '.join(self._pairs())}}}")
        raise ForeignExpressionError(f"{word} in it is not read")

    def _quasi(self, word: str) -> _Part:
        parts = re.split(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}", word[1:-1])
        pieces = []
        for position, part in enumerate(parts):
            if position % 2:
                inner = _Parser(tokens_of(part), self._outputs_of, self._depth + 1)
                pieces.append(f"text({inner.expression().python})")
                if inner.kind:
                    raise ForeignExpressionError(f"{inner.word} in it is not read")
                self.nodes += inner.nodes
            elif part:
                pieces.append(repr(unquoted(f"`{part}`")))
        return _Part(f"({' + '.join(pieces)})" if pieces else "''")

    def _listed(self, end: str) -> list[str]:
        found = []
        while not self._skip(end):
            found.append(self.expression().python)
            if not self._skip(","):
                self._demand(end)
                break
        return found

    def _pairs(self) -> list[str]:
        found = []
        while not self._skip("}"):
            if self.kind not in {"name", "text", "number"}:
                raise ForeignExpressionError(f"{self.word} in it is not read")
            key = unquoted(self.word) if self.kind == "text" else self.word
            self._take()
            self._demand(":")
            found.append(f"{key!r}: {self.expression().python}")
            if not self._skip(","):
                self._demand("}")
                break
        return found

    def _name(self, word: str) -> _Part:
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        if word in {"$", "$node", "$items"}:
            return self._other(word)
        if word == "$input":
            return _Part("items", "input")
        dotted = f"{word}.{self._take()}" if f"{word}." in _HOLDERS and self._skip(".") else word
        if dotted in FUNCTIONS:
            self._demand("(")
            return _Part(f"{FUNCTIONS[dotted]}({', '.join(self._listed(')'))})")
        raise ForeignExpressionError(f"{dotted} in it is not read")

    def _other(self, word: str) -> _Part:
        end = "]" if word == "$node" else ")"
        self._demand("[" if word == "$node" else "(")
        if self.kind != "text":
            raise ForeignExpressionError(f"{word} without a node's name is not read")
        name = unquoted(self._take())
        self._demand(end)
        self.nodes.append(name)
        items = self._outputs_of(name)
        if word == "$node":
            return _Part(f"paired({items}, index, len(items))", "item")
        return _Part(items, "items" if word == "$items" else "input")

    def _members(self, part: _Part) -> _Part:
        for _ in range(_MOST_STEPS):
            if self._skip(".") or self._skip("?."):
                if self._skip("["):
                    part = self._indexed(part)
                    continue
                if self.kind != "name":
                    raise ForeignExpressionError(f"{self.word} in it is not read")
                part = self._member(part, self._take())
            elif self._skip("["):
                part = self._indexed(part)
            else:
                return part
        raise ForeignExpressionError("it goes too deep into an item")

    def _indexed(self, part: _Part) -> _Part:
        plain = self.kind in {"text", "number"} and self._tokens[self._at + 1][1] == "]"
        if plain:
            word = self.word
            key = unquoted(word) if self.kind == "text" else word
            self._take()
            self._demand("]")
            return self._below(part, key)
        inside = self.expression()
        self._demand("]")
        return _Part(f"at({part.python}, {inside.python})")

    def _below(self, part: _Part, key: str) -> _Part:
        if part.kind == "items" and key.isdecimal():
            return _Part(f"at({part.python}, {key!r})", "item")
        if part.kind == "item":
            return self._json(part, key)
        path = None if part.path is None else (*part.path, key)
        if path is not None:
            steps = "".join(f", {step!r}" for step in path)
            return _Part(f"at(item{steps})", path=path)
        return _Part(f"at({part.python}, {key!r})")

    def _json(self, part: _Part, key: str) -> _Part:
        if key != "json":
            raise ForeignExpressionError(f"{key} of an item is not read")
        return _Part(part.python)

    def _member(self, part: _Part, name: str) -> _Part:
        if part.kind == "input":
            return self._of_input(part, name)
        if self._skip("("):
            given = self._listed(")")
            if name not in METHODS:
                raise ForeignExpressionError(f"the method {name} is not read")
            return _Part(f"call({', '.join([part.python, repr(name), *given])})")
        if name == "length":
            return _Part(f"len({part.python} or [])")
        return self._below(part, name)

    def _of_input(self, part: _Part, name: str) -> _Part:
        if self._skip("("):
            self._demand(")")
        here = part.python == "items"
        choices = {
            "item": "item" if here else f"paired({part.python}, index, len(items))",
            "first": f"at({part.python}, '0')",
            "last": f"(({part.python} or [None])[-1])",
        }
        if name == "all":
            return _Part(part.python, "items")
        if name not in choices:
            raise ForeignExpressionError(f"{name} of a node's items is not read")
        return _Part(choices[name], "item")


_HOLDERS: Final = frozenset({"JSON.", "Math.", "Object."})
_CONSTANTS: Final = {
    "true": _Part("True"),
    "false": _Part("False"),
    "null": _Part("None"),
    "undefined": _Part("None"),
    "$json": _Part("item", path=()),
    "$itemIndex": _Part("index"),
    "$runIndex": _Part("0"),
    "$item": _Part("item", "item"),
}
