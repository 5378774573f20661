"""The words of JavaScript that expressions of n8n are read in: tokens, operators, functions and methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

_TOKEN: Final = re.compile(
    r"\s+|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[$A-Za-z_][$\w]*)"
    r"|(?P<text>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")|(?P<quasi>`(?:[^`\\]|\\.)*`)"
    r"|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.|[-+*/%!<>?:.,()\[\]{}])"
)
METHODS: Final = frozenset(
    {
        *("toUpperCase", "toLowerCase", "trim", "toString", "includes", "startsWith", "endsWith"),
        *("split", "join", "replace", "replaceAll", "slice", "concat", "reverse"),
        *("toFixed", "toNumber", "isEmpty", "isNotEmpty", "first", "last"),
    }
)
FUNCTIONS: Final = {
    "JSON.stringify": "stringify",
    "JSON.parse": "json.loads",
    "Number": "number",
    "parseInt": "leading_int",
    "parseFloat": "leading_float",
    "String": "text",
    "Math.round": "rounded",
    "Math.floor": "floored",
    "Math.max": "largest",
    "Math.min": "smallest",
    "Object.keys": "list",
}
"""Python of functions, by their names."""
_NUMBER: Final = re.compile(r"(?:0|[1-9]\d{0,15})(?:\.\d{1,20})?")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f"}
BINARY: Final[Sequence[Sequence[str]]] = (
    ("||", "??"),
    ("&&",),
    ("===", "!==", "==", "!="),
    ("<", ">", "<=", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)
"""Operators, those that bind least first."""


class ForeignExpressionError(Exception):
    """An expression that is not read; its words say what in it."""


def tokens_of(source: str) -> list[tuple[str, str]]:
    """`(kind, word)` of each token, with an end of no kind."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise ForeignExpressionError(f"{source[at]} in it is not read")
        if match.lastgroup:
            found.append((match.lastgroup, match[0]))
        at = match.end()
    return [*found, ("", "its end")]


def unquoted(text: str) -> str:
    """What a literal of JavaScript stands for; `ForeignExpressionError` for characters spelt by number."""
    return re.sub(r"\\(.)", _escaped, text[1:-1], flags=re.S)


def _escaped(found: re.Match[str]) -> str:
    if found[1] in "ux123456789":
        raise ForeignExpressionError(f"{found[0]} in it is not read")
    return _ESCAPES.get(found[1], found[1])


def number_of(word: str) -> str:
    """A number that Python spells alike; `ForeignExpressionError` for others."""
    if not _NUMBER.fullmatch(word):
        raise ForeignExpressionError(f"the number {word[:40]} is not read")
    return word


OPERATIONS: Final[dict[str, Callable[[str, str], str]]] = {
    "||": lambda a, b: f"either({a}, lambda: {b})",
    "??": lambda a, b: f"otherwise({a}, {b})",
    "&&": lambda a, b: f"both({a}, lambda: {b})",
    "===": lambda a, b: f"same({a}, {b})",
    "==": lambda a, b: f"alike({a}, {b})",
    "!==": lambda a, b: f"(not same({a}, {b}))",
    "!=": lambda a, b: f"(not alike({a}, {b}))",
    "<": lambda a, b: f"below({a}, {b})",
    ">": lambda a, b: f"below({b}, {a})",
    "<=": lambda a, b: f"at_most({a}, {b})",
    ">=": lambda a, b: f"at_most({b}, {a})",
    "+": lambda a, b: f"add({a}, {b})",
    "-": lambda a, b: f"(number({a}) - number({b}))",
    "*": lambda a, b: f"(number({a}) * number({b}))",
    "/": lambda a, b: f"(number({a}) / number({b}))",
    "%": lambda a, b: f"remainder({a}, {b})",
}
"""Python of an operator, of the Python of both sides."""
