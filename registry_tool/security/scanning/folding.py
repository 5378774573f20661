"""The value of a Python expression that needs no input, from the values of its parts: nothing of it is run."""

from __future__ import annotations

import ast
import base64
import binascii
import codecs
import zlib
from collections.abc import Callable, Mapping
from typing import Final, cast

_MOST: Final = 20_000  # characters or items of one value
_MOST_WORK: Final = 1_000_000  # characters that a method may have to write
_METHODS: Final = frozenset(
    {
        *("join", "replace", "lower", "upper", "strip", "swapcase", "title", "removeprefix"),
        *("removesuffix", "encode", "decode", "hex", "split"),
    }
)
_CODECS: Final = frozenset(
    {"rot13", "rot_13", "hex", "hex_codec", "base64", "utf-8", "ascii", "utf8"}
)
ValueOf = Callable[[ast.expr], object]
"""Gives the value of a part, or raises `NotConstantError`."""


class NotConstantError(Exception):
    """Only a run would tell."""


def fold_constant(node: ast.expr, of: ValueOf) -> object:
    """The value of an expression; `NotConstantError` where it has inputs, is too large, or of an unknown kind."""
    try:
        value = _value(node, of)
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, zlib.error):
        raise NotConstantError from None  # a run would fail, too
    if isinstance(value, str | bytes | list) and len(value) > _MOST:
        raise NotConstantError
    return value


def _value(node: ast.expr, of: ValueOf) -> object:
    match node:
        case ast.Constant(value=str() | bytes() | int() as value):
            return value
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [of(part) for part in parts]
        case ast.JoinedStr(values=parts):
            return "".join(_plain(of(part)) for part in parts)
        case ast.FormattedValue(value=inner):
            return of(inner)
        case ast.BinOp(left=left, op=op, right=right):
            return _joined(of(left), type(op), of(right))
        case ast.Subscript(value=whole, slice=part):
            return _part(of(whole), part, of)
        case ast.Call(func=function, args=arguments, keywords=[]):
            return _called(function, arguments, of)
    raise NotConstantError


def _plain(value: object) -> str:
    """A text or number as text; lists of lists can be very long ones."""
    if not isinstance(value, str | int):
        raise NotConstantError
    return str(value)


def _joined(left: object, op: type[ast.operator], right: object) -> object:
    if isinstance(left, int) and isinstance(right, int):
        return _OPERATORS[op](left, right)
    if op is ast.Add and type(left) is type(right) and isinstance(left, str | bytes | list):
        return cast(str, left) + cast(str, right)
    raise NotConstantError


_OPERATORS: Final[Mapping[type[ast.operator], Callable[[int, int], int]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.BitXor: lambda a, b: a ^ b,
    ast.Mod: lambda a, b: a % b,
}


def _part(whole: object, part: ast.expr, of: ValueOf) -> object:
    if not isinstance(whole, str | bytes | list):
        raise NotConstantError
    if isinstance(part, ast.Slice):
        ends = (part.lower, part.upper, part.step)
        return whole[slice(*(None if end is None else _number(end, of) for end in ends))]
    return whole[_number(part, of)]


def _number(node: ast.expr, of: ValueOf) -> int:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(node.operand, of)
    value = of(node)
    if not isinstance(value, int):
        raise NotConstantError
    return value


def _called(function: ast.expr, arguments: list[ast.expr], of: ValueOf) -> object:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name == "map" and isinstance(arguments[0], ast.Name):
        items = cast(list[object], of(arguments[1]))
        return [_FUNCTIONS[arguments[0].id](item) for item in items]
    values = [of(argument) for argument in arguments]
    if name == "decode" and _is_module(function, "codecs"):
        return _decoded(*values)
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](*values)
    if name not in _METHODS or not isinstance(function, ast.Attribute):
        raise NotConstantError
    owner = of(function.value)
    if not isinstance(owner, str | bytes) or _size(owner) * _size(values) > _MOST_WORK:
        raise NotConstantError
    return getattr(owner, name)(*values)


def _size(value: object) -> int:
    """Characters, those of a list's items together."""
    if isinstance(value, list):
        return 1 + sum(map(_size, value))
    return 1 + len(value) if isinstance(value, str | bytes) else 1


def _is_module(function: ast.expr, name: str) -> bool:
    owner = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == name


def _decoded(data: object, codec: object = "utf-8") -> object:
    if not isinstance(codec, str) or codec not in _CODECS:
        raise NotConstantError
    return codecs.getdecoder(codec)(cast(bytes, data))[0]


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, _MOST + 1)


_FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "chr": chr,
    "ord": ord,
    "str": _plain,
    "int": int,
    "bytes": lambda value, *_: bytes(value if isinstance(value, list) else value.encode()),
    "bytearray": lambda value, *_: bytes(value if isinstance(value, list) else value.encode()),
    "list": list,
    "reversed": lambda value: list(reversed(value)),
    "fromhex": bytes.fromhex,
    "unhexlify": binascii.unhexlify,
    "b64decode": base64.b64decode,
    "urlsafe_b64decode": base64.urlsafe_b64decode,
    "b32decode": base64.b32decode,
    "decompress": _inflated,
}
