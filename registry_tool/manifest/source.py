"""The strict YAML loader: text in, values with line and column out, or findings.

What may pass is JSON written as YAML 1.2: no anchors, aliases, tags, merges, duplicate keys, several
documents, control characters, or scalars that YAML versions read differently (`no`, `1:30`, `010`, `1e3`, dates).
Everything is refused before it is expanded, so no input costs more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml

from registry_tool.core.files import MAX_INTEGER, reads_as_large_integer
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.core.values import Object, Route, Value
from registry_tool.manifest.positions import Document, StateLocation
from registry_tool.manifest.yaml_mistakes import bare_template, explained

MAX_BYTES = 256 * 1024
MAX_DEPTH = 64

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|(?i:nan|[-+]?infinity)")
_AMBIGUOUS = re.compile(
    r"(?i:y|yes|n|no|on|off)|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?|[-+]?0[0-9_]+|"
    r"[-+]?0[xXoObB][0-9a-fA-F_]+|[-+]?(?=[0-9.]*_)\.?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"
)
# What YAML 1.1 reads as a date, and 1.2 as a number (1e3): JSON's writers put a sign before the exponent.
_UNALIKE = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9:. \tZ+-]*)?|[-+]?[0-9]+[eE][0-9]+"
)
_MEANT_IN_1_1 = frozenset({"<<", "="})
"""The merge key and the default value, which YAML 1.1 knows also where they are not keys."""
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_PLAIN_START = frozenset("0123456789+-.~nNtTfFyYoOiI")
_QUOTE = "write it in quotes if a string is meant"
_YES_OR_NO = re.compile(r"(?i:y|yes|n|no|on|off)")


class _Refusal(Exception):  # noqa: N818 - a signal inside this module, never seen outside
    def __init__(self, message: str, line: int, column: int, help: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.help = message, line, column, help


def load_document(data: bytes | str, path: str) -> Document:
    """The one document in `data`, with positions; `FindingsError` (rule `schema`) says why not."""
    text = ""
    try:
        text = _decode(data)
        return _Composer(text, path).document()
    except _Refusal as refusal:
        raise _error(path, refusal.line, refusal.column, refusal.message, refusal.help) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        explanation = explained(text, error.problem or str(error), line, column)
        raise _error(
            path, *(explanation or (line, column, *_reason(error.problem or str(error))))
        ) from None
    except yaml.YAMLError as error:
        raise _error(path, 1, 1, *_reason(str(error).splitlines()[0])) from None


def load_tree(data: bytes | str, path: str) -> Value:
    """Only the values of `load_document`."""
    return load_document(data, path).value


def _reason(problem: str) -> tuple[str, str]:
    """What the parser found, and the fix. Newer ones stop deep nesting before `_Composer` sees it."""
    if "nesting depth" in problem:
        return f"nested more than {MAX_DEPTH} deep", "flatten it"
    return f"not YAML: {problem}", "look at quotes, brackets and indentation just before this place"


def _error(path: str, line: int, column: int, message: str, help: str = "") -> FindingsError:
    return FindingsError([Finding(path, line, column, "schema", Severity.ERROR, message, help)])


def _unambiguous(text: str) -> str:
    """How to write a word or number that YAML versions read differently."""
    if not _YES_OR_NO.fullmatch(text):
        return _QUOTE
    meant = "true" if text.lower() in {"y", "yes", "on"} else "false"
    return f"write {meant}, or the word in quotes if a string is meant"


def _decode(data: bytes | str) -> str:
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _Refusal(
            f"the file has {size} bytes, more than {MAX_BYTES}",
            1,
            1,
            "move long texts into files of the version and load them",
        )
    if isinstance(data, bytes):
        if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
            raise _Refusal("the file starts with a byte order mark", 1, 1, "save it as plain UTF-8")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise _Refusal("the file is not UTF-8", line, 1, "save it as plain UTF-8") from None
    else:
        text = data
    if text.startswith("\ufeff"):
        raise _Refusal("the file starts with a byte order mark", 1, 1, "save it as plain UTF-8")
    if match := CONTROL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        name = f"U+{ord(match[0]):04X}"
        raise _Refusal(f"the control character {name} is not allowed", line, column, "remove it")
    return text


def _is_left_out_behind(key: Any, value: Any) -> bool:
    """No value was written, and the parser puts that behind the key's line, maybe behind the file (`? a`)."""
    left_out = type(value) is yaml.ScalarEvent and not value.style and not value.value
    return left_out and value.start_mark.line != key.start_mark.line


# PyYAML's C parser is ten times faster; wheels carry it. Whoever reads an accepted text again takes it, too: the
# pure one refuses some of what this one takes (`{ label: Done? }`).
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # untyped in the stubs


