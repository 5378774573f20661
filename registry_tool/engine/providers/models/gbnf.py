"""A JSON Schema → a GBNF grammar for the embedded model (docs/adr/0006).

The runtime's own schema support lets a small model fill pages with white space and ignores number ranges, so
this one writes compact JSON with bounded strings, lists and digits. It covers what manifests use (type,
properties, items, enum, const, minimum, maximum, maxLength, minItems, maxItems, anyOf, oneOf); a keyword that a
grammar can't say is left to the check of the answer.
"""

from __future__ import annotations

import json
import math
from typing import cast

from registry_tool.core.values import Frozen, Object, Value

_LONGEST_STRING = 400
_LONGEST_LIST = 12
_DEEPEST = 4

_RULES = r"""
char ::= [^"\\\x00-\x1F] | "\\" ["\\/bfnrt]
string ::= "\"" char{0,200} "\""
boolean ::= "true" | "false"
null ::= "null"
digits ::= "0" | [1-9] [0-9]{0,8}
integer ::= "-"? digits
number ::= "-"? digits ("." [0-9]{1,4})?
"""


def grammar(schema: Frozen) -> str:
    """The GBNF text whose language is JSON of the schema's shape."""
    made = _Grammar()
    root = made.of(schema, 0)
    own = "".join(f"{name} ::= {rule}\n" for name, rule in made.rules.items())
    return f"root ::= {root}\n{own}{_any_rules()}{_RULES.lstrip()}"


def _any_rules() -> str:
    """`any0` (scalars) to `anyN`: values of bounded depth."""
    scalar = "string | number | boolean | null"
    rules = [f"any0 ::= {scalar}"]
    for depth in range(1, _DEEPEST + 1):
        below = f"any{depth - 1}"
        rules.append(
            f'object{depth} ::= "{{" (string ":" {below} ("," string ":" {below}){{0,7}})? "}}"'
        )
        rules.append(f'array{depth} ::= "[" ({below} ("," {below}){{0,7}})? "]"')
        rules.append(f"any{depth} ::= object{depth} | array{depth} | {scalar}")
    return "\n".join(rules) + "\n"


class _Grammar:
    """Writes rules; `rules` holds those of list items by name.

    llama.cpp multiplies repetitions inside repetitions and refuses more than 2,000; a named rule counts as one.
    """

    def __init__(self) -> None:
        self.rules: dict[str, str] = {}

    def of(self, schema: Frozen, depth: int) -> str:
        if "const" in schema:
            return _literal(schema["const"])
        if isinstance(schema.get("enum"), list):
            return _either([_literal(item) for item in cast(list[Value], schema["enum"])])
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                return _either([self.of(s, depth) for s in cast(list[Object], schema[key])])
        kind = schema.get("type")
        if isinstance(kind, list):
            return _either([self.of({**schema, "type": one}, depth) for one in kind])
        if kind is None:
            kind = next((t for k, t in _IMPLIED.items() if k in schema), None)
        return self._typed(str(kind), schema, depth)

    def _typed(self, kind: str, schema: Frozen, depth: int) -> str:
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "string":
                return _string(schema)
            case "number" | "integer":
                return _number(schema, whole=kind == "integer")
            case "boolean" | "null":
                return kind
            case _:
                return f"any{max(_DEEPEST - depth, 0)}"

    def _object(self, schema: Frozen, depth: int) -> str:
        properties = cast(dict[str, Object], schema.get("properties") or {})
        if not properties:
            return f"object{max(_DEEPEST - depth, 1)}"
        parts = [
            f"{_literal(name)} {_text(':')} {self.of(below, depth + 1)}"
            for name, below in properties.items()
        ]
        return f"({_text('{')} {_COMMA.join(parts)} {_text('}')})"

    def _array(self, schema: Frozen, depth: int) -> str:
        least = int(cast(int, schema.get("minItems", 0)))
        most = int(cast(int, schema.get("maxItems", max(_LONGEST_LIST, least))))
        item = self.of(cast(Object, schema.get("items") or {}), depth + 1)
        if most == 0:
            return _text("[]")
        if "{" in item:
            name = f"item{len(self.rules)}"
            self.rules[name] = item
            item = name
        rest = f"({_text(',')} {item}){{{max(least - 1, 0)},{most - 1}}}"
        inner = f"{item} {rest}"
        return f"({_text('[')} {inner if least else f'({inner})?'} {_text(']')})"


_COMMA = ' "," '
_IMPLIED = {"properties": "object", "items": "array", "minimum": "number", "maximum": "number"}


def _either(choices: list[str]) -> str:
    return f"({' | '.join(choices)})"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _literal(value: Value) -> str:
    return _text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _string(schema: Frozen) -> str:
    most = min(int(cast(int, schema.get("maxLength", _LONGEST_STRING))), _LONGEST_STRING)
    least = min(int(cast(int, schema.get("minLength", 0))), most)
    return f'("\\"" char{{{least},{most}}} "\\"")'


def _number(schema: Frozen, *, whole: bool) -> str:
    """Sign and digits that fit the range; the check of the answer does the rest."""
    low = _bound(schema, "minimum", "exclusiveMinimum")
    high = _bound(schema, "maximum", "exclusiveMaximum")
    if low is None or high is None:
        return "integer" if whole else "number"
    sign = '"-"' if high < 0 else ('"-"?' if low < 0 else "")
    most = max(abs(low), abs(high))
    if most <= 1 and not whole:
        return f'({sign} ("0" ("." [0-9]{{1,2}})? | "1" (".0")?))'
    length = len(str(math.floor(most)))
    digits = f'("0" | [1-9] [0-9]{{0,{length - 1}}})' if length > 1 else "[0-9]"
    fraction = "" if whole else ' ("." [0-9]{1,2})?'
    return f"({sign} {digits}{fraction})"


def _bound(schema: Frozen, *keys: str) -> float | None:
    for key in keys:
        value = schema.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None
