"""Assertions on XML: is-xml and contains-xml, with `requiredElements` where some are wanted.

A document type is refused before anything of it is read, so there are no entities to expand and nothing to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from xml.parsers import expat

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions.base import AssertionFormError, options, plain
from registry_tool.manifest.template import as_text

_LONGEST = 1_000_000  # bytes
_DEEPEST = 200
_MOST_STARTS = 100  # places where a fragment may begin
_START = re.compile(rb"<[A-Za-z_][^<>\s/]{0,99}")


class _NotXmlError(Exception):
    pass


class _ClosedError(Exception):
    """The root element is closed; what follows is not looked at."""


@dataclass(frozen=True, slots=True)
class Element:
    """A well-formed piece: the dotted paths of its elements that were asked for, and where it ends in bytes."""

    found: frozenset[str]
    end: int


def parse(data: bytes, required: frozenset[str], *, whole: bool) -> Element:
    """One element at the start of `data`, or all of it; `ValueError` says why it is not one."""
    if len(data) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} bytes")
    parser = expat.ParserCreate("utf-8")
    stack: list[str] = []
    found: set[str] = set()
    lengths = {path.count(".") + 1 for path in required}

    def start(name: str, _attributes: object) -> None:
        stack.append(name)
        if len(stack) > _DEEPEST:
            raise _NotXmlError(f"it is nested deeper than {_DEEPEST}")
        if len(stack) in lengths and (path := ".".join(stack)) in required:
            found.add(path)

    def end(_name: str) -> None:
        stack.pop()
        if not stack and not whole:
            raise _ClosedError

    def refuse(*_: object) -> None:
        raise _NotXmlError("it has a document type, which is not read")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except _ClosedError:
        closed = data.find(b">", parser.CurrentByteIndex) + 1
        return Element(frozenset(found), closed)
    except (_NotXmlError, expat.ExpatError) as error:
        raise ValueError(str(error)) from None
    return Element(frozenset(found), len(data))


def fragments(data: bytes, required: frozenset[str]) -> Iterator[Element]:
    """Every well-formed element in a text that lies in no other one."""
    at = 0
    for _ in range(_MOST_STARTS):
        match = _START.search(data, at)
        if match is None:
            return
        try:
            element = parse(data[match.start() :], required, whole=False)
        except ValueError:
            at = match.end()
        else:
            yield element
            at = match.start() + max(element.end, 1)


def _is_xml(value: Value, form: Frozen) -> str | None:
    required = _asked(form)
    try:
        element = parse(_bytes(value).strip(), required, whole=True)
    except ValueError as error:
        return f"it is not XML: {error}"
    return _lacks(required - element.found)


def _contains_xml(value: Value, form: Frozen) -> str | None:
    required = _asked(form)
    lacking = [
        required - element.found for element in fragments(_bytes(value)[:_LONGEST], required)
    ]
    if not lacking:
        return "no XML element is in it"
    return None if frozenset() in lacking else _lacks(min(lacking, key=len))


def _lacks(missing: frozenset[str]) -> str | None:
    return f"it lacks the element {min(missing)}" if missing else None


def _bytes(value: Value) -> bytes:
    return as_text(value).encode("utf-8", "replace")


def _asked(form: Frozen) -> frozenset[str]:
    paths = options(form, "requiredElements").get("requiredElements", [])
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise AssertionFormError("requiredElements is a list of dotted paths, such as root.child")
    return frozenset(cast(list[str], paths))


IS_XML = plain("is-xml", _is_xml)
CONTAINS_XML = plain("contains-xml", _contains_xml)