class _Composer:
    """Events → values and positions, by recursion that is bounded by MAX_DEPTH."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._values: dict[Route, StateLocation] = {}
        self._keys: dict[Route, StateLocation] = {}
        self._events: Iterator[Any] = iter(())  # PyYAML's event classes are untyped

    def document(self) -> Document:
        parser = LOADER(self._text)
        self._events = iter(parser.get_event, None)
        try:
            next(self._events)  # stream start
            event = next(self._events)
            if isinstance(event, yaml.StreamEndEvent):
                raise _Refusal(
                    "the file is empty", 1, 1, "`puppy-cli init NAME` writes a first one"
                )
            value = self._node(next(self._events), (), 0)
            next(self._events)  # document end
            event = next(self._events)
            if not isinstance(event, yaml.StreamEndEvent):
                self._refuse(event, "a second document starts here", "keep one document a file")
        finally:
            parser.dispose()
        return Document(self._path, self._text, value, self._values, self._keys)

    def _refuse(self, event: Any, message: str, help: str = "") -> NoReturn:
        mark = event.start_mark
        raise _Refusal(message, mark.line + 1, mark.column + 1, help)

    def _node(self, event: Any, route: Route, depth: int) -> Value:
        mark = event.start_mark
        self._values[route] = (mark.line + 1, mark.column + 1)
        kind = type(event)
        if kind is yaml.AliasEvent:
            self._refuse(event, f"aliases (*{event.anchor}) are not allowed", "write the value out")
        if event.anchor is not None:
            self._refuse(event, f"anchors (&{event.anchor}) are not allowed", "write the value out")
        if event.tag is not None:
            self._refuse(event, f"the tag {event.tag} is not allowed", "remove the tag")
        if kind is yaml.ScalarEvent:
            return self._scalar(event) if event.implicit[0] else self._quoted(event)
        if depth >= MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} deep", "flatten it")
        if kind is yaml.MappingStartEvent:
            return self._mapping(route, depth + 1)
        return self._sequence(route, depth + 1)

    def _quoted(self, event: Any) -> str:
        """A string in quotes or a block; its escapes must not bring back what the text may not hold."""
        text = str(event.value)
        if event.style == '"' and (match := CONTROL.search(text)):
            name = f"U+{ord(match[0]):04X}"
            self._refuse(event, f"the control character {name} is not allowed", "remove its escape")
        return text

    def _mapping(self, route: Route, depth: int) -> Value:
        result: Object = {}
        while type(event := next(self._events)) is not yaml.MappingEndEvent:
            key = self._key(event, result, route)
            below = (*route, key)
            self._keys[below] = (event.start_mark.line + 1, event.start_mark.column + 1)
            result[key] = self._node(value := next(self._events), below, depth)
            if _is_left_out_behind(event, value):
                self._values[below] = self._keys[below]
        return result

    def _key(self, event: Any, seen: Object, route: Route) -> str:
        if type(event) is yaml.AliasEvent or getattr(event, "anchor", None) is not None:
            self._refuse(event, "anchors and aliases are not allowed", "write the value out")
        if type(event) is not yaml.ScalarEvent:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            if template := bare_template(self._text.split("\n"), line, column):
                raise _Refusal(template[2], template[0], template[1], template[3])
            self._refuse(event, "a key must be a plain string", "write it without brackets")
        if event.tag is not None:
            self._refuse(event, f"the tag {event.tag} is not allowed", "remove the tag")
        key = self._quoted(event)
        if event.implicit[0]:
            if key == "<<":
                self._refuse(event, "merge keys (<<) are not allowed", "write the values out")
            if not isinstance(self._scalar(event), str):
                self._refuse(event, f"the key {key} is not a string", "write it in quotes")
        if key in seen:
            first = self._keys[(*route, key)]
            self._refuse(
                event,
                f"duplicate key {key!r}; first at line {first[0]}",
                "remove one of them",
            )
        return key

    def _sequence(self, route: Route, depth: int) -> Value:
        result: list[Value] = []
        while type(event := next(self._events)) is not yaml.SequenceEndEvent:
            result.append(self._node(event, (*route, len(result)), depth))
        return result

    def _scalar(self, event: Any) -> Value:
        text = str(event.value)
        if text and text[0] not in _PLAIN_START:
            if text in _MEANT_IN_1_1:
                self._refuse(event, f"{text} means different things in YAML 1.1 and 1.2", _QUOTE)
            return text
        if text in _NULL:
            return None
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        if _INTEGER.fullmatch(text):
            return self._integer(event, text)
        if _AMBIGUOUS.fullmatch(text) or _UNALIKE.fullmatch(text):
            self._refuse(
                event, f"{text[:40]} means different things in YAML 1.1 and 1.2", _unambiguous(text)
            )
        if _FLOAT.fullmatch(text):
            return self._float(event, text)
        if _NOT_FINITE.fullmatch(text):
            self._refuse(event, f"{text} is not a number that JSON can carry", _QUOTE)
        return text

    def _integer(self, event: Any, text: str) -> int:
        if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
            self._refuse(event, "an integer beyond 2^53 loses digits in JSON", _QUOTE)
        return int(text)

    def _float(self, event: Any, text: str) -> float:
        number = float(text)
        if number in (float("inf"), float("-inf")):
            self._refuse(event, f"{text[:40]} is too large for JSON", _QUOTE)
        if reads_as_large_integer(number):
            self._refuse(event, "an integer beyond 2^53 loses digits in JSON", _QUOTE)
        return number
