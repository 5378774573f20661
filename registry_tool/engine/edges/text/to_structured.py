"""Text → list or object, in the editor's five ways (`conversion_mode`)."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.spellings import listed

_CLOSING = {"{": "}", "[": "]"}
_MOST_LITERAL = 200_000  # characters that the Python reader is given


@dataclass(frozen=True, kw_only=True)
class ConversionConfig:
    """The way, and what each of the ways needs."""

    conversion_mode: Literal[
        "wrap_into_dict", "parse_as_json", "parse_as_list", "split_by_length", "split_by_character"
    ] = "wrap_into_dict"
    dict_key: str = "value"
    length_separator: int = 1000
    list_separator: tuple[str, ...] = field(default=(",",), metadata=spelled(form=listed))


def text_to_structured(content: Value, config: ConversionConfig) -> Value:
    """The converted content; empty content, or none that is text, gives an empty object or list."""
    mode = config.conversion_mode
    if not content or not isinstance(content, str):
        return {} if "dict" in mode else []
    return MODES[mode](content, config)


def _wrap(text: str, config: ConversionConfig) -> Value:
    return {config.dict_key or "value": text}


def _as_list(text: str, _: ConversionConfig) -> Value:
    if not text.strip():
        return []
    found, whole = _whole(text.strip())
    if found and whole not in ([], {}, ""):
        return whole if isinstance(whole, list) else [whole]
    return list(_parts(text)) if any(True for _ in _segments(text)) else [text.strip()]


def _as_json(text: str, _: ConversionConfig) -> Value:
    found, whole = _whole(text.strip())
    if found:
        return whole
    counts: dict[str, int] = {}
    named: Object = {}
    for part in _parts(text):
        kind = "list" if isinstance(part, list) else "dict" if isinstance(part, dict) else "text"
        counts[kind] = counts.get(kind, 0) + 1
        named[f"{kind}_{counts[kind]}"] = part
    return named or {"text_1": text.strip()}


def _by_length(text: str, config: ConversionConfig) -> Value:
    size = config.length_separator
    return [text[start : start + size] for start in range(0, len(text), size)]


def _by_character(text: str, config: ConversionConfig) -> Value:
    separators = [s for s in config.list_separator if s]
    return split_at(text, separators) if separators else [text]


def split_at(text: str, separators: Sequence[str]) -> list[Value]:
    """The stripped parts between separators, empty ones left out."""
    pattern = "|".join(map(re.escape, separators))
    return [part.strip() for part in re.split(pattern, text) if part.strip()]


MODES: dict[str, Callable[[str, ConversionConfig], Value]] = {
    "wrap_into_dict": _wrap,
    "parse_as_json": _as_json,
    "parse_as_list": _as_list,
    "split_by_length": _by_length,
    "split_by_character": _by_character,
}


def _whole(text: str) -> tuple[bool, Value]:
    """Whether the text is one JSON or Python value, and that value (Python: lists and objects only).

    JSON first: Python reads the escapes of JSON strings otherwise, an emoji's two halves and `\\/`, say.
    """
    try:
        return True, cast(Value, json.loads(text, parse_constant=_refused, parse_float=_finite))
    except (ValueError, RecursionError):
        return _literal(text)


def _refused(constant: str) -> Value:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    return _plain_number(float(text))


def _plain_number(number: float) -> float:
    """`ValueError` for what is none: JSON has neither NaN nor infinity."""
    if not isfinite(number):
        raise ValueError(f"{number} is not JSON")
    return number


def _literal(text: str) -> tuple[bool, Value]:
    if text[:1] not in _CLOSING or len(text) > _MOST_LITERAL:
        return False, None
    try:
        value = ast.literal_eval(text)
        return (True, _plain(value)) if isinstance(value, dict | list) else (False, None)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False, None


def _plain(value: object) -> Value:
    """A Python literal as JSON; `ValueError` for what JSON has not."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, float):
        return _plain_number(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise ValueError(f"{type(value).__name__} is not JSON")


def _segments(text: str) -> Iterator[tuple[int, int, Value]]:
    """(start, end, value) of every list and object inside a text.

    Brackets are matched by their own kind alone, strings are not looked at: that is how the editor reads.
    """
    position = 0
    while position < len(text):
        if text[position] not in _CLOSING:
            position += 1
            continue
        end = _closing(text, position)
        if end:
            found, value = _whole(text[position:end])
            if found:
                yield position, end, value
        position = end or len(text)


def _closing(text: str, start: int) -> int:
    """Where the bracket at `start` is closed, one past it; 0 where it never is."""
    opening, closing, level = text[start], _CLOSING[text[start]], 0
    for position in range(start, len(text)):
        if text[position] == opening:
            level += 1
        elif text[position] == closing:
            level -= 1
            if level == 0:
                return position + 1
    return 0


def _parts(text: str) -> Iterator[Value]:
    """Values and the stripped texts between them, in order."""
    last = 0
    for start, end, value in _segments(text):
        if before := text[last:start].strip():
            yield before
        yield value
        last = end
    if rest := text[last:].strip():
        yield rest
